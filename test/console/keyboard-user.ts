import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { hasFocus } from './keyboard.ts';
import type { Visitor } from './open-console.ts';

/** Somebody in front of the console who has a keyboard and nothing else, and hears what is announced. */
export interface KeyboardUser extends Visitor {
  /** Opens an address and waits for the page’s heading. */
  opens(url: string, heading: string | RegExp): Promise<void>;
  /** Tab, or `Shift+Tab`, until something has the focus. */
  goesTo(target: Locator, key?: string): Promise<void>;
  /** Goes to something by Tab and presses a key there. */
  uses(target: Locator, key?: string): Promise<void>;
  /** The same, backwards. */
  usesBefore(target: Locator, key?: string): Promise<void>;
  presses(...keys: string[]): Promise<void>;
  types(text: string): Promise<void>;
  /** Replaces what a field has. */
  fills(field: Locator, text: string, way?: 'Tab' | 'Shift+Tab'): Promise<void>;
  /** Opens a menu and chooses an item of it. */
  chooses(menu: Locator, item: string | RegExp): Promise<void>;
  /** Waits for an announcement, since the page was opened. */
  hears(text: string | RegExp): Promise<void>;
  /** Waits until something has the focus, which comes to it by itself. */
  isAt(target: Locator): Promise<void>;
  /** Waits for the page with this heading, which has the focus, as after following a link. */
  arrivesAt(heading: string | RegExp): Promise<void>;
}

const patience = { timeout: 20_000 };

/** Takes the mouse away. From here on no key is pressed while the focus is lost, and where it does not come back that is an error. */
export async function withoutMouse(visitor: Visitor): Promise<KeyboardUser> {
  const { page } = visitor;
  page.setDefaultTimeout(patience.timeout);
  await page.addInitScript(listenAndWatch);
  const focusIsSomewhere = async (): Promise<void> => {
    const lost = () => page.evaluate((): string | undefined => Reflect.get(window, 'lostFocus')());
    await expect.poll(lost, { ...patience, message: 'where the focus was lost' }).toBe(undefined);
  };

  const user: KeyboardUser = {
    ...visitor,
    async opens(url, heading) {
      await page.goto(url);
      await visitor.reads(heading);
    },
    async goesTo(target, key = 'Tab') {
      // Of some controls what can be seen is drawn beside what has the focus.
      await target.waitFor({ state: 'attached' });
      for (let presses = 0; presses < 200; presses++) {
        if (await hasFocus(target)) return;
        await user.presses(key);
      }
      throw new Error(`${key} never came to ${target}`);
    },
    async uses(target, key = 'Enter') {
      await user.goesTo(target);
      await page.keyboard.press(key);
    },
    async usesBefore(target, key = 'Enter') {
      await user.goesTo(target, 'Shift+Tab');
      await page.keyboard.press(key);
    },
    async presses(...keys) {
      for (const key of keys) {
        await focusIsSomewhere();
        await page.keyboard.press(key);
      }
    },
    async types(text) {
      await focusIsSomewhere();
      await page.keyboard.type(text);
    },
    async fills(field, text, way = 'Tab') {
      await user.goesTo(field, way);
      await page.keyboard.press('ControlOrMeta+A');
      await (text === '' ? page.keyboard.press('Delete') : page.keyboard.type(text));
    },
    async chooses(menu, item) {
      await user.uses(menu);
      const chosen = page.locator('[role="menu"] [role^="menuitem"]').filter({ hasText: item });
      await expect.poll(() => page.evaluate(() => document.activeElement?.role ?? ''), patience).toMatch(/^menuitem/);
      for (let presses = 0; presses < 20 && !(await hasFocus(chosen)); presses++)
        await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
    },
    async hears(text) {
      const said = (): Promise<string[]> => page.evaluate(() => Reflect.get(window, 'announced'));
      const isSaid = (one: string): boolean => (typeof text === 'string' ? one.includes(text) : text.test(one));
      await expect
        .poll(async () => (await said()).some(isSaid), { ...patience, message: `announcement of ${text}` })
        .toBe(true);
    },
    async isAt(target) {
      await target.waitFor({ state: 'attached' });
      await expect.poll(() => whereFocusIs(target), { ...patience, message: `the focus on ${target}` }).toBe('there');
    },
    arrivesAt: (heading) => user.isAt(page.getByRole('heading', { level: 1, name: heading, exact: true })),
  };
  return user;
}

/** `there`, or what has the focus instead. */
const whereFocusIs = (target: Locator): Promise<string | undefined> =>
  target.evaluate((element) => {
    const { activeElement } = document;
    return activeElement === element ? 'there' : activeElement?.outerHTML.slice(0, 200);
  });

/** In the page: keeps what live regions have said, and knows what had the focus when it was lost. */
function listenAndWatch(): void {
  const announced: string[] = [];
  const regions = '[role="status"], [role="alert"], [aria-live="polite"], [aria-live="assertive"]';
  const hear = (node: Node): void => {
    const element = node instanceof Element ? node : node.parentElement;
    const region = element?.closest(regions);
    const within = element?.querySelectorAll(regions) ?? [];
    for (const { textContent } of region ? [region] : within) if (textContent) announced.push(textContent);
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'characterData') hear(target);
      for (const added of addedNodes) hear(added);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });

  let last: Element | null = null;
  let lastKey = '';
  const isUsable = (element: Element): boolean =>
    element.isConnected && !element.matches(':disabled') && element.checkVisibility({ visibilityProperty: true });
  addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) last = target;
  });
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Shift') lastKey = key;
  });
  const lostFocus = (): string | undefined => {
    const now = document.activeElement;
    if (last === null || (now && now !== document.body && isUsable(now))) return undefined;
    // Past the last thing on the page Tab leads to the browser, and from there to the first.
    return lastKey === 'Tab' && isUsable(last) ? undefined : last.outerHTML.slice(0, 200);
  };
  Object.assign(window, { announced, lostFocus });
}

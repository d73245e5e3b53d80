import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsIn } from './axe.ts';
import { type AcmeRockets, cast, openAcmeRockets } from './cast.ts';
import { focusComesTo, hasFocus } from './keyboard.ts';
import type { Visitor } from './open-console.ts';
import { dialogs, openers, type Place, pages } from './places.ts';

let acme: AcmeRockets;
beforeAll(async () => {
  acme = await openAcmeRockets();
});
afterAll(() => acme?.close());

test.each(pages)(
  'axe finds nothing on the page $name, light and dark, on a phone and a large screen',
  async (place) => {
    const visitor = await comesTo(place);
    expect(await findingsIn(visitor.page, [1440, 390])).toEqual([]);
    await visitor.leaves();
  },
);

test.each(dialogs)('axe finds nothing in the dialog or menu $name, light and dark', async (place) => {
  const visitor = await comesTo(place, { width: place.width ?? 1440 });
  await visitor.page.waitForTimeout(300);
  expect(await findingsIn(visitor.page, [place.width ?? 1440])).toEqual([]);
  await visitor.leaves();
});

test.each(pages)(
  'the page $name has a title, landmarks, all of it within reach of Tab, and room at any size',
  async (place) => {
    const visitor = await comesTo(place, {}, false);
    await expectTitleAndLandmarks(visitor.page, place);
    await expectAllReachedByTab(visitor.page);
    // As a window of 1280 at twice its size, and the narrowest that has to do.
    for (const width of [640, 320]) {
      await visitor.page.setViewportSize({ width, height: 800 });
      await visitor.page.waitForTimeout(100);
      const overflow = await visitor.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${width} px`).toBeLessThanOrEqual(0);
    }
    await visitor.leaves();
  },
);

test.each(openers)('the dialog $name takes the focus, keeps it, and gives it back', async ({ url, opener, item }) => {
  const visitor = await acme.window({ as: cast.ada });
  const { page } = visitor;
  await page.goto(url(acme));
  const button = page.getByRole('button', { name: opener }).filter({ visible: true }).first();
  await button.waitFor();
  await page.waitForLoadState('networkidle');
  await button.focus();
  await page.keyboard.press('Enter');
  if (item) {
    const chosen = page.getByRole('menuitem', { name: item });
    await chosen.waitFor();
    await chosen.focus();
    await page.keyboard.press('Enter');
  }
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  const isInside = () => dialog.evaluate((element) => element.contains(document.activeElement));
  await expect.poll(isInside).toBe(true);
  for (const key of ['Tab', 'Shift+Tab'])
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press(key);
      expect(await isInside(), `after ${key}`).toBe(true);
    }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await focusComesTo(button);
  await visitor.leaves();
});

test('the first thing that Tab comes to leads past the navigation', async () => {
  const visitor = await acme.window({ as: cast.ada });
  const { page } = visitor;
  await page.goto(acme.at('people'));
  await visitor.reads('People');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  expect(await hasFocus(skip)).toBe(true);
  expect(await skip.evaluate((link) => link.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  await focusComesTo(page.getByRole('main'));
  await page.keyboard.press('Tab');
  expect(await page.getByRole('main').evaluate((main) => main.contains(document.activeElement))).toBe(true);
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('MAIN');
  await visitor.leaves();
});

test('who follows a link is read the heading of the page they came to', async () => {
  const visitor = await acme.window({ as: cast.ada });
  const { page } = visitor;
  await page.goto(acme.at('people'));
  await visitor.reads('People');
  for (const name of ['Activity', 'Outbox', 'API keys', 'Organization', 'Your access', 'People']) {
    const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name });
    await link.focus();
    await page.keyboard.press('Enter');
    await focusComesTo(page.getByRole('heading', { level: 1, name }));
    expect(await link.getAttribute('aria-current')).toBe('page');
  }
  await visitor.leaves();
});

test('who wants less motion sees none', async () => {
  const visitor = await acme.window({ as: cast.ada, reducedMotion: 'reduce' });
  const { page } = visitor;
  await page.goto(acme.at('own-access'));
  await page.getByRole('button', { name: 'Leave Acme Rockets' }).click();
  await page.getByRole('dialog').waitFor();
  const moving = await page.evaluate(() =>
    document.getAnimations().map((animation) => animation.effect?.getComputedTiming().duration),
  );
  expect(moving.filter((duration) => Number(duration) > 1)).toEqual([]);
  await visitor.leaves();
});

/** Opens a window at a page, and does there what the place is about. */
async function comesTo(place: Place, { width = 1440 } = {}, bypassCSP = true): Promise<Visitor> {
  const visitor = await acme.window({
    ...(place.as !== undefined && { as: place.as }),
    viewport: { width, height: 900 },
    bypassCSP,
  });
  await visitor.page.goto(await place.url(acme));
  await visitor.page.getByRole('heading', { level: 1 }).waitFor();
  await visitor.page.waitForLoadState('networkidle');
  await place.does?.(visitor.page);
  return visitor;
}

async function expectTitleAndLandmarks(page: Page, { as }: Place): Promise<void> {
  const [heading, ...others] = await page.getByRole('heading', { level: 1 }).allInnerTexts();
  expect(others).toEqual([]);
  expect(await page.title()).toContain(heading);
  expect(await page.title()).toMatch(/ · Latchkey$/);
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(await page.getByRole('main').count()).toBe(1);
  if (as === undefined) return;
  expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(1);
  expect(await page.getByRole('complementary', { name: 'Latchkey' }).count()).toBe(1);
}

/** And each of it shows that it has the focus. */
async function expectAllReachedByTab(page: Page): Promise<void> {
  const expected = await rememberControls(page);
  expect(expected.length).toBeGreaterThan(1);
  const reached = new Set<string>();
  for (let presses = 0; presses < expected.length + 30 && reached.size < expected.length; presses++) {
    await page.keyboard.press('Tab');
    const name = await whereFocusIs(page);
    if (name !== undefined) reached.add(name);
  }
  expect([...reached].filter((name) => !expected.includes(name))).toEqual([]);
  expect(expected.filter((name) => !reached.has(name))).toEqual([]);
}

async function findingsIn(page: Page, widths: readonly number[]): Promise<string[]> {
  const findings: string[] = [];
  for (const width of widths)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(250);
      findings.push(...(await violationsIn(page)).map((finding) => `${width} ${colorScheme} ${finding}`));
    }
  return findings;
}

/** What can be used on the page, by a name of our own; how it looks is kept in the page, for {@link whereFocusIs}. */
function rememberControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [
      ...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex]'),
    ].filter(
      (control) =>
        control.tabIndex >= 0 &&
        !control.matches(':disabled, [type="hidden"]') &&
        control.checkVisibility({ visibilityProperty: true }) &&
        !control.closest('[inert]') &&
        // Of radio buttons Tab comes to one.
        !(control instanceof HTMLInputElement && control.type === 'radio' && !control.checked),
    );
    const look = (part: Element | null | undefined, pseudo?: string): string => {
      if (!part) return '';
      const { outline, borderColor, boxShadow, backgroundColor, transform } = getComputedStyle(part, pseudo);
      return [outline, borderColor, boxShadow, backgroundColor, transform].join();
    };
    // The mark may be on what is drawn in place of the control, around it, or over all of its row.
    const looks = (control: Element): string => {
      const around = [control.parentElement, control.parentElement?.parentElement];
      const parts = [control, control.nextElementSibling, ...around, around[1]?.parentElement];
      return parts.map((part) => look(part)).join() + look(control, '::after');
    };
    const before = new Map(
      controls.map((control, index) => {
        const said = control.getAttribute('aria-label') ?? (control.innerText || control.getAttribute('name') || '');
        return [control as Element, { name: `${index} ${control.tagName} ${said.trim()}`, look: looks(control) }];
      }),
    );
    Object.assign(window, {
      whereFocusIs: () => {
        const control = document.activeElement;
        const known = control && before.get(control);
        if (!known) return undefined;
        return looks(control) === known.look ? `${known.name} does not look as if it had the focus` : known.name;
      },
    });
    return [...before.values()].map(({ name }) => name);
  });
}

/** Colours take a moment to change, so who looks the same is looked at again. */
const whereFocusIs = (page: Page): Promise<string | undefined> =>
  page.evaluate(async () => {
    const look = (): string | undefined => Reflect.get(window, 'whereFocusIs')();
    if (look()?.endsWith('had the focus')) await new Promise((resolve) => setTimeout(resolve, 250));
    return look();
  });

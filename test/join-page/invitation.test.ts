import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import {
  declined,
  featuresNamed,
  invitation,
  type JoinSite,
  joined,
  refused,
  type Script,
  startJoinSite,
} from './join-site.ts';
import { type Visit, visit } from './join-visit.ts';

let browser: Browser;
let site: JoinSite;
beforeAll(async () => {
  [browser, site] = await Promise.all([openBrowser(), startJoinSite()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const visits: Visit[] = [];
beforeEach(() => {
  site.requests.length = 0;
});
afterEach(async () => {
  for (const { page, complaints } of visits.splice(0)) {
    await page.context().close();
    expect(complaints).toEqual([]);
  }
});

const token = 'AQABc2VjcmV0-_tokenThatOnlyGraceHas';

async function open(script: Script, options: BrowserContextOptions = {}): Promise<Visit> {
  site.script(token, script);
  const seen = await visit(browser, `${site.origin}/join#${token}`, options);
  visits.push(seen);
  return seen;
}

const posts = () => site.requests.filter(({ method }) => method === 'POST').map(({ url }) => url.split('/').at(-1));

test('says who invites, to what, as whom, with which permissions and until when', async () => {
  const { page, settledHeading } = await open({ inspect: invitation() });
  expect(await settledHeading()).toBe('Ada Lovelace invites you to join Analytical Engines');
  expect(await page.locator('main').ariaSnapshot()).toBe(
    `
- main:
  - heading "Ada Lovelace invites you to join Analytical Engines" [level=1]
  - term: Invitation for
  - definition: grace@example.com
  - term: Open until
  - definition:
    - time: Tuesday, 24 November 2026 at 11:30 CET
  - heading "What you will be able to do" [level=2]
  - term: Contacts
  - definition: View, Export
  - term: Templates
  - definition: View, Export
  - button "Join"
  - button "Decline"
  - status
`.trim(),
  );
});

test('follows the language of the invitation, not of the browser, once it knows it', async () => {
  const french = await open({ inspect: invitation({ locale: 'fr_FR' }) }, { locale: 'en-GB' });
  expect(await french.settledHeading()).toBe('Ada Lovelace vous invite à rejoindre Analytical Engines');
  expect(await french.page.locator('html').getAttribute('lang')).toBe('fr');
  const english = await open({ inspect: invitation({ locale: 'de_DE' }) }, { locale: 'fr-FR' });
  expect(await english.settledHeading()).toBe('Ada Lovelace invites you to join Analytical Engines');
  expect(await english.page.locator('html').getAttribute('lang')).toBe('en');
});

test('a browser whose language is no language tag still reads the invitation', async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'languages', { value: ['en-US@posix', 'en-GB'] });
  });
  const page = await context.newPage();
  site.script(token, { inspect: invitation() });
  await page.goto(`${site.origin}/join#${token}`);
  await page.locator('h1:focus').waitFor();
  expect(await page.locator('time').textContent()).toMatch(/^Tuesday,? 24 November 2026 at/);
  await context.close();
});

test('a long list of permissions shows its beginning, and the rest on demand', async () => {
  const labels = Array.from({ length: 14 }, (_, n) => `Feature ${n + 1}`);
  const access = { owner: false, all_features_access: false, features: featuresNamed(...labels) };
  const { page } = await open({ inspect: invitation({ access }) });
  const last = page.getByText('Feature 14', { exact: true });
  await page.getByText('Feature 5', { exact: true }).waitFor();
  expect(await last.isVisible()).toBe(false);
  await page.getByText('9 more features').click();
  expect(await last.isVisible()).toBe(true);
});

test('the other kinds of access are one sentence each', async () => {
  for (const [access, words] of [
    [{ owner: true, all_features_access: true, features: [] }, /You will be an owner/],
    [{ owner: false, all_features_access: true, features: [] }, /every feature, including those added later/],
    [{ owner: false, all_features_access: false, features: [] }, /Nothing yet/],
  ] as const) {
    const { settledHeading, said } = await open({ inspect: invitation({ access }) });
    await settledHeading();
    expect(await said()).toMatch(words);
  }
});

test('T20 opening the page, looking at it and reloading it accepts nothing', async () => {
  const { page, settledHeading } = await open({ inspect: invitation(), accept: joined() });
  await settledHeading();
  await page.mouse.move(100, 100);
  await page.reload();
  await page.locator('h1:focus').waitFor();
  expect(posts()).toEqual(['inspect', 'inspect']);
  expect(page.url()).toBe(`${site.origin}/join#${token}`);
});

test('T21 the token is only ever in the body of a request to our own server', async () => {
  const requested: string[] = [];
  const seen = await open({ inspect: invitation(), accept: joined({ redirect_url: `${site.origin}/product` }) });
  seen.page.on('request', (request) => requested.push(request.url()));
  await seen.settledHeading();
  await seen.button('Join').click();
  await seen.page.getByRole('link').click();
  await seen.page.getByText('the product').waitFor();
  expect(site.requests.length).toBeGreaterThanOrEqual(8);
  for (const { method, url, headers, body } of site.requests) {
    expect(JSON.stringify([url, headers]), url).not.toContain(token);
    expect(headers.referer, url).toBeUndefined();
    expect(headers.cookie, url).toBeUndefined();
    if (method === 'POST') expect(body).toEqual(url.endsWith('/accept') ? { token, sign_in: true } : { token });
  }
  for (const url of requested) expect(new URL(url).origin).toBe(site.origin);
});

test('joining takes one click, and the way on takes another', async () => {
  const redirect = 'https://app.example.com:8443/welcome?from=invitation';
  const seen = await open({ inspect: invitation(), accept: joined({ redirect_url: redirect }) });
  await seen.button('Join').click();
  await expect.poll(seen.heading).toBe('You’re in');
  const link = seen.page.getByRole('link', { name: 'Continue to app.example.com:8443' });
  expect(await link.getAttribute('href')).toBe(redirect);
  expect(seen.page.url()).toBe(`${site.origin}/join#${token}`);
  expect(posts()).toEqual(['inspect', 'accept']);
});

test('who has joined before gets the way on too', async () => {
  const { page } = await open({ inspect: invitation({ state: 'joined', redirect_url: 'http://app.example.com/' }) });
  expect(await page.getByRole('link', { name: 'Continue to app.example.com' }).getAttribute('href')).toBe(
    'http://app.example.com/',
  );
});

test('T34 only addresses of web pages are offered, shown by the host they really lead to', async () => {
  for (const address of [
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//evil.com',
    '/relative',
    'nonsense',
    '',
    null,
  ]) {
    const seen = await open({ inspect: invitation({ state: 'joined', redirect_url: address }) });
    await seen.settledHeading();
    expect(await seen.page.getByRole('link').count(), String(address)).toBe(0);
    expect(await seen.said()).toContain('You can close this page.');
  }
  const seen = await open({
    inspect: invitation({ state: 'joined', redirect_url: 'https://bank.example@evil.example/' }),
  });
  await seen.page.getByRole('link', { name: 'Continue to evil.example' }).waitFor();
});

test('declining asks once more in the same place, and can be taken back', async () => {
  const seen = await open({ inspect: invitation(), decline: declined() });
  await seen.button('Decline').click();
  expect(await seen.focused()).toBe('Decline this invitation?');
  await seen.button('No, go back').click();
  expect(await seen.focused()).toBe('Decline');
  await seen.button('Decline').click();
  await seen.page.keyboard.press('Escape');
  expect(await seen.focused()).toBe('Decline');
  expect(posts()).toEqual(['inspect']);
  await seen.button('Decline').click();
  await seen.button('Yes, decline').click();
  await expect.poll(seen.heading).toBe('Invitation declined');
  expect(posts()).toEqual(['inspect', 'decline']);
});

test('everything can be reached and done by keyboard alone', async () => {
  const labels = Array.from({ length: 9 }, (_, n) => `Feature ${n + 1}`);
  const access = { owner: false, all_features_access: false, features: featuresNamed(...labels) };
  const seen = await open({ inspect: invitation({ access }), accept: refused(402, 'seat_limit'), decline: declined() });
  const tab = async () => {
    await seen.page.keyboard.press('Tab');
    return seen.focused();
  };
  await seen.settledHeading();
  expect(await tab()).toBe('4 more features');
  await seen.page.keyboard.press('Enter');
  await seen.page.getByText('Feature 9', { exact: true }).waitFor();
  expect(await tab()).toBe('Join');
  expect(await tab()).toBe('Decline');
  await seen.page.keyboard.press('Enter');
  expect(await tab()).toBe('Yes, decline');
  expect(await tab()).toBe('No, go back');
  await seen.page.keyboard.press('Space');
  await seen.page.keyboard.press('Shift+Tab');
  expect(await seen.focused()).toBe('Join');
  await seen.page.keyboard.press('Enter');
  await expect.poll(seen.heading).toBe('Analytical Engines is full');
  expect(await tab()).toBe('Try again');
});

test('a second click while joining sends nothing more, and screen readers hear what is going on', async () => {
  const hold = Promise.withResolvers<void>();
  const seen = await open({ inspect: invitation(), accept: { ...joined(), held: hold.promise } });
  const button = seen.button('Join');
  await button.dblclick();
  await expect.poll(seen.status).toBe('Joining…');
  await seen.button('Decline').click({ force: true });
  await seen.page.keyboard.press('Enter');
  hold.resolve();
  await expect.poll(seen.heading).toBe('You’re in');
  expect(posts()).toEqual(['inspect', 'accept']);
});

test('a lost reply loses nothing: trying again repeats the same thing', async () => {
  const seen = await open({ inspect: { lost: true } });
  expect(await seen.settledHeading()).toBe('The server cannot be reached');
  site.script(token, { inspect: invitation(), accept: { lost: true } });
  await seen.button('Try again').click();
  await expect.poll(seen.heading).toBe('Ada Lovelace invites you to join Analytical Engines');
  await seen.button('Join').click();
  await expect.poll(seen.heading).toBe('The server cannot be reached');
  site.script(token, { accept: [{ status: 502 }, joined()] });
  await seen.button('Try again').click();
  await expect.poll(seen.heading).toBe('Something went wrong');
  await seen.button('Try again').click();
  await expect.poll(seen.heading).toBe('You’re in');
  expect(posts().slice(-2)).toEqual(['accept', 'accept']);
});

test('after too many attempts the button rests for as long as the server asked, then says that it is ready', async () => {
  const seen = await open({ inspect: [refused(429, 'rate_limit', { 'retry-after': '1' }), invitation()] });
  const button = seen.button('Try again');
  await button.waitFor();
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  await button.click({ force: true });
  expect(posts()).toEqual(['inspect']);
  await expect.poll(seen.status, { timeout: 3_000 }).toBe('You can try again now.');
  await button.click();
  await expect.poll(seen.heading).toBe('Ada Lovelace invites you to join Analytical Engines');
});

test.each([
  ['', 'in 30 seconds'],
  ['900', 'in 15 minutes'],
  [new Date(Date.now() + 3_600_000).toUTCString(), 'in 60 minutes'],
])('Retry-After %j is said as "%s"', async (retryAfter, words) => {
  const headers: Record<string, string> = retryAfter ? { 'retry-after': retryAfter } : {};
  const { settledHeading, said } = await open({ inspect: refused(429, 'rate_limit', headers) });
  await settledHeading();
  expect(await said()).toContain(words);
});

test('another link opened in the same tab starts over, and a late answer about the first is ignored', async () => {
  const hold = Promise.withResolvers<void>();
  const seen = await open({ inspect: { ...invitation(), held: hold.promise } });
  site.script('second', { inspect: invitation({ organization: { name: 'Second Engines' }, locale: 'fr' }) });
  await seen.page.evaluate(() => {
    location.hash = 'second';
  });
  await expect.poll(seen.heading).toBe('Ada Lovelace vous invite à rejoindre Second Engines');
  const late = seen.page.waitForResponse((response) => response.request().postData()?.includes(token) === true);
  hold.resolve();
  await late;
  await seen.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
  expect(await seen.heading()).toBe('Ada Lovelace vous invite à rejoindre Second Engines');
});

test.each([`${token}.`, `${token}>`, `${token})`, `${encodeURIComponent(token)}%20`])(
  'the link %s, as mail programs mangle it, still works',
  async (mangled) => {
    site.script(token, { inspect: invitation() });
    const seen = await visit(browser, `${site.origin}/join#${mangled}`);
    visits.push(seen);
    expect(await seen.settledHeading()).toBe('Ada Lovelace invites you to join Analytical Engines');
  },
);

const hostileNames = [
  '<img src=x onerror=alert(1)>',
  '</h1><script>alert(1)</script>',
  '{email} {inviter} &lt;b&gt;',
  `${'Very '.repeat(4000)}long`,
  'X'.repeat(5000),
  'evil.com\u202egnp.exe\u2066',
  'line\nbreak\u2028and\u0000nul',
];

test.each(hostileNames.map((name) => [name.slice(0, 30), name]))(
  'T34 the name %j is shown as text',
  async (_shown, name) => {
    const seen = await open(
      {
        inspect: invitation({
          email: name,
          organization: { name },
          inviter: { name },
          access: { owner: false, all_features_access: false, features: featuresNamed(name) },
        }),
        accept: refused(402, 'seat_limit'),
      },
      { viewport: { width: 320, height: 640 } },
    );
    const tags = () => seen.page.evaluate(() => [...document.querySelectorAll('main *')].map(({ tagName }) => tagName));
    expect(await seen.settledHeading()).toMatch(/^.+ invites you to join .+$/);
    expect(await tags()).not.toContain('IMG');
    expect(await tags()).not.toContain('SCRIPT');
    expect((await seen.heading()).length).toBeLessThan(300);
    expect(await seen.heading()).not.toMatch(/[\u202a-\u202e\u2066-\u2069\n\u2028]/);
    expect(await seen.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    if (name.startsWith('<')) expect(await seen.heading()).toBe(`${name} invites you to join ${name}`);
    await seen.button('Join').click();
    await expect.poll(seen.heading).toMatch(/ is full$/);
  },
);

test.each([
  ['a phone', { width: 320, height: 568 }],
  ['a laptop at 200 %', { width: 512, height: 384 }],
  ['a laptop at 400 %', { width: 256, height: 192 }],
])('on %s nothing is cut off, and every target is at least 44 pixels high', async (_screen, viewport) => {
  const labels = Array.from({ length: 9 }, (_, n) => `Feature ${n + 1}`);
  const access = { owner: false, all_features_access: false, features: featuresNamed(...labels) };
  const seen = await open(
    {
      inspect: invitation({ access, locale: 'fr' }),
      accept: joined({ redirect_url: 'https://a-rather-long-name-of-a-product.example.com/' }),
    },
    { viewport },
  );
  await seen.settledHeading();
  const overflow = () =>
    seen.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const heights = () =>
    seen.page.evaluate(() =>
      [...document.querySelectorAll('button, a, summary')].map((one) => one.getBoundingClientRect().height),
    );
  const check = async () => {
    expect(await overflow()).toBe(0);
    for (const height of await heights()) expect(height).toBeGreaterThanOrEqual(44);
  };
  await check();
  await seen.button('Refuser').click();
  await check();
  await seen.button('Non, revenir').click();
  await seen.button('Rejoindre').click();
  await seen.page.getByRole('link').waitFor();
  await check();
});

test('letters stand out from what is behind them, by day and by night', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const seen = await open({ inspect: invitation() }, { colorScheme, reducedMotion: 'reduce' });
    await seen.settledHeading();
    expect(await seen.page.evaluate(() => document.getAnimations().length)).toBe(0);
    await seen.button('Decline').click();
    for (const { text, ratio } of await contrasts(seen)) {
      expect(ratio, `${text} (${colorScheme})`).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test('without JavaScript the page says, in both languages, why it needs it', async () => {
  const seen = await open({ inspect: invitation() }, { javaScriptEnabled: false });
  const paragraphs = seen.page.locator('noscript p');
  expect(await paragraphs.allTextContents()).toEqual([
    expect.stringContaining('This page needs JavaScript'),
    expect.stringContaining('Cette page a besoin de JavaScript'),
  ]);
  for (const paragraph of await paragraphs.all()) expect(await paragraph.isVisible()).toBe(true);
  expect(posts()).toEqual([]);
});

/** The contrast ratio (WCAG 2) of every element that has text of its own. */
function contrasts(seen: Visit): Promise<{ text: string; ratio: number }[]> {
  return seen.page.evaluate(() => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = channels(color).map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (element: Element | null): string => {
      if (!element) return 'rgb(255, 255, 255)';
      const color = getComputedStyle(element).backgroundColor;
      return channels(color)[3] === 0 ? background(element.parentElement) : color;
    };
    const hasText = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    return [...document.querySelectorAll('main *')]
      .filter(hasText)
      .filter((one) => one.checkVisibility())
      .map((element) => {
        const [low = 0, high = 0] = [luminance(getComputedStyle(element).color), luminance(background(element))].sort(
          (a, b) => a - b,
        );
        return { text: element.textContent ?? '', ratio: (high + 0.05) / (low + 0.05) };
      });
  });
}

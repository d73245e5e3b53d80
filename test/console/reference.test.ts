import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let browser: Browser;
let origin: string;
beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), openBrowser()]);
  origin = new URL(world.base).origin;
  await world.owner.put('/organization', { name: 'Acme' });
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

let page: Page;
let requests: Request[];
let violations: string[];
beforeEach(async () => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
  page = await context.newPage();
  requests = [];
  violations = [];
  page.on('request', (request) => void requests.push(request));
  await page.exposeFunction('violated', (what: string) => void violations.push(what));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
      Reflect.get(window, 'violated')(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`),
    );
  });
  return () => context.close();
});

test('reads as pages do, and keeps to itself: nothing from elsewhere, nothing inline, no eval', async () => {
  const answer = await openReference();
  expect(answer.headers()['content-security-policy']).not.toMatch(/unsafe/);
  await page
    .getByRole('link', { name: /List the members/ })
    .first()
    .waitFor();
  expect(requests.map((request) => request.url()).filter((url) => new URL(url).origin !== origin)).toEqual([]);
  expect(violations).toEqual([]);
});

test('sends a request with a pasted key, and keeps the key nowhere', async () => {
  await openReference();
  const key = page.getByRole('textbox', { name: /value/i }).first();
  await expect.poll(() => key.getAttribute('placeholder')).toBe('Paste a key');
  await key.fill(world.ownerKey);
  const { shown, sent } = await testRequest('/account');
  expect(sent.headers()['api-key']).toBe(world.ownerKey);
  expect(shown).toContain('"Acme"');
  expect(await kept(page)).not.toContain(world.ownerKey);
  expect(page.url()).not.toContain(world.ownerKey);
  expect(violations).toEqual([]);
});

test('sends a request as whoever is signed in, in the organization chosen', async () => {
  await world.join('mei@example.com', { permissions: ['contacts:view'] });
  const { cookie } = await world.signIn('mei@example.com');
  const [name = '', value = ''] = cookie.split('=');
  await page.context().addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Strict' }]);
  await openReference();
  await page.getByText('You are signed in as mei@example.com').waitFor();
  const { shown, sent } = await testRequest('/account');
  expect(sent.headers()).toMatchObject({ 'latchkey-session': '1', 'organization-id': world.organizationId });
  expect(shown).toContain('"mei@example.com"');
  expect(violations).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'follows the system and can be used by everybody, in %s',
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await openReference();
    expect(await page.locator('body').getAttribute('class')).toContain(`${colorScheme}-mode`);
    await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    expect(await findings(), 'at first').toEqual([]);
    await page.getByRole('textbox', { name: /value/i }).first().fill(world.ownerKey);
    await testRequest('/account');
    expect(await findings(), 'with an answer').toEqual([]);
  },
  180_000,
);

async function findings(): Promise<string[]> {
  const { violations: found } = await page.evaluate<AxeResults>('axe.run()');
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

async function openReference() {
  const answer = await page.goto(`${origin}/reference`);
  await page.getByText('Introduction').first().waitFor();
  if (!answer) throw new Error('the page did not answer');
  return answer;
}

/** Opens the operation of a path, tries it out, and reads what was answered. */
async function testRequest(path: string): Promise<{ sent: Request; shown: string }> {
  await page.getByRole('button', { name: 'Organization', exact: false }).first().click();
  await page.getByText('Whose key is this').first().click();
  await page.getByRole('button', { name: new RegExp(`Test Request.*${path}\\)`) }).click();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith(`/v3${path}`)),
    page.getByRole('button', { name: /^Send/ }).first().click(),
  ]);
  expect(answer.status()).toBe(200);
  await page.getByText('200 OK').first().waitFor();
  const body = page.locator('.cm-content').last();
  await body.waitFor();
  return { sent: answer.request(), shown: await body.innerText() };
}

/** Everything that a page can keep, as a text. */
const kept = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      databases,
      document.cookie,
      await caches.keys(),
    ]);
  });

import axe from 'axe-core';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import { declined, invitation, type JoinSite, joined, refused, signedInAs, startJoinSite } from './join-site.ts';
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
  site.scriptSession({ GET: signedInAs('ada@example.com'), DELETE: { body: { status: 'OK' } } });
});
afterEach(async () => {
  for (const { page, complaints } of visits.splice(0)) {
    await page.context().close();
    expect(complaints).toEqual([]);
  }
});

const token = 'AQABc2VjcmV0-_tokenThatOnlyGraceHas';
const another = refused(403, 'signed_in_as_another');

async function open(script: Parameters<JoinSite['script']>[1], options: BrowserContextOptions = {}): Promise<Visit> {
  site.script(token, script);
  const seen = await visit(browser, `${site.origin}/join#${token}`, options);
  visits.push(seen);
  return seen;
}

const asked = () =>
  site.requests
    .filter(({ url }) => url.startsWith('/v3/'))
    .map(({ method, url }) => `${method} ${url.split('/').at(-1)}`);

test('joining asks to be signed in, as only a page of ours can; looking and declining ask for nobody', async () => {
  const seen = await open({ inspect: invitation(), accept: joined(), decline: declined() });
  await seen.button('Join').click();
  await expect.poll(seen.heading).toBe('You’re in');
  const declining = await open({ inspect: invitation(), decline: declined() });
  await declining.button('Decline').click();
  await declining.button('Yes, decline').click();
  await expect.poll(declining.heading).toBe('Invitation declined');

  const requests = site.requests.filter(({ method }) => method === 'POST');
  expect(requests.map(({ url, headers, body }) => [url.split('/').at(-1), headers['latchkey-session'], body])).toEqual([
    ['inspect', undefined, { token }],
    ['accept', '1', { token, sign_in: true }],
    ['inspect', undefined, { token }],
    ['decline', undefined, { token }],
  ]);
  for (const { headers } of requests) expect([headers.origin, headers.referer]).toEqual([site.origin, undefined]);
});

test('who was signed in by joining can go to their team, by an address below wherever the page is', async () => {
  for (const [locale, words] of [
    ['en', 'Go to your team'],
    ['fr', 'Voir votre équipe'],
  ] as const) {
    const seen = await open({ inspect: invitation({ locale }), accept: joined({ signed_in: true }) });
    await seen.button(locale === 'fr' ? 'Rejoindre' : 'Join').click();
    const way = seen.page.getByRole('link', { name: words, exact: true });
    await way.waitFor();
    expect(await way.getAttribute('href')).toBe('./console/');
    expect(await way.evaluate((link: HTMLAnchorElement) => link.href)).toBe(`${site.origin}/console/`);
    expect(await seen.said()).not.toMatch(/close this page|fermer cette page/);
    expect(await seen.page.getByRole('link').count()).toBe(1);
  }
});

test('the organization’s own address comes first, and the team second', async () => {
  const seen = await open({
    inspect: invitation(),
    accept: joined({ signed_in: true, redirect_url: 'https://app.example.com/' }),
  });
  await seen.button('Join').click();
  await seen.page.getByRole('link').first().waitFor();
  expect(await seen.page.getByRole('link').allTextContents()).toEqual([
    'Continue to app.example.com',
    'Go to your team',
  ]);
  await seen.page.keyboard.press('Tab');
  expect(await seen.focused()).toBe('Continue to app.example.com');
});

test('nobody who was not signed in is offered the team', async () => {
  for (const signed_in of [false, undefined, 'true']) {
    const seen = await open({ inspect: invitation(), accept: joined({ signed_in }) });
    await seen.button('Join').click();
    await expect.poll(seen.heading).toBe('You’re in');
    expect(await seen.page.getByRole('link').count(), String(signed_in)).toBe(0);
    expect(await seen.said()).toContain('You can close this page.');
  }
});

test('where somebody else is signed in, the page says who and for whom, and that nothing was accepted', async () => {
  for (const { locale, join, heading, says, buttons } of [
    {
      locale: 'en',
      join: 'Join',
      heading: 'This invitation is for another address',
      says: [
        'You are signed in as ada@example.com here, but this invitation is for grace@example.com.',
        'Nothing has been accepted.',
        'To decline, go back: that works without signing out.',
      ],
      buttons: ['Sign out and continue', 'Back to the invitation'],
    },
    {
      locale: 'fr',
      join: 'Rejoindre',
      heading: 'Cette invitation est pour une autre adresse',
      says: [
        'Ce navigateur est connecté en tant que ada@example.com, mais cette invitation est destinée à grace@example.com.',
        'Rien n’a été accepté.',
        'c’est possible sans vous déconnecter',
      ],
      buttons: ['Se déconnecter et continuer', 'Revenir à l’invitation'],
    },
  ]) {
    const seen = await open({ inspect: invitation({ locale }), accept: another });
    await seen.button(join).click();
    await expect.poll(seen.heading).toBe(heading);
    for (const words of says) expect(await seen.said()).toContain(words);
    expect(await seen.page.getByRole('button').allTextContents()).toEqual(buttons);
    expect(await seen.focused()).toBe(heading);
    expect(await seen.page.title()).toBe(heading);
    expect(await seen.said()).not.toMatch(/[{}]|undefined|null/);
  }
});

test('signing out leads back to the invitation, and joining takes another click', async () => {
  const seen = await open({ inspect: invitation(), accept: [another, joined({ signed_in: true })] });
  await seen.button('Join').click();
  await seen.button('Sign out and continue').click();
  await expect.poll(seen.heading).toBe('Ada Lovelace invites you to join Analytical Engines');
  expect(asked()).toEqual(['POST inspect', 'POST accept', 'GET session', 'DELETE session', 'POST inspect']);
  for (const { headers, url } of site.requests)
    if (url === '/v3/session') expect(headers['latchkey-session']).toBe('1');
  await seen.button('Join').click();
  await seen.page.getByRole('link', { name: 'Go to your team' }).waitFor();
});

test('going back asks the server nothing, signs nobody out, and declining works from there', async () => {
  const seen = await open({ inspect: invitation(), accept: another, decline: declined() });
  await seen.button('Join').click();
  await seen.button('Back to the invitation').click();
  await expect.poll(seen.heading).toBe('Ada Lovelace invites you to join Analytical Engines');
  expect(asked()).toEqual(['POST inspect', 'POST accept', 'GET session']);
  await seen.button('Decline').click();
  await seen.button('Yes, decline').click();
  await expect.poll(seen.heading).toBe('Invitation declined');
  expect(asked()).not.toContain('DELETE session');
});

test('where nobody says who is signed in, the page still makes a sentence', async () => {
  site.scriptSession({ GET: { lost: true } });
  const seen = await open({ inspect: invitation(), accept: another });
  await seen.button('Join').click();
  await expect.poll(seen.said).toContain('You are signed in as somebody else here');
});

test('a session that has ended meanwhile counts as signed out', async () => {
  site.scriptSession({ DELETE: { status: 401, body: { code: 'unauthorized' } } });
  const seen = await open({ inspect: invitation(), accept: another });
  await seen.button('Join').click();
  await seen.button('Sign out and continue').click();
  await expect.poll(seen.heading).toBe('Ada Lovelace invites you to join Analytical Engines');
});

test('signing out that fails can be repeated, and accepts nothing meanwhile', async () => {
  site.scriptSession({ GET: signedInAs('ada@example.com'), DELETE: { lost: true } });
  const seen = await open({ inspect: invitation(), accept: another });
  await seen.button('Join').click();
  await seen.button('Sign out and continue').click();
  await expect.poll(seen.heading).toBe('The server cannot be reached');
  site.scriptSession({ DELETE: [{ status: 503 }, refused(429, 'rate_limit', { 'retry-after': '1' }), { body: {} }] });
  await seen.button('Try again').click();
  await expect.poll(seen.heading).toBe('Something went wrong');
  await seen.button('Try again').click();
  await expect.poll(seen.heading).toBe('Please wait a moment');
  await expect.poll(seen.status, { timeout: 3_000 }).toBe('You can try again now.');
  await seen.button('Try again').click();
  await expect.poll(seen.heading).toBe('Ada Lovelace invites you to join Analytical Engines');
  expect(asked().filter((request) => request === 'POST accept')).toHaveLength(1);
});

test('a second click while signing out sends nothing more, and screen readers hear what is going on', async () => {
  const hold = Promise.withResolvers<void>();
  site.scriptSession({ GET: signedInAs('ada@example.com'), DELETE: { held: hold.promise, body: {} } });
  const seen = await open({ inspect: invitation(), accept: another });
  await seen.button('Join').click();
  await seen.button('Sign out and continue').dblclick();
  await expect.poll(seen.status).toBe('Signing out…');
  await seen.button('Back to the invitation').click({ force: true });
  expect(await seen.heading()).toBe('This invitation is for another address');
  hold.resolve();
  await expect.poll(seen.heading).toBe('Ada Lovelace invites you to join Analytical Engines');
  expect(asked().filter((request) => request === 'DELETE session')).toHaveLength(1);
});

test('T34 whoever is signed in is shown as text', async () => {
  site.scriptSession({ GET: signedInAs('<img src=x onerror=alert(1)>\u202egnp.exe') });
  const seen = await open({ inspect: invitation(), accept: another });
  await seen.button('Join').click();
  await expect.poll(seen.said).toContain('<img src=x onerror=alert(1)>gnp.exe');
  expect(await seen.page.locator('main img').count()).toBe(0);
});

test.each([
  ['light', { width: 1024, height: 768 }],
  ['dark', { width: 320, height: 568 }],
] as const)('nothing on these pages bars anybody (%s, %o)', async (colorScheme, viewport) => {
  const seen = await open(
    {
      inspect: invitation({ locale: 'fr' }),
      accept: [another, joined({ signed_in: true, redirect_url: 'https://a-rather-long-name-of-a-product.example/' })],
    },
    { colorScheme, viewport },
  );
  const barriers = async (): Promise<string[]> => {
    await seen.page.evaluate(axe.source);
    return seen.page.evaluate(`axe.run().then(({ violations }) => violations.map(({ id, help }) => id + ': ' + help))`);
  };
  const check = async () => {
    expect(await barriers()).toEqual([]);
    expect(
      await seen.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0);
    for (const target of await seen.page.locator('button, a').all())
      expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  };
  await seen.button('Rejoindre').click();
  await expect.poll(seen.heading).toBe('Cette invitation est pour une autre adresse');
  await check();
  await seen.button('Se déconnecter et continuer').click();
  await seen.button('Rejoindre').click();
  await expect.poll(seen.heading).toBe('C’est fait, bienvenue');
  await check();
});

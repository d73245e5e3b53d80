import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkIn } from '../mailbox/mailbox.ts';
import { type AcmeRockets, cast, openAcmeRockets } from './cast.ts';
import type { Visitor } from './open-console.ts';
import { type Place, pages } from './places.ts';

let office: AcmeRockets;
beforeAll(async () => {
  office = await openAcmeRockets();
});
afterAll(() => office?.close());

const everyPage: Place[] = [...pages, { name: 'join', url: ({ origin }) => `${origin}/join` }];

test.each(everyPage)(
  '$name comes with a policy that runs nothing but our own files, and gives it nothing to refuse',
  async ({ as, url, does }) => {
    const visitor = await office.window({ ...(as !== undefined && { as }) });
    const asked: string[] = [];
    visitor.page.on('request', (request) => void asked.push(request.url()));
    const answer = await visitor.page.goto(await url(office));
    await visitor.page.getByRole('heading', { level: 1 }).first().waitFor();
    await visitor.page.waitForLoadState('networkidle');
    await does?.(visitor.page);
    const headers = answer?.headers() ?? {};
    expect(headers).toEqual(expect.objectContaining(asForABank));
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'( 'nonce-[\w-]{22}')?; /);
    expect(policy).toMatch(/frame-ancestors 'none'; require-trusted-types-for 'script'/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(asked.filter((one) => !isOurs(one))).toEqual([]);
    await visitor.leaves();
  },
);

const asForABank = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
const isOurs = (asked: string): boolean => asked.startsWith(`${office.origin}/`) || /^(data|blob):/.test(asked);

test('what is put into a page from outside is neither run nor shown nor sent anywhere', async () => {
  const ada = await office.window({ as: cast.ada });
  await ada.page.goto(office.at('people'));
  await ada.reads('People');
  const { complaints } = ada;
  const tried = await ada.page.evaluate(async () => {
    const attempt = (act: () => unknown) => {
      try {
        return String(act());
      } catch (error) {
        return (error as Error).name;
      }
    };
    const outcomes = [
      attempt(() => {
        document.body.innerHTML += '<img src=x onerror="document.title = 1">';
      }),
      attempt(() => document.body.setAttribute('onclick', 'document.title = 1')),
      attempt(() => {
        const script = document.createElement('script');
        script.text = 'document.title = 1';
        document.body.append(script);
      }),
      await fetch('https://evil.example/').then(String, (error) => error.name),
    ];
    return outcomes;
  });
  expect(tried).toEqual(['TypeError', 'TypeError', 'TypeError', 'TypeError']);
  expect(await ada.page.title()).toContain('People');
  expect(complaints.filter((complaint) => !complaint.startsWith('This document requires')).length).toBeGreaterThan(0);
  await ada.context.close();
});

test('T21: nothing secret is in any address, referrer, storage, or log, whatever one does', async () => {
  const { world, mailbox } = office;
  const requests: Request[] = [];
  const secrets: Record<string, string> = {};
  const ada = await office.window({ permissions: ['clipboard-read', 'clipboard-write'] });
  ada.page.on('request', (request) => void requests.push(request));
  const keptAnswers: string[] = [];
  ada.page.on('response', (response) => {
    const kept = response.headers()['cache-control'] !== 'no-store' && response.url().includes('/v3/');
    if (kept) keptAnswers.push(response.url());
  });

  await ada.page.goto(`${office.origin}/console/sign-in`);
  await ada.page.getByLabel('Your e-mail address').fill(cast.ada);
  const mails = mailbox.peer.received.length;
  await ada.page.getByRole('button', { name: 'Mail me a link' }).click();
  await expect.poll(() => mailbox.peer.received.length).toBeGreaterThan(mails);
  const link = linkIn(await mailbox.mailTo(cast.ada, 1));
  secrets.signInToken = link.slice(link.indexOf('#') + 1);
  await ada.page.goto(link);
  await ada.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await ada.reads('People');
  secrets.session = (await ada.context.cookies())[0]?.value ?? '';

  secrets.apiKey = await makesKey(ada);
  secrets.invitationLink = await looksAtLink(ada, cast.elena);
  await ada.page.goto(office.at('activity'));
  await ada.page.waitForLoadState('networkidle');
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(25);
    for (const request of requests) {
      expect(request.url(), name).not.toContain(secret);
      expect(request.headers().referer ?? '', 'a referrer').toBe('');
    }
    expect(await keptBy(ada.page), name).not.toContain(secret);
    expect(world.logged(), name).not.toContain(secret);
  }
  expect(await ada.page.evaluate(() => Object.keys({ ...localStorage, ...sessionStorage }))).toEqual(
    expect.not.arrayContaining([expect.stringMatching(/token|secret|session$/i)]),
  );
  expect(keptAnswers, 'answers that the browser may keep').toEqual([]);
  const scripts = await ada.page.evaluate(() => navigator.serviceWorker.getRegistrations());
  expect(scripts).toEqual([]);
  await ada.leaves();
});

/** Everything that the browser keeps for our pages or says about them, as a text. */
const keptBy = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const cached = await Promise.all(
      (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)),
    );
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      databases,
      cached,
      document.cookie,
      document.referrer,
      document.title,
      location.href,
      history.state,
      performance.getEntries().map(({ name }) => name),
      document.documentElement.outerHTML,
    ]);
  });

async function makesKey({ page }: Visitor): Promise<string> {
  await page.goto(office.at('keys'));
  await page
    .getByRole('link', { name: 'Create a key' })
    .or(page.getByRole('button', { name: 'Create a key' }))
    .first()
    .click();
  await page.getByLabel('Name').fill('Billing, production');
  await page.getByRole('group', { name: 'Contacts', exact: true }).getByLabel('View').check();
  await page.getByRole('button', { name: 'Create the key' }).click();
  const secret = await page.getByLabel('Secret of “Billing, production”').inputValue();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  return secret;
}

async function looksAtLink({ page }: Visitor, email: string): Promise<string> {
  await page.goto(office.at(`people/${encodeURIComponent(email)}`));
  await page.getByRole('button', { name: `Copy link of ${email}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Show the link' }).click();
  const link = await dialog.getByLabel(`Link for ${email}`).inputValue();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  return link.slice(link.indexOf('#') + 1);
}

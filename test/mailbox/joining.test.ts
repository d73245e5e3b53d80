import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import { opens } from './join-visitor.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';

let mailbox: Mailbox;
let browser: Browser;
beforeAll(async () => {
  mailbox = await startMailbox();
  browser = await openBrowser();
  await mailbox.world.owner.put('/organization', { name: 'Analytical Engines' });
});
afterAll(async () => {
  await browser?.close();
  await mailbox?.stop();
});

const send = '/organization/user/invitation/send';

test('a person is invited, follows the link in the mail, joins, and the list says active', async () => {
  const { owner } = mailbox.world;
  await owner.post(send, {
    email: 'mei@example.com',
    all_features_access: false,
    privileges: [
      { feature: 'contacts', permissions: ['view', 'export'] },
      { feature: 'companies', permissions: ['manage_other_companies'] },
    ],
  });
  expect(await statusOf('mei@example.com')).toBe('pending');

  const mail = await mailbox.mailTo('mei@example.com');
  expect(mail.parsed).toMatchObject({
    from: { value: [{ address: 'no-reply@latchkey.example', name: 'Latchkey' }] },
    to: { value: [{ address: 'mei@example.com' }] },
  });
  expect(plain(mail.parsed.subject)).toBe('ada@example.com invited you to Analytical Engines');
  expect(plain(mail.parsed.text)).toContain('Contacts: View, Export');
  const link = await mailbox.linkTo('mei@example.com');
  expect(link.startsWith(`${mailbox.origin}/join#`)).toBe(true);

  const mei = await opens(browser, link);
  expect(await mei.settledHeading()).toBe('ada@example.com invites you to join Analytical Engines');
  const said = await mei.said();
  for (const words of ['mei@example.com', 'Contacts', 'View, Export', 'Manage companies from other users'])
    expect(said).toContain(words);
  expect(await statusOf('mei@example.com')).toBe('pending');

  await mei.button('Join').click();
  await mei.reads('You’re in');
  expect(await mei.said()).toContain('mei@example.com is now a member of Analytical Engines.');
  expect(await statusOf('mei@example.com')).toBe('active');

  await mei.page.reload();
  await mei.reads('You have already joined');
  await mei.leaves();
  expect(await mailbox.mailsTo('mei@example.com')).toHaveLength(1);
});

test('a French member gets a French mail and a French page, and joins in French', async () => {
  const invited = { email: 'noor@example.com', all_features_access: true, locale: 'fr_FR' };
  expect((await mailbox.world.owner.post(send, invited)).status).toBe(200);

  const mail = await mailbox.mailTo('noor@example.com');
  expect(plain(mail.parsed.subject)).toBe('ada@example.com vous invite à rejoindre Analytical Engines');
  expect(plain(mail.parsed.text)).toContain(
    'Utiliser toutes les fonctionnalités, y compris celles ajoutées plus tard.',
  );
  expect(mail.parsed.html).toContain('lang="fr"');

  const noor = await opens(browser, await mailbox.linkTo('noor@example.com'));
  expect(await noor.settledHeading()).toBe('ada@example.com vous invite à rejoindre Analytical Engines');
  expect(await noor.page.locator('html').getAttribute('lang')).toBe('fr');
  await noor.button('Rejoindre').click();
  await noor.reads('C’est fait, bienvenue');
  await noor.leaves();
  expect(await statusOf('noor@example.com')).toBe('active');
});

test('declining is asked once more, done, and can be mended by inviting again', async () => {
  await mailbox.world.invite('tomas@example.com');
  const first = await mailbox.linkTo('tomas@example.com');
  const tomas = await opens(browser, first);
  await tomas.button('Decline').click();
  expect(await statusOf('tomas@example.com')).toBe('pending');
  await tomas.button('Yes, decline').click();
  await tomas.reads('Invitation declined');
  expect(await statusOf('tomas@example.com')).toBe('declined');
  await tomas.page.reload();
  await tomas.reads('This invitation was declined');

  await mailbox.world.invite('tomas@example.com');
  await tomas.page.reload();
  await tomas.reads('There is a newer invitation');
  await tomas.page.goto(await mailbox.linkTo('tomas@example.com', 2));
  await tomas.button('Join').click();
  await tomas.reads('You’re in');
  await tomas.leaves();
  expect(await statusOf('tomas@example.com')).toBe('active');
});

test('after joining, the way on leads to the organization’s own address', async () => {
  const redirect_url = `${mailbox.origin}/health/live?from=invitation`;
  expect((await mailbox.world.owner.put('/organization', { redirect_url })).status).toBe(200);
  await mailbox.world.invite('grace@example.com');
  const grace = await opens(browser, await mailbox.linkTo('grace@example.com'));
  expect(await grace.said()).not.toContain('Continue to');
  await grace.button('Join').click();
  const wayOn = grace.page.getByRole('link', { name: `Continue to ${new URL(mailbox.origin).host}` });
  const [onward] = await Promise.all([grace.page.waitForRequest(redirect_url), wayOn.click()]);
  await grace.page.waitForURL(redirect_url);
  expect(onward.headers()).not.toHaveProperty('referer');
  await grace.leaves();
});

test('T20: a mail scanner that opens the link without a browser changes nothing', async () => {
  await mailbox.world.invite('scanned@example.com');
  const link = await mailbox.linkTo('scanned@example.com');
  for (const method of ['GET', 'HEAD']) {
    const response = await fetch(link, { method, headers: { 'user-agent': 'SafeLinks', purpose: 'prefetch' } });
    expect([method, response.status]).toEqual([method, 200]);
  }
  expect(await statusOf('scanned@example.com')).toBe('pending');
  const person = await opens(browser, link);
  await person.button('Join').click();
  await person.reads('You’re in');
  await person.leaves();
});

test('T7 T21: neither the log, nor a request’s address, nor a list, nor the database shows a link', async () => {
  const { world, peer } = mailbox;
  await world.invite('secret@example.com');
  const link = await mailbox.linkTo('secret@example.com');
  const token = link.slice(link.indexOf('#') + 1);
  const addresses: string[] = [];
  const reader = await opens(browser, 'about:blank');
  reader.page.on('request', (request) => addresses.push(request.url(), JSON.stringify(request.headers())));
  await reader.page.goto(link);
  await reader.button('Join').click();
  await reader.reads('You’re in');
  await reader.leaves();
  expect(addresses.some((address) => address.includes('/join'))).toBe(true);
  // The browser names the fragment to the test, but it is no part of what is sent.
  expect(addresses.filter((address) => address !== link).join('\n')).not.toContain(token);

  const lists = ['/deliveries', '/invited/users', '/activities', '/user/secret%40example.com/permissions'];
  for (const path of lists) {
    const { status, body } = await world.owner.get(`/organization${path}`);
    expect([path, status]).toEqual([path, 200]);
    expect(JSON.stringify(body)).not.toMatch(/#|\/join/);
    expect(JSON.stringify(body)).not.toContain(token);
  }
  expect(await everythingStored()).not.toContain(token);
  const tokens = peer.received.map(({ parsed }) => /#(\S+)/.exec(parsed.text ?? '')?.[1] ?? 'a mail without a token');
  for (const sent of tokens) expect(world.logged()).not.toContain(sent);
});

async function everythingStored(): Promise<string> {
  const { sql } = mailbox.world.database;
  const tables = await sql<{ name: string }>(`select relname as name from pg_stat_user_tables order by 1`);
  const texts = await Promise.all(
    tables.map(({ name }) => sql<{ text: string }>(`select string_agg(t::text, ' ') as text from "${name}" t`)),
  );
  const stored = texts.map(([row]) => row?.text ?? '').join('\n');
  // Otherwise nothing would be proven by what is not in it.
  expect(stored).toContain('secret@example.com');
  return stored;
}

async function statusOf(email: string): Promise<string | undefined> {
  const { body } = await mailbox.world.owner.get('/organization/invited/users');
  return body.users.find((user: { email: string }) => user.email === email)?.status;
}

/** Without the marks that keep a name's direction of writing to itself. */
const plain = (text: string | undefined): string =>
  (text ?? '').replace(/[\u2066-\u2069]/g, '').replace(/[\u00ad\u200b\u2060]/g, '');

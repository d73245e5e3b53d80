import type { ParsedMail } from 'mailparser';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../client.ts';
import { refusal } from '../mail/mail-peer.ts';
import { linkIn, type Mailbox, startMailbox } from './mailbox.ts';

let mailbox: Mailbox;
afterEach(() => mailbox?.stop());

test('who asks for a link gets it by mail, and it signs in once', async () => {
  mailbox = await startMailbox();
  await joinsByMail('mei@example.com');
  const answer = await ask('Mei@Example.com', 'fr_FR');
  expect(answer).toMatchObject({ status: 200, body: { status: 'OK' } });

  const mail = await signInMailTo('mei@example.com');
  expect(mail.parsed).toMatchObject({
    from: { value: [{ address: 'no-reply@latchkey.example', name: 'Latchkey' }] },
    to: { value: [{ address: 'mei@example.com' }] },
    subject: `Votre lien pour vous connecter à ${new URL(mailbox.origin).host}`,
  });
  const link = linkIn(mail);
  expect(link.startsWith(`${mailbox.origin}/console/sign-in#`)).toBe(true);

  const inspected = await page().post('/sign-in/inspect', { token: tokenIn(link) });
  expect(inspected.body).toMatchObject({ state: 'open', email: 'mei@example.com' });
  const first = await signIn(link);
  expect(first).toMatchObject({ status: 200, body: { email: 'mei@example.com' } });
  expect(first.headers.get('set-cookie')).toMatch(/^latchkey-session=/);
  const second = await signIn(link);
  expect(second).toMatchObject({ status: 404, body: { details: [{ reason: 'sign_in_link_used' }] } });
  expect(second.headers.get('set-cookie')).toBeNull();
  expect(await linkOnce(({ state }) => state === 'sent')).toMatchObject({ attempts: 1, reason: null });
});

test('T7: neither the log nor the database shows what was mailed', async () => {
  mailbox = await startMailbox();
  await joinsByMail('mei@example.com');
  await ask('mei@example.com');
  const token = tokenIn(linkIn(await signInMailTo('mei@example.com')));
  expect(mailbox.world.logged()).not.toContain(token);
  const { sql } = mailbox.world.database;
  const [row] = await sql<{ text: string }>(`select string_agg(l::text, ' ') as text from sign_in_link l`);
  expect(row?.text).toContain('mei@example.com');
  expect(row?.text).not.toContain(token);
});

test('T19: an address that signs nobody in gets the same answer and no mail', async () => {
  mailbox = await startMailbox();
  const { world, peer } = mailbox;
  await joinsByMail('mei@example.com');
  await world.invite('pending@example.com');
  await world.join('by-another-way@example.com', {});
  await joinsByMail('gone@example.com');
  await world.owner.put('/organization/user/invitation/revoke/gone@example.com');

  const nobody = ['nobody@example.com', 'pending@example.com', 'by-another-way@example.com', 'gone@example.com'];
  const unknown = await Promise.all(nobody.map((email) => ask(email)));
  const known = await ask('mei@example.com');
  for (const { status, body } of unknown) expect({ status, body }).toEqual({ status: known.status, body: known.body });
  await signInMailTo('mei@example.com');
  expect(peer.received.filter(isSignIn).map(({ to }) => to)).toEqual([['mei@example.com']]);
});

test('a mail that was put off is sent later with the same Message-ID and link', async () => {
  const attempts: ParsedMail[] = [];
  mailbox = await startMailbox(
    {},
    {
      message: (mail) => {
        if (!isSignIn({ parsed: mail })) return;
        attempts.push(mail);
        if (attempts.length === 1) throw refusal(451, '4.7.1 Greylisted, come back later');
      },
    },
  );
  await joinsByMail('mei@example.com');
  await ask('mei@example.com');
  const waiting = await linkOnce(({ reason }) => reason !== null);
  expect(waiting).toMatchObject({ state: 'queued', attempts: 1, reason: expect.stringContaining('Greylisted') });
  expect(waiting.waits).toBeGreaterThan(15);

  await dueNow();
  const arrived = await signInMailTo('mei@example.com');
  expect(attempts).toHaveLength(2);
  expect(attempts[0]?.messageId).toMatch(/^<.+@latchkey\.example>$/);
  expect(arrived.parsed.messageId).toBe(attempts[0]?.messageId);
  expect(arrived.parsed.date).toEqual(attempts[0]?.date);
  expect(attempts[0]?.text).toContain(linkIn(arrived));
  expect(await linkOnce(({ state }) => state === 'sent')).toMatchObject({ reason: null, attempts: 2 });
});

test('T7: a recipient refused for good is a failure with a reason that does not quote the link', async () => {
  const quoted: string[] = [];
  mailbox = await startMailbox(
    {},
    {
      message: (mail) => {
        if (!isSignIn({ parsed: mail })) return;
        quoted.push(/https?:\S+/.exec(mail.text ?? '')?.[0] ?? '');
        throw refusal(554, `5.7.1 Refused for its content: ${quoted[0]} looks suspicious`);
      },
    },
  );
  await joinsByMail('mei@example.com');
  await ask('mei@example.com');
  const failed = await linkOnce(({ state }) => state === 'failed');
  const token = tokenIn(quoted[0] ?? '');
  expect(token).not.toBe('');
  expect(failed.reason).toContain('Refused for its content');
  expect(failed.reason).not.toContain(token);
  expect(mailbox.world.logged()).not.toContain(token);
});

test.each([
  ['used', 'not sent: the link is used', () => signIn(mailbox.world.server.services.signIn.url(heldLink))],
  ['expired', 'not sent: the link is expired', () => sql(`update sign_in_link set expires_at = now()`)],
  [
    'the way in of somebody who was removed since',
    'not sent: nobody signs in with this address any more',
    () => mailbox.world.owner.put('/organization/user/invitation/revoke/mei@example.com'),
  ],
])('a link that is %s before its mail could leave is not sent any more', async (_case, reason, happens) => {
  let open = false;
  mailbox = await startMailbox(
    {},
    {
      message: (mail) => {
        if (isSignIn({ parsed: mail }) && !open) throw refusal(451, '4.3.0 Not now');
      },
    },
  );
  await joinsByMail('mei@example.com');
  await ask('mei@example.com');
  heldLink = (await linkOnce((link) => link.reason !== null)).id;
  await happens();
  open = true;
  await dueNow();
  expect(await linkOnce(({ state }) => state !== 'queued')).toMatchObject({ state: 'failed', reason });
  expect(mailbox.peer.received.filter(isSignIn)).toEqual([]);
});
let heldLink = '';

test('of several links asked for, each comes by its own mail, and using the last one up ends those before', async () => {
  mailbox = await startMailbox();
  await joinsByMail('mei@example.com');
  for (let time = 0; time < 3; time++) await ask('mei@example.com');
  const links = await vi.waitFor(() => {
    const mails = mailbox.peer.received.filter(isSignIn);
    expect(mails).toHaveLength(3);
    return new Map(mails.map((mail) => [mail.parsed.messageId, linkIn(mail)]));
  });
  expect(links.size).toBe(3);
  const newest = (await sql<{ id: string }>(`select id from sign_in_link order by created_at desc limit 1`))[0]?.id;
  const link = mailbox.world.server.services.signIn.url(newest ?? '');
  expect((await signIn(link)).status).toBe(200);
  for (const earlier of links.values()) expect((await signIn(earlier)).status).toBe(404);
});

test('whoever waits to sign in is not kept waiting by invitations', async () => {
  let open = true;
  mailbox = await startMailbox(
    { MAIL_CONNECTIONS: '1' },
    {
      message: () => {
        if (!open) throw refusal(451, '4.3.0 Not now');
      },
    },
  );
  await joinsByMail('mei@example.com');
  open = false;
  for (let at = 0; at < 10; at++) await mailbox.world.invite(`person-${at}@example.com`);
  await ask('mei@example.com');
  await vi.waitFor(
    async () => {
      const untried = `select id from delivery where reason is null and state = 'queued' union all
                       select id from sign_in_link where reason is null and state = 'queued'`;
      expect(await sql(untried)).toEqual([]);
    },
    { timeout: 20_000 },
  );
  open = true;
  const before = mailbox.peer.received.length;
  await sql(`with invitations as (update delivery set next_attempt_at = now() - interval '1 minute' where state = 'queued')
             update sign_in_link set next_attempt_at = now() where state = 'queued'`);
  await signInMailTo('mei@example.com');
  await mailbox.mailsTo('person-9@example.com');
  const place = mailbox.peer.received.slice(before).findIndex(isSignIn);
  // One invitation at most may have been taken the moment before.
  expect(place).toBeLessThanOrEqual(1);
});

const page = () => client(mailbox.world.base, { 'latchkey-session': '1' });
const ask = (email: string, locale?: string) =>
  mailbox.world.anonymous.post('/sign-in/request', { email, ...(locale && { locale }) });
const tokenIn = (link: string): string => link.slice(link.indexOf('#') + 1);
const signIn = (link: string) => page().post('/sign-in', { token: tokenIn(link) });
const sql: Mailbox['world']['database']['sql'] = (...question) => mailbox.world.database.sql(...question);

/** Joins by the link in the mail, which is what makes an address one that signs in. */
async function joinsByMail(email: string): Promise<void> {
  await mailbox.world.invite(email);
  const token = tokenIn(await mailbox.linkTo(email));
  const joined = await mailbox.world.anonymous.post('/organization/user/invitation/accept', { token });
  expect(joined.status).toBe(200);
}

const isSignIn = ({ parsed }: { parsed: ParsedMail }): boolean => /\/console\/sign-in#/.test(parsed.text ?? '');

const signInMailTo = (email: string) =>
  vi.waitFor(
    () => {
      const mail = mailbox.peer.received.find((one) => one.to.includes(email) && isSignIn(one));
      if (!mail) throw new Error(`no sign-in link has arrived for ${email}`);
      return mail;
    },
    { timeout: 20_000 },
  );

interface Link {
  id: string;
  state: string;
  reason: string | null;
  attempts: number;
  /** Seconds from when it was asked for to the next attempt. */
  waits: number;
}

/** The one link there is a message for, once it looks like this. */
const linkOnce = (ready: (link: Link) => boolean): Promise<Link> =>
  vi.waitFor(
    async () => {
      const links = await sql<Link>(
        `select id, state, reason, attempts, extract(epoch from next_attempt_at - created_at)::float as waits from sign_in_link where state <> 'none'`,
      );
      const [link, ...others] = links;
      if (!link || others.length > 0 || !ready(link)) throw new Error(JSON.stringify(links));
      return link;
    },
    { timeout: 20_000, interval: 50 },
  );

/** As if the wait before the next attempt were over. */
const dueNow = () => sql(`update sign_in_link set next_attempt_at = now() where state = 'queued'`);

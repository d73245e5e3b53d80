import type { ParsedMail } from 'mailparser';
import { afterEach, expect, test, vi } from 'vitest';
import { refusal } from '../mail/mail-peer.ts';
import { linkIn, type Mailbox, startMailbox } from './mailbox.ts';

let mailbox: Mailbox;
afterEach(() => mailbox?.stop());

test('a mail that was put off is sent later with the same Message-ID and link', async () => {
  const attempts: ParsedMail[] = [];
  mailbox = await startMailbox(
    {},
    {
      message: (mail) => {
        attempts.push(mail);
        if (attempts.length === 1) throw refusal(451, '4.7.1 Greylisted, come back later');
      },
    },
  );
  const { world } = mailbox;
  await world.invite('mei@example.com');
  const waiting = await deliveryOnce((delivery) => delivery.reason !== null);
  expect(waiting).toMatchObject({
    kind: 'invitation',
    email: 'mei@example.com',
    state: 'queued',
    reason: expect.stringContaining('Greylisted'),
    attempts: 1,
    sent_at: null,
  });
  expect(Date.parse(waiting.next_attempt_at ?? '') - Date.parse(waiting.created_at)).toBeGreaterThan(15_000);

  await dueNow();
  const arrived = await mailbox.mailTo('mei@example.com');
  expect(attempts).toHaveLength(2);
  expect(attempts[0]?.messageId).toMatch(/^<.+@latchkey\.example>$/);
  expect(arrived.parsed.messageId).toBe(attempts[0]?.messageId);
  expect(arrived.parsed.date).toEqual(attempts[0]?.date);
  expect(attempts[0]?.text).toContain(linkIn(arrived));
  const sent = await deliveryOnce((delivery) => delivery.state === 'sent');
  expect(sent).toMatchObject({ reason: null, attempts: 2, next_attempt_at: null, sent_at: expect.any(String) });
});

test('a recipient refused for good is a failed delivery with the reason, and no link anywhere', async () => {
  mailbox = await startMailbox(
    {},
    {
      recipient: () => {
        throw refusal(550, '5.1.1 No such mailbox here');
      },
    },
  );
  const { world } = mailbox;
  const token = await world.invite('gone@example.com');
  const failed = await deliveryOnce((delivery) => delivery.state === 'failed');
  expect(failed).toMatchObject({
    email: 'gone@example.com',
    reason: expect.stringContaining('5.1.1 No such mailbox here'),
    attempts: 1,
    sent_at: null,
    next_attempt_at: null,
  });
  const { body } = await world.owner.get('/organization/deliveries?state=failed&email=gone%40example.com');
  expect(body.deliveries).toHaveLength(1);
  expect(JSON.stringify(body)).not.toMatch(/https?:|#/);
  expect(world.logged()).not.toContain(token);

  // The person is still invited; mending the address is inviting another one.
  const { body: list } = await world.owner.get('/organization/invited/users?status=pending');
  expect(list.users).toMatchObject([{ email: 'gone@example.com', status: 'pending' }]);
});

test('T7: a mail server that quotes the message back does not put its link into the list or the log', async () => {
  const quoted: string[] = [];
  mailbox = await startMailbox(
    {},
    {
      message: (mail) => {
        const link = /https?:\S+/.exec(mail.text ?? '')?.[0] ?? '';
        quoted.push(link);
        throw refusal(554, `5.7.1 Refused for its content: ${link} looks suspicious`);
      },
    },
  );
  const { world } = mailbox;
  const token = await world.invite('quoted@example.com');
  const failed = await deliveryOnce((delivery) => delivery.state === 'failed');
  expect(quoted[0]).toContain(token);
  expect(failed.reason).toContain('Refused for its content');
  expect(failed.reason).not.toContain(token);
  expect(world.logged()).not.toContain(token);
});

test('an invitation that was cancelled before its mail could leave is not sent any more', async () => {
  let open = false;
  mailbox = await startMailbox(
    {},
    {
      message: () => {
        if (!open) throw refusal(451, '4.3.0 Not now');
      },
    },
  );
  const { world, peer } = mailbox;
  await world.invite('mei@example.com');
  await deliveryOnce((delivery) => delivery.attempts === 1 && delivery.reason !== null);
  await world.owner.put('/organization/user/invitation/cancel/mei@example.com');
  open = true;
  await dueNow();
  const ended = await deliveryOnce((delivery) => delivery.state !== 'queued');
  expect(ended).toMatchObject({ state: 'failed', reason: 'not sent: the invitation is cancelled' });
  expect(peer.received).toEqual([]);
});

test('what several people are sent goes to each of them alone, once', async () => {
  mailbox = await startMailbox();
  const people = Array.from({ length: 40 }, (_, at) => `person-${at}@example.com`);
  await Promise.all(people.map((email) => mailbox.world.invite(email)));
  for (const email of people) expect(await mailbox.mailsTo(email)).toHaveLength(1);
  expect(mailbox.peer.received.every(({ to }) => to.length === 1)).toBe(true);
  const links = new Set(mailbox.peer.received.map(linkIn));
  expect(links.size).toBe(people.length);
});

interface Delivery {
  kind: string;
  email: string;
  state: 'queued' | 'sent' | 'failed';
  reason: string | null;
  attempts: number;
  created_at: string;
  sent_at: string | null;
  next_attempt_at: string | null;
}

/** The one delivery there is, once it looks like this. */
function deliveryOnce(ready: (delivery: Delivery) => boolean): Promise<Delivery> {
  return vi.waitFor(
    async () => {
      const { body } = await mailbox.world.owner.get('/organization/deliveries');
      const [delivery, ...others]: Delivery[] = body.deliveries;
      if (!delivery || others.length > 0 || !ready(delivery)) throw new Error(JSON.stringify(body.deliveries));
      return delivery;
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** As if the wait before the next attempt were over. */
const dueNow = () => mailbox.world.database.sql(`update delivery set next_attempt_at = now() where state = 'queued'`);

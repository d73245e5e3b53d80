import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type MailPeer, startMailPeer } from '../mail/mail-peer.ts';
import { startWorld, type World } from '../world.ts';
import { type Loss, type LossyProxy, startLossyProxy } from './lossy-proxy.ts';
import { brevo3, brevo6, type Connect, type WritingOperations } from './writing-operations.ts';

let world: World;
let peer: MailPeer;
beforeAll(async () => {
  peer = await startMailPeer();
  world = await startWorld({ SMTP_URL: peer.url });
});
afterAll(async () => {
  await world?.stop();
  await peer?.close();
});

type Operation = keyof WritingOperations;

/** What one effect looks like, for each operation and whoever it is about, before it: nobody, invited, joined. */
const expected: Record<Operation, { before: 'nobody' | 'invited' | 'joined'; after: Partial<Traces> }> = {
  invite: { before: 'nobody', after: { status: 'pending', generation: 1, mails: 1, events: ['member.invited'] } },
  update: {
    before: 'joined',
    after: {
      status: 'active',
      version: 2,
      accessChanges: 1,
      events: ['member.updated'],
      permissions: ['contacts:export'],
    },
  },
  resend: {
    before: 'invited',
    after: { status: 'pending', generation: 2, mails: 2, events: ['invitation.resent', 'member.invited'] },
  },
  cancel: {
    before: 'invited',
    after: { status: 'removed', generation: 1, mails: 1, events: ['invitation.cancelled', 'member.invited'] },
  },
  revoke: { before: 'joined', after: { status: 'removed', accessChanges: 1, events: ['member.revoked'] } },
};

const clients: { client: string; connect: Connect; repeatsAfter: readonly Loss[] }[] = [
  { client: 'brevo 3.0.4', connect: brevo3, repeatsAfter: [] },
  { client: 'brevo 6.0.3', connect: brevo6, repeatsAfter: [502, 503] },
];
const losses: Loss[] = ['hang_up', 'cut_short', 502, 503];
const operations = Object.keys(expected) as Operation[];

const cases = clients.flatMap((client) =>
  operations.flatMap((operation) => losses.map((loss) => ({ ...client, operation, loss }))),
);

test.concurrent.each(cases)(
  '$client: $operation whose reply is lost by $loss has one effect, one mail and a good answer',
  async ({ client, connect, repeatsAfter, operation, loss }) => {
    const email = `${operation}-${loss}-${client.slice(6, 7)}@example.com`.replaceAll('_', '-');
    await arrange(email, expected[operation].before);
    const proxy = await startLossyProxy(world.server);
    try {
      const call = connect(proxy.base, world.ownerKey, email)[operation];
      proxy.loseNext(loss);
      const { answer, calls } = await untilAnswered(call);

      expect(answer).toMatchObject({ email });
      expect(calls).toBe(repeatsAfter.includes(loss) ? 1 : 2);
      expect(statuses(proxy)).toEqual([200, 200]);
      expect(await tracesOf(email)).toMatchObject(expected[operation].after);
    } finally {
      await proxy.close();
    }
  },
);

test.concurrent.each(operations)(
  '%s asked five times at once has one effect and five good answers',
  async (operation) => {
    const email = `${operation}-at-once@example.com`;
    await arrange(email, expected[operation].before);
    const calls = Array.from({ length: 5 }, () => brevo6(world.base, world.ownerKey, email)[operation]());
    for (const answer of await Promise.all(calls)) expect(answer).toMatchObject({ status: 'OK', email });
    expect(await tracesOf(email)).toMatchObject(expected[operation].after);
  },
);

test('a repetition by another key is no repetition', async () => {
  await arrange('cancelled@example.com', 'invited');
  const mei = await world.join('mei@example.com', { all: true });
  const cancel = (key: string) => brevo6(world.base, key, 'cancelled@example.com').cancel();
  expect(await cancel(world.ownerKey)).toMatchObject({ status: 'OK' });
  await expect(cancel(mei.secret)).rejects.toMatchObject({ statusCode: 404 });
});

/** As a team's own wrapper would: once more where the call failed. What the client repeats by itself is one call. */
async function untilAnswered(call: () => Promise<unknown>): Promise<{ answer: unknown; calls: number }> {
  try {
    return { answer: await call(), calls: 1 };
  } catch {
    return { answer: await call(), calls: 2 };
  }
}

const statuses = (proxy: LossyProxy): number[] => proxy.passed.map((request) => request.status);

async function arrange(email: string, before: 'nobody' | 'invited' | 'joined'): Promise<void> {
  if (before === 'joined') await world.join(email, { permissions: ['contacts:view'] });
  if (before !== 'invited') return;
  await world.invite(email);
  await mailsArrived(email, 1);
}

/** Everything that an effect leaves behind about one address. */
interface Traces {
  status: string;
  version: number;
  permissions: string[] | null;
  generation: number | null;
  accessChanges: number;
  events: string[] | null;
  mails: number;
}

async function tracesOf(email: string): Promise<Traces> {
  const rows = await world.database.sql<Omit<Traces, 'mails'> & { deliveries: number }>(
    `select m.status, m.version, g.permissions, i.generation,
       (select count(*)::int from access_change c where c.member_id = m.id) as "accessChanges",
       (select array_agg(action order by action) from audit_event e where e.target_id = m.id and e.outcome = 'done') as events,
       (select count(*)::int from delivery d where d.recipient = m.email) as deliveries
     from member m
     left join invitation i on i.organization_id = m.organization_id and i.member_id = m.id
     left join member_grant g on g.organization_id = m.organization_id and g.member_id = m.id
     where m.email = $1`,
    [email],
  );
  if (rows.length !== 1 || !rows[0]) throw new Error(`${rows.length} members instead of one have the address ${email}`);
  const { deliveries, ...traces } = rows[0];
  await mailsArrived(email, deliveries);
  return { ...traces, mails: mailsTo(email) };
}

const mailsArrived = (email: string, count: number): Promise<void> =>
  vi.waitFor(() => expect(mailsTo(email)).toBe(count), { timeout: 20_000 });

const mailsTo = (email: string): number => peer.received.filter(({ to }) => to.includes(email)).length;

import { LoadGenerator } from './load/burst.ts';
import { type Contestant, printStandings, runRounds, type Standing } from './load/rounds.ts';
import { pin } from './machine/pin.ts';
import { median, printTable } from './machine/print-table.ts';
import { cpuOf, cpuOfTree } from './machine/process-use.ts';
import { quick } from './machine/quiet.ts';
import type { CheckReply } from './peers/bare-check.ts';
import type { BetterAuthPeer } from './peers/better-auth.ts';
import { cerbosQuestion, startCerbos } from './peers/cerbos.ts';
import { startPeer } from './peers/start-peer.ts';
import { fillOrganization } from './product/fill-organization.ts';
import type { Latchkey } from './product/latchkey.ts';
import { type Bench, type BenchDatabase, withLatchkey } from './product/with-latchkey.ts';

export const measures =
  'one access check over HTTP, the server on a core of its own, beside a bare node:http server, Fastify, Better Auth and Cerbos; and a batch of 100 beside one check.';

const one = '/access/v1/evaluation';
const many = '/access/v1/evaluations';
const rounds = quick ? { rounds: 3, seconds: 2, warmUp: 2 } : { rounds: 7, seconds: 5, warmUp: 5 };

export const run = () =>
  withLatchkey(async (bench) => {
    const { latchkey, database, closeLater } = bench;
    await fillOrganization(database, 10_000);
    const subjects = await whoMayViewContacts(database, 1000);
    const question = JSON.stringify(questionOf('{x}'));
    const headers = { 'api-key': latchkey.apiKey, 'content-type': 'application/json' };
    const reply = await readReply(latchkey, question.replace('{x}', subjects[0] ?? ''));

    const generator = closeLater(new LoadGenerator());
    const bare = closeLater(await startPeer<{ port: number }>('./bare-check.ts', reply));
    const fastify = closeLater(
      await startPeer<{ port: number }>('./fastify-check.ts', { key: latchkey.apiKey, path: one, subjects }),
    );
    const cerbos = closeLater(await startCerbos());
    const betterAuth = closeLater(await startBetterAuth(database));
    pin(generator.pid, 'load');
    for (const { pid } of [latchkey, bare, fastify, cerbos, betterAuth]) pin(pid, 'server');

    const burst = (port: number, request: Request, connections: number) => (seconds: number) =>
      generator.run({ port, connections, seconds, method: 'POST', filling: { list: subjects }, ...request });
    const check: Request = { path: one, headers, body: question };
    const entrants = (connections: number): Contestant[] => [
      {
        name: 'Latchkey',
        spenders: { server: () => cpuOf(latchkey.pid), PostgreSQL: () => cpuOfTree(database.postmaster) },
        burst: burst(latchkey.port, check, connections),
      },
      { name: 'bare node:http', spenders: spending(bare), burst: burst(bare.port, check, connections) },
      { name: 'Fastify, its own key', spenders: spending(fastify), burst: burst(fastify.port, check, connections) },
      {
        name: 'Better Auth has-permission',
        spenders: { ...spending(betterAuth), PostgreSQL: () => cpuOfTree(database.postmaster) },
        burst: burst(betterAuth.port, betterAuthQuestion(betterAuth), connections),
      },
      {
        name: 'Cerbos, no key',
        spenders: spending(cerbos),
        burst: burst(cerbos.port, { ...cerbosQuestion, headers: { 'content-type': 'application/json' } }, connections),
      },
    ];

    const checks = await runRounds(entrants(32), rounds);
    console.log(`  one check, 32 connections, a reply of ${reply.body.length} bytes; server and load on a core each`);
    printStandings(checks);
    printRatios(checks);

    const batches = await batchesOf(bench, subjects);
    const sized = (connections: number): Contestant[] => [
      { name: 'one check', spenders: spending(latchkey), burst: burst(latchkey.port, check, connections) },
      ...batches.map(({ name, body }) => ({
        name,
        spenders: spending(latchkey),
        burst: burst(latchkey.port, { path: many, headers, body }, connections),
      })),
    ];
    const busy = await runRounds(sized(32), rounds);
    console.log('  a batch of 100, 32 connections; what one check costs to it');
    printStandings(busy);
    printRatios(busy);
    const calm = await runRounds(sized(1), rounds);
    console.log('  a batch of 100, 1 connection');
    printStandings(calm);
    printRatios(calm);
    return { reply, checks, batches: { connections32: busy, connection1: calm } };
  });

interface Request {
  path: string;
  headers: Record<string, string>;
  body: string;
}

const spending = ({ pid }: { pid: number }): Contestant['spenders'] => ({ server: () => cpuOf(pid) });

const questionOf = (subject: string) => ({
  subject: { type: 'user', id: subject },
  action: { name: 'view' },
  resource: { type: 'feature', id: 'contacts' },
});

/** Everybody is asked about in turn, and every answer has the same bytes. */
async function whoMayViewContacts(database: BenchDatabase, atMost: number): Promise<string[]> {
  const rows = await database.query(
    `select m.email from member m join member_grant g on g.organization_id = m.organization_id and g.member_id = m.id
     where m.status = 'active' and not m.all_features_access and 'contacts:view' = any (g.permissions) order by m.email limit $1`,
    [atMost],
  );
  return rows.map(({ email }) => String(email));
}

/** The reply as it was, except for what Node's HTTP server adds by itself. */
async function readReply({ port, apiKey }: Latchkey, body: string): Promise<CheckReply> {
  const reply = await fetch(`http://127.0.0.1:${port}${one}`, {
    method: 'POST',
    headers: { 'api-key': apiKey, 'content-type': 'application/json' },
    body,
  });
  const text = await reply.text();
  if (!reply.ok || !text.includes('"decision":true')) throw new Error(`not the answer: ${reply.status} ${text}`);
  const own = ['connection', 'keep-alive', 'date'];
  return { status: 200, headers: [...reply.headers].filter(([name]) => !own.includes(name)).flat(), body: text };
}

async function startBetterAuth(database: BenchDatabase) {
  await database.query('create database better_auth');
  return startPeer<BetterAuthPeer>('./better-auth.ts', {
    connection: { ...database.connection, database: 'better_auth' },
  });
}

const betterAuthQuestion = ({ cookie, organizationId }: BetterAuthPeer): Request => ({
  path: '/api/auth/organization/has-permission',
  headers: { cookie, origin: 'http://127.0.0.1', 'content-type': 'application/json' },
  body: JSON.stringify({ organizationId, permissions: { member: ['update'] } }),
});

/** Every question of a batch is another one: as a page asks for one member, and as a list asks for many. */
async function batchesOf({ latchkey, database }: Bench, subjects: string[]): Promise<{ name: string; body: string }[]> {
  const [{ names = [] } = {}] = (await database.query(
    `select json_agg(json_build_array(feature, permission) order by bit) as names from permission_bit`,
  )) as { names?: [string, string][] }[];
  const hundred = Array.from({ length: 100 }, (_, place) => names[place % names.length] ?? ['', '']);
  const ofOneMember = {
    subject: { type: 'user', id: '{x}' },
    evaluations: hundred.map(([feature, permission]) => ({
      action: { name: permission },
      resource: { type: 'feature', id: feature },
    })),
  };
  const ofManyMembers = {
    ...questionOf(''),
    subject: undefined,
    evaluations: subjects.slice(0, 100).map((id) => ({ subject: { type: 'user', id } })),
  };
  const whole = { evaluations: subjects.slice(0, 100).map(questionOf) };
  const bodies = [
    { name: `one member, 100 questions of ${names.length} permissions`, body: JSON.stringify(ofOneMember) },
    { name: '100 members, one permission', body: JSON.stringify(ofManyMembers) },
    { name: '100 whole questions', body: JSON.stringify(whole) },
  ];
  for (const { name, body } of bodies) await requireHundred(latchkey, name, body.replace('{x}', subjects[0] ?? ''));
  return bodies;
}

async function requireHundred({ port, apiKey }: Latchkey, name: string, body: string): Promise<void> {
  const reply = await fetch(`http://127.0.0.1:${port}${many}`, {
    method: 'POST',
    headers: { 'api-key': apiKey, 'content-type': 'application/json' },
    body,
  });
  const { evaluations } = (await reply.json()) as { evaluations: { context: { reason: string } }[] };
  const reasons = Object.groupBy(evaluations, ({ context }) => context.reason);
  const counted = Object.entries(reasons).map(([reason, list]) => `${list?.length} ${reason}`);
  console.log(`  ${name}: ${body.length} bytes, answers ${counted.join(', ')}`);
  if (evaluations.length !== 100) throw new Error(`${evaluations.length} answers to 100 questions`);
}

/**
 * Rounds stand next to each other in time, so their ratios say more than the ratio of their medians; and where others use the
 * machine too, processor time for a reply says more than replies a second.
 */
function printRatios(standings: Standing[]): void {
  const [first, ...others] = standings;
  const against = (other: Standing, of: (round: Standing['rounds'][number]) => number): number =>
    median(other.rounds.map((round, index) => of(first?.rounds[index] ?? round) / of(round)));
  printTable(
    [`${first?.name} to it, median of the rounds' ratios`, 'a second', 'p50', 'server time a reply'],
    others.map((other) => [
      other.name,
      against(other, ({ perSecond }) => perSecond),
      against(other, ({ latency }) => latency.p50),
      against(other, ({ cpuPerThousand }) => cpuPerThousand.server ?? Number.NaN),
    ]),
  );
}

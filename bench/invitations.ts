import { type Burst, LoadGenerator } from './load/burst.ts';
import { type Contestant, printStandings, runRounds } from './load/rounds.ts';
import { cpuOf, cpuOfTree } from './machine/process-use.ts';
import type { BetterAuthPeer } from './peers/better-auth.ts';
import type { FloorBurst } from './peers/floor.ts';
import { startPeer } from './peers/start-peer.ts';
import type { Latchkey } from './product/latchkey.ts';
import { type Bench, type BenchDatabase, withLatchkey } from './product/with-latchkey.ts';

export const measures =
  'invitations into one organization over HTTP and 32 connections, durable, beside Better Auth on the same PostgreSQL and the same SQL without HTTP.';

const connections = 32;
/** Latchkey's own default, `DATABASE_POOL`. */
const serverPool = 20;

export const run = () =>
  withLatchkey(async (bench) => {
    const { latchkey, database } = bench;
    const durability = await durabilityOf(database);
    const contestants = [
      latchkeyContestant(bench),
      await betterAuthContestant(bench),
      await floorContestant(bench, true),
      await floorContestant(bench, false),
    ];
    const standings = await runRounds(contestants, { rounds: 5, seconds: 5, warmUp: 8 });
    console.log(
      `  ${Object.entries(durability)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
    );
    printStandings(standings);
    const written = await rowsWritten(database);
    console.log(
      `  rows in the end: ${Object.entries(written)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}`,
    );
    const alone = await runRounds([latchkeyContestant(bench, 1)], { rounds: 3, seconds: 3, warmUp: 1 });
    console.log('  over 1 connection');
    printStandings(alone);
    return { durability, standings, written, alone, port: latchkey.port };
  });

let addressesFrom = 0;
/** Each burst has addresses that no other burst had. */
const newAddresses = () => (addressesFrom += 10_000_000);

function latchkeyContestant({ latchkey, database, closeLater }: Bench, over = connections): Contestant {
  const generator = closeLater(new LoadGenerator());
  return {
    name: 'Latchkey',
    spenders: { server: () => cpuOf(latchkey.pid), PostgreSQL: () => cpuOfTree(database.postmaster) },
    burst: (seconds) => generator.run(invitationBurst(latchkey, over, seconds)),
  };
}

function invitationBurst({ port, apiKey }: Latchkey, over: number, seconds: number): Burst {
  return {
    port,
    connections: over,
    seconds,
    method: 'POST',
    path: '/v3/organization/user/invitation/send',
    headers: { 'api-key': apiKey, 'content-type': 'application/json' },
    body: '{"email":"person{x}@bench.test","all_features_access":false,"privileges":[{"feature":"contacts","permissions":["view","export"]}]}',
    filling: { countFrom: newAddresses() },
  };
}

async function betterAuthContestant({ database, closeLater }: Bench): Promise<Contestant> {
  await database.query('create database better_auth');
  const connection = { ...database.connection, database: 'better_auth' };
  const peer = closeLater(await startPeer<BetterAuthPeer>('./better-auth.ts', { connection }));
  const generator = closeLater(new LoadGenerator());
  return {
    name: 'Better Auth',
    spenders: { server: () => cpuOf(peer.pid), PostgreSQL: () => cpuOfTree(database.postmaster) },
    burst: (seconds) =>
      generator.run({
        port: peer.port,
        connections,
        seconds,
        method: 'POST',
        path: '/api/auth/organization/invite-member',
        headers: { cookie: peer.cookie, origin: 'http://127.0.0.1', 'content-type': 'application/json' },
        body: `{"email":"person{x}@bench.test","role":"member","organizationId":"${peer.organizationId}"}`,
        filling: { countFrom: newAddresses() },
      }),
  };
}

async function floorContestant({ database, closeLater }: Bench, inGroups: boolean): Promise<Contestant> {
  const [key] = await database.query('select organization_id, id from api_key limit 1');
  const loop = closeLater(new LoadGenerator(new URL('./peers/floor.ts', import.meta.url)));
  return {
    name: inGroups ? 'the same SQL, in groups as well' : 'the same SQL, one by one',
    spenders: { PostgreSQL: () => cpuOfTree(database.postmaster) },
    burst: (seconds) =>
      loop.run<FloorBurst>({
        connection: { ...database.connection, user: 'latchkey' },
        pool: serverPool,
        inGroups,
        connections,
        seconds,
        organizationId: String(key?.organization_id),
        keyId: String(key?.id),
        countFrom: newAddresses(),
      }),
  };
}

async function durabilityOf(database: BenchDatabase): Promise<Record<string, string>> {
  const names = [
    'server_version',
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'shared_buffers',
    'max_connections',
  ];
  const settings = await database.query('select name, current_setting(name) as value from unnest($1::text[]) name', [
    names,
  ]);
  return Object.fromEntries(settings.map(({ name, value }) => [String(name), String(value)]));
}

/** That each invitation left its rows: as many deliveries and audit events as invitations. */
async function rowsWritten(database: BenchDatabase): Promise<Record<string, unknown>> {
  const tables = ['member', 'invitation', 'delivery', 'audit_event', 'audit_person'];
  const counts = tables.map((table) => `(select count(*)::int from ${table}) as ${table}`);
  const [written] = await database.query(`select ${counts.join(', ')}`);
  return written ?? {};
}

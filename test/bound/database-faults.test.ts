import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Replica } from '../../client/src/index.ts';
import { type Node, type Nodes, startNodes } from './nodes.ts';
import {
  type Asked,
  give,
  question,
  replicaHere,
  server,
  serverLease,
  takeExport,
  untilDenied,
} from './until-denied.ts';
import { startWithholdingProxy, type WithholdingProxy } from './withholding-proxy.ts';

/** Shorter than the servers’ own: a replica must take off how old the answers of its server are. */
const replicaLease = 600;
let nodes: Nodes;
let replicas: Replica[];
let asked: Asked[];
/** The way of servers 1 and 2 to the database; server 0 has its own, so that somebody can take access away. */
let network: WithholdingProxy;
beforeAll(async () => {
  let listening: Promise<WithholdingProxy> | undefined;
  nodes = await startNodes({ ACCESS_LEASE: `${serverLease}ms` }, async (which, database) => {
    const url = new URL(database.url);
    const socket = `${url.searchParams.get('host')}/.s.PGSQL.5432`;
    listening ??= startWithholdingProxy({ path: socket });
    network = await listening;
    return which === 0
      ? {}
      : { DATABASE_URL: `postgres://${url.username}@127.0.0.1:${network.port}${url.pathname}?sslmode=disable` };
  });
  await nodes.join(question.member);
  replicas = await Promise.all(nodes.nodes.map(({ api }) => api.access.replica({ lease: replicaLease })));
  asked = [
    ...nodes.nodes.map((node, which) => server(`server ${which}`, node, nodes.key)),
    ...replicas.map((replica, which) => replicaHere(`replica ${which}`, replica, replicaLease)),
  ];
});
afterAll(async () => {
  for (const replica of replicas ?? []) replica.close();
  network?.release();
  await nodes?.stop();
  await network?.close();
});

let stopped: number[] = [];
/** Stops the server's backends of these names: their connections stay open, and say nothing any more. */
async function stopBackends(...names: string[]): Promise<void> {
  stopped = await backends(...names);
  expect(stopped.length).toBeGreaterThan(0);
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
}
const backends = async (...names: string[]): Promise<number[]> =>
  (
    await nodes.database.sql<{ pid: number }>(
      'select pid from pg_stat_activity where datname = current_database() and application_name = any ($1)',
      [names],
    )
  ).map(({ pid }) => pid);
afterEach(() => {
  for (const pid of stopped) {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It has ended meanwhile.
    }
  }
  stopped = [];
  network.release();
});

const [first, , third] = [() => nodes.nodes[0], () => nodes.nodes[1], () => nodes.nodes[2]] as const;
const rounds = [0, 1, 2];

test('the connections that listen are cut', async () => {
  for (const which of rounds) {
    await give(nodes, asked);
    await nodes.database.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'latchkey listen'`,
    );
    await untilDenied(asked, () => takeExport(nodes.nodes[which] as Node));
  }
});

test('the connections that listen stay open and say nothing', async () => {
  await give(nodes, asked);
  await stopBackends('latchkey listen');
  for (const which of rounds) {
    await untilDenied(asked, () => takeExport(nodes.nodes[which] as Node));
    await give(nodes, asked);
  }
});

test('the connections by which changes are asked for stay open and say nothing', async () => {
  for (const which of rounds) {
    await give(nodes, asked);
    await stopBackends('latchkey listen', 'latchkey access');
    await untilDenied(asked, () => takeExport(nodes.nodes[which] as Node), 200);
    for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
  }
});

test('the database falls silent: servers that cannot ask say so, and nobody says yes beyond the lease', async () => {
  await give(nodes, asked);
  network.withhold();
  const unanswered = sleep(serverLease).then(() => askOverHttp(third()));
  await untilDenied(asked, () => takeExport(first()), serverLease * 2);
  expect((await unanswered).status).toBe(503);
  network.release();
  await give(nodes, asked);
});

test('the database is away, and what was taken away meanwhile is denied from the first answer on', async () => {
  await give(nodes, asked);
  network.cut();
  await untilDenied(asked, () => takeExport(first()), serverLease + 500);
  network.release();
  await untilDenied(asked, async () => (await first().api.getAccessRevision()).revision, 500);
  await give(nodes, asked);
});

test('what the database says arrives late', async () => {
  for (const late of [50, 400, 1_200]) {
    await give(nodes, asked);
    network.delay(late);
    await untilDenied(asked, () => takeExport(first()), late + 300);
    network.delay(0);
  }
});

const askOverHttp = ({ url }: Node): Promise<Response> =>
  fetch(`${url}/access/v1/evaluation`, {
    method: 'POST',
    headers: { 'api-key': nodes.key, 'content-type': 'application/json' },
    body: JSON.stringify({
      subject: { type: 'user', id: question.member },
      action: { name: question.permission },
      resource: { type: 'feature', id: question.feature },
    }),
  });

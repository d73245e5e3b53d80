import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

const replicaLease = 2_000;
let nodes: Nodes;
let replicas: Replica[];
let asked: Asked[];
beforeAll(async () => {
  const movedClock = fileURLToPath(new URL('moved-clock.ts', import.meta.url));
  nodes = await startNodes({ ACCESS_LEASE: `${serverLease}ms`, NODE_OPTIONS: `--import=${movedClock}` });
  await nodes.join(question.member);
  replicas = await Promise.all(nodes.nodes.map(({ api }) => api.access.replica({ lease: replicaLease })));
  asked = [
    ...nodes.nodes.map((node, which) => server(`server ${which}`, node, nodes.key)),
    ...replicas.map((replica, which) => replicaHere(`replica ${which}`, replica, replicaLease)),
  ];
});
afterAll(async () => {
  for (const replica of replicas ?? []) replica.close();
  await nodes?.stop();
});

test('a server that was stopped and goes on has nothing to say from before', async () => {
  const { child } = nodes.nodes[2];
  for (const pause of [200, serverLease + 200]) {
    await give(nodes, asked);
    child.kill('SIGSTOP');
    try {
      await untilDenied(
        asked,
        async () => {
          const revision = await takeExport(nodes.nodes[0]);
          setTimeout(() => child.kill('SIGCONT'), pause);
          return revision;
        },
        pause + 300,
      );
    } finally {
      child.kill('SIGCONT');
    }
  }
});

test('the clocks of all servers and of the replicas’ process are set back by an hour, and on by two', async () => {
  const { now } = Date;
  try {
    for (const [signal, hours] of [
      ['SIGUSR2', -1],
      ['SIGURG', 1],
    ] as const) {
      await give(nodes, asked);
      await untilDenied(
        asked,
        async () => {
          for (const { child } of nodes.nodes) child.kill(signal);
          Date.now = () => now() + hours * 3_600_000;
          return takeExport(nodes.nodes[1]);
        },
        500,
      );
    }
  } finally {
    Date.now = now;
  }
});

test('a server is killed and comes back', async () => {
  for (const which of [1, 2] as const) {
    await give(nodes, asked);
    await untilDenied(
      asked,
      async () => {
        const [revision] = await Promise.all([takeExport(nodes.nodes[0]), nodes.restart(which)]);
        return revision;
      },
      500,
    );
  }
});

test('the server that takes access away dies before it can tell anybody', async () => {
  await give(nodes, asked);
  await untilDenied(
    asked,
    async () => {
      const revision = await takeExport(nodes.nodes[2] as Node);
      nodes.nodes[2].child.kill('SIGKILL');
      return revision;
    },
    replicaLease,
  );
  await nodes.restart(2);
  await sleep(100);
  await give(nodes, asked);
  expect(await (asked[2] as Asked).saysYes()).toBe(true);
});

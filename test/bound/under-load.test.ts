import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Replica } from '../../client/src/index.ts';
import { revisionOf } from '../races/race.ts';
import { type Node, type Nodes, startNodes } from './nodes.ts';
import {
  type Asked,
  give,
  question,
  replicaHere,
  type Seen,
  server,
  serverLease,
  takeExport,
  untilDenied,
} from './until-denied.ts';

const replicaLease = 2_000;
/** BOUND_ROUNDS asks for more of them. */
const rounds = Number(process.env.BOUND_ROUNDS ?? 60);
let nodes: Nodes;
let replicas: Replica[];
let asked: Asked[];
beforeAll(async () => {
  nodes = await startNodes({ ACCESS_LEASE: `${serverLease}ms` });
  await nodes.join(question.member);
  await nodes.join('load@example.com');
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

/** What takes access away, and what puts it back. */
const ways: { name: string; take: (node: Node) => Promise<number>; giveBack: () => Promise<unknown> }[] = [
  { name: 'a smaller grant', take: takeExport, giveBack: async () => {} },
  {
    name: 'a suspension',
    take: async ({ owner }) =>
      revisionOf(await owner.put(`/organization/user/${question.member}`, { suspended: true })) as number,
    giveBack: () => nodes.nodes[0].owner.put(`/organization/user/${question.member}`, { suspended: false }),
  },
  {
    name: 'a revocation',
    take: async ({ owner }) =>
      revisionOf(await owner.put(`/organization/user/invitation/revoke/${question.member}`)) as number,
    giveBack: () => nodes.join(question.member),
  },
  {
    name: 'another plan',
    take: async () =>
      revisionOf(
        await nodes.partner.put(`/corporate/subAccount/${nodes.organizationId}/plan`, { plan: 'small' }),
      ) as number,
    giveBack: () => nodes.partner.put(`/corporate/subAccount/${nodes.organizationId}/plan`, { plan: 'enterprise' }),
  },
];

test(
  'what is taken away on one of three servers is denied by all three and their replicas within the lease, under load',
  async () => {
    let over = false;
    const load = [keepAsking, keepAsking, keepChanging].map((work) => work(() => over));
    const seen: (Seen & { way: string })[] = [];
    try {
      for (let round = 0; round < rounds; round++) {
        const way = ways[round % ways.length] as (typeof ways)[number];
        await give(nodes, asked);
        const where = nodes.nodes[Math.floor(round / ways.length) % 3] as Node;
        for (const one of await untilDenied(asked, () => way.take(where))) seen.push({ ...one, way: way.name });
        await way.giveBack();
      }
    } finally {
      over = true;
      await Promise.all(load);
    }
    const sorted = seen.map(({ lastYes }) => lastYes).sort((a, b) => a - b);
    console.log(
      `${seen.length} denials; the last yes was asked for ${sorted.at(-1)?.toFixed(1)} ms after the answer at most`,
    );
    expect(seen).toHaveLength(rounds * asked.length);
  },
  rounds * 2_000,
);

async function keepAsking(over: () => boolean): Promise<void> {
  for (let turn = 0; !over(); turn++) {
    const { access } = (nodes.nodes[turn % 3] as Node).api;
    await access.checkMany([
      { ...question, member: 'load@example.com' },
      { ...question, member: `nobody-${turn}@example.com` },
    ]);
    await sleep(2);
  }
}

async function keepChanging(over: () => boolean): Promise<void> {
  for (let turn = 0; !over(); turn++) {
    const { owner } = nodes.nodes[turn % 3] as Node;
    await owner.put('/organization/user/load@example.com', { suspended: turn % 2 === 0 });
    await sleep(20);
  }
}

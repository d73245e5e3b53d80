import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Latchkey, type Replica, type ReplicaOptions } from '../../client/src/index.ts';
import type { Blocked, BlockedReplicaData } from './blocked-replica.ts';
import { type Nodes, startNodes } from './nodes.ts';
import { give, question, replicaHere, serverLease, takeExport, untilDenied } from './until-denied.ts';
import { startWithholdingProxy, type WithholdingProxy } from './withholding-proxy.ts';

const lease = 1_000;
let nodes: Nodes;
let network: WithholdingProxy;
beforeAll(async () => {
  nodes = await startNodes({ ACCESS_LEASE: `${serverLease}ms` });
  await nodes.join(question.member);
  network = await startWithholdingProxy({ host: '127.0.0.1', port: nodes.nodes[1].port });
});
afterEach(() => {
  network.release();
  network.delay(0);
});
afterAll(async () => {
  await network?.close();
  await nodes?.stop();
});

/** Follows server 1 over the network that is not to be trusted. */
async function follow(options: ReplicaOptions = { lease }): Promise<Replica> {
  const { access } = new Latchkey({ url: `http://127.0.0.1:${network.port}`, apiKey: nodes.key });
  const replica = await access.replica(options);
  onTestFinished(() => replica.close());
  return replica;
}
const takeAway = () => takeExport(nodes.nodes[0]);

test.each([
  { what: 'stay away while the connection stays open', said: 'GET /v3/access/changes' },
  { what: 'stay away, and those of all other answers too', said: '' },
])('the bytes of a stream $what', async ({ said }) => {
  const asked = [replicaHere('replica', await follow(), lease)];
  for (let round = 0; round < 3; round++) {
    await give(nodes, asked);
    network.withhold(said);
    await untilDenied(asked, takeAway, lease + 300);
    network.release();
  }
});

test.each([50, 150, 400, 900])('all that the server says arrives %i ms late', async (late) => {
  const asked = [replicaHere('replica', await follow(), lease)];
  await give(nodes, asked);
  network.delay(late);
  await sleep(late + 50);
  await untilDenied(asked, takeAway, lease + late);
});

test('the bytes of a stream stay away, and all other answers arrive late', async () => {
  const asked = [replicaHere('replica', await follow(), lease)];
  for (let round = 0; round < 3; round++) {
    await give(nodes, asked);
    network.delay(200);
    network.withhold('GET /v3/access/changes');
    await sleep(400);
    await untilDenied(asked, takeAway, lease + 300);
    network.delay(0);
    network.release();
  }
});

test('the network is gone', async () => {
  const asked = [replicaHere('replica', await follow(), lease)];
  await give(nodes, asked);
  network.cut();
  await untilDenied(asked, takeAway, lease + 300);
  network.release();
  await give(nodes, asked);
});

test('the wall clock of the replica’s process is set back by a day while it follows', async () => {
  const { now } = Date;
  const asked = [replicaHere('replica', await follow(), lease)];
  try {
    await give(nodes, asked);
    Date.now = () => now() - 86_400_000;
    network.withhold('GET /v3/access/changes');
    await untilDenied(asked, takeAway, lease + 300);
  } finally {
    Date.now = now;
  }
});

test.each([
  { clock: 'the platform’s clock', ticking: false },
  { clock: 'the ticking clock', ticking: true },
])('the event loop of the replica’s process is blocked, by $clock', async ({ ticking }) => {
  const { url } = nodes.nodes[1];
  const workerData: BlockedReplicaData = { url, key: nodes.key, lease, ticking, question };
  const worker = new Worker(new URL('blocked-replica.ts', import.meta.url), { workerData });
  onTestFinished(() => void worker.terminate());
  await once(worker, 'message');

  await give(nodes, []);
  worker.postMessage({ block: lease * 2 });
  await once(worker, 'message');
  await sleep(100);
  await takeAway();
  const answered = Number(process.hrtime.bigint()) / 1e6;
  const [told] = (await once(worker, 'message')) as [Blocked];

  expect(told.yeses).toBeGreaterThan(0);
  expect(told.refusals).toBeGreaterThan(0);
  // The ticking clock is two milliseconds late at most.
  expect(told.lastYes - answered).toBeLessThanOrEqual(lease + (ticking ? 2 : 0));
});

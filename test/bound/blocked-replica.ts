// A replica in a thread of its own whose event loop can be blocked: it then asks without a pause, and tells what it was told.
import { parentPort, workerData } from 'node:worker_threads';
import { Latchkey, LatchkeyError, tickingClock } from '../../client/src/index.ts';

export interface BlockedReplicaData {
  url: string;
  key: string;
  lease: number;
  ticking: boolean;
  question: { member: string; feature: string; permission: string };
}

/** Moments are those of process.hrtime, the same in all threads. */
export interface Blocked {
  yeses: number;
  lastYes: number;
  refusals: number;
}

const { url, key, lease, ticking, question } = workerData as BlockedReplicaData;
const { access } = new Latchkey({ url, apiKey: key });
const replica = await access.replica({ lease, ...(ticking && { clock: tickingClock() }) });
const handle = replica.member(question.member);
const moment = (): number => Number(process.hrtime.bigint()) / 1e6;

parentPort?.on('message', async ({ block }: { block: number }) => {
  // What was given before it is blocked is known here; otherwise there would be nothing to be late with.
  while (!saysYes()) await new Promise((resolve) => setTimeout(resolve, 5));
  parentPort?.postMessage('blocked');
  const told: Blocked = { yeses: 0, lastYes: 0, refusals: 0 };
  for (const end = moment() + block; moment() < end; ) {
    const asked = moment();
    try {
      if (handle.can(question.feature, question.permission)) {
        told.yeses++;
        told.lastYes = asked;
      }
    } catch (error) {
      if (!(error instanceof LatchkeyError) || error.code !== 'stale') throw error;
      told.refusals++;
    }
  }
  parentPort?.postMessage(told);
});

function saysYes(): boolean {
  try {
    return replica.can(question.member, question.feature, question.permission);
  } catch {
    return false;
  }
}
parentPort?.postMessage('open');

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { LatchkeyError } from '../../client/src/error.ts';
import type { Replica } from '../../client/src/index.ts';
import { type AtRevision, Latchkey } from '../../client/src/index.ts';
import type { Node, Nodes } from './nodes.ts';

/** Somewhere to ask, and how long it may go on saying yes after the yes was taken away. */
export interface Asked {
  name: string;
  /** Milliseconds. */
  lease: number;
  /** Whether the answer is yes; an answer that is refused is none. */
  saysYes(options?: AtRevision): Promise<boolean>;
}

export const question = { member: 'mei@example.com', feature: 'contacts', permission: 'export' } as const;
export const serverLease = 1_000;

export function server(name: string, { url }: Pick<Node, 'url'>, key: string): Asked {
  const { access } = new Latchkey({ url, apiKey: key, timeout: 4_000, retries: 0 });
  return {
    name,
    lease: serverLease,
    saysYes: (options = {}) => orNone(async () => (await access.check(question, options)).allowed),
  };
}

export const replicaHere = (name: string, replica: Replica, lease: number): Asked => ({
  name,
  lease,
  async saysYes(options = {}) {
    await sleep(1);
    return orNone(async () => replica.explain(question, options).allowed);
  },
});

/** Only what is refused for want of knowledge counts as no answer; anything else is a fault. */
async function orNone(ask: () => Promise<boolean>): Promise<boolean> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LatchkeyError && noAnswer.includes(error.code)) return false;
    throw error;
  }
}

const noAnswer = ['stale', 'unreachable', 'timeout', 'service_unavailable', 'precondition_failed', 'internal_error'];

export interface Seen {
  name: string;
  /** Milliseconds after the change was answered at which the last question was asked that got a yes; 0 for none. */
  lastYes: number;
}

/**
 * Takes a yes away while everybody is asked for it without a pause, and goes on until nobody has said it for a while. A
 * question asked later than the lease after the change was answered must not get a yes, and one that carries the change's
 * revision never.
 * @param takeAway answers the revision
 * @param during milliseconds for which everybody is asked in any case
 */
export async function untilDenied(
  asked: readonly Asked[],
  takeAway: () => Promise<number>,
  during = 30,
): Promise<Seen[]> {
  let over = false;
  let answered = Number.POSITIVE_INFINITY;
  let revision: number | undefined;
  const staleAtRevision: string[] = [];
  const lastYes = new Map<string, number>();
  const asking = asked.flatMap((one) => [
    (async () => {
      while (!over) {
        const at = performance.now();
        if (await one.saysYes()) lastYes.set(one.name, at);
        else await sleep(1);
      }
    })(),
    (async () => {
      while (!over) {
        if (revision !== undefined && (await one.saysYes({ revision }))) staleAtRevision.push(one.name);
        await sleep(3);
      }
    })(),
  ]);
  try {
    revision = await takeAway();
    answered = performance.now();
    await sleep(during);
    const quiet = (): boolean => [...lastYes.values()].every((at) => performance.now() - at > 30);
    const patience = performance.now() + 15_000;
    while (!quiet() && performance.now() < patience) await sleep(5);
  } finally {
    over = true;
    await Promise.all(asking);
  }
  const seen = asked.map(({ name }) => ({ name, lastYes: Math.max(0, (lastYes.get(name) ?? 0) - answered) }));
  for (const { name, lease } of asked)
    expect(seen.find((one) => one.name === name)?.lastYes, `a late yes of ${name}`).toBeLessThanOrEqual(lease);
  expect(staleAtRevision, 'a yes from before the revision').toEqual([]);
  return seen;
}

/** Gives the permission that is asked for, and waits until everybody says so: what is to be taken away is in every memory. */
export async function give(nodes: Nodes, asked: readonly Asked[]): Promise<number> {
  const { revision } = await nodes.nodes[0].api
    .updateMemberPermissions({
      email: question.member,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['view', 'export'] }],
    })
    .withResponse();
  await everybodySaysYes(asked, revision);
  return revision ?? 0;
}

export async function everybodySaysYes(asked: readonly Asked[], revision?: number): Promise<void> {
  const patience = performance.now() + 20_000;
  for (const one of asked)
    while (!(await one.saysYes({ revision }))) {
      if (performance.now() > patience) throw new Error(`${one.name} does not say yes`);
      await sleep(5);
    }
  // Once more without: that which is answered from memory alone.
  for (const one of asked) await one.saysYes();
}

export async function takeExport({ api }: Node): Promise<number> {
  const { revision } = await api
    .updateMemberPermissions({
      email: question.member,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['view'] }],
    })
    .withResponse();
  return revision as number;
}

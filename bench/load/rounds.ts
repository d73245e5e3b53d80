import { availableParallelism } from 'node:os';
import { median, printTable } from '../machine/print-table.ts';
import { busyTime, untilQuiet } from '../machine/quiet.ts';
import type { BurstResult } from './burst.ts';

/** One of those who are measured side by side. */
export interface Contestant {
  name: string;
  /** Whose time on the processor belongs to it, and what reads that time in milliseconds. */
  spenders: Record<string, () => number>;
  burst(seconds: number): Promise<BurstResult>;
}

export interface Round extends BurstResult {
  /** Processor milliseconds spent for a thousand replies, by who spent them. */
  cpuPerThousand: Record<string, number>;
  /** What part of all cores was used by processes that have nothing to do with this. */
  usedByOthers: number;
}

export interface Standing {
  name: string;
  /** Medians over the rounds: replies a second, and milliseconds. */
  perSecond: number;
  p50: number;
  p99: number;
  /** Slowest and fastest round. */
  range: [number, number];
  cpuPerThousand: Record<string, number>;
  usedByOthers: number;
  rounds: Round[];
}

/**
 * Lets the contestants run in turn, A B C A B C …, so that whatever else happens on the machine happens to all of them.
 * Each warms up first, in time that does not count.
 */
export async function runRounds(
  contestants: Contestant[],
  { rounds, seconds, warmUp }: { rounds: number; seconds: number; warmUp: number },
): Promise<Standing[]> {
  for (const contestant of contestants) await contestant.burst(warmUp);
  const taken = contestants.map((contestant) => ({ contestant, rounds: [] as Round[] }));
  for (let round = 0; round < rounds; round++) {
    for (const entry of taken) entry.rounds.push(await runRound(entry.contestant, seconds));
  }
  return taken.map(({ contestant, rounds: all }) => standingOf(contestant.name, all));
}

async function runRound(contestant: Contestant, seconds: number): Promise<Round> {
  await untilQuiet();
  const before = spentBy(contestant);
  const busyBefore = busyTime();
  const started = performance.now();
  const result = await contestant.burst(seconds);
  const available = (performance.now() - started) * availableParallelism();
  const busy = busyTime() - busyBefore;
  const spent = spentBy(contestant).map(([name, cpu], index) => [name, cpu - (before[index]?.[1] ?? 0)] as const);
  const cpuPerThousand = Object.fromEntries(
    [...spent, ['load generator', result.generatorCpu] as const].map(([name, cpu]) => [
      name,
      (cpu / result.replies) * 1000,
    ]),
  );
  const ours = spent.reduce((sum, [, cpu]) => sum + cpu, result.generatorCpu);
  reportTrouble(contestant.name, result);
  return { ...result, cpuPerThousand, usedByOthers: Math.max(0, busy - ours) / available };
}

function spentBy({ spenders }: Contestant): [string, number][] {
  return Object.entries(spenders).map(([name, read]) => [name, read()]);
}

/** A figure made of refusals would look splendid, so they are said aloud. */
export function reportTrouble(name: string, { statuses, firstRefusal, brokenConnections }: BurstResult): void {
  const refused = Object.entries(statuses).filter(([status]) => !status.startsWith('2'));
  if (refused.length === 0 && brokenConnections === 0) return;
  console.log(
    `  ! ${name}: ${JSON.stringify(statuses)}, ${brokenConnections} broken connections. ${firstRefusal ?? ''}`,
  );
}

function standingOf(name: string, rounds: Round[]): Standing {
  const speeds = rounds.map((round) => round.perSecond);
  const spenders = Object.keys(rounds[0]?.cpuPerThousand ?? {});
  return {
    name,
    perSecond: median(speeds),
    p50: median(rounds.map((round) => round.latency.p50)),
    p99: median(rounds.map((round) => round.latency.p99)),
    range: [Math.min(...speeds), Math.max(...speeds)],
    cpuPerThousand: Object.fromEntries(
      spenders.map((spender) => [spender, median(rounds.map((round) => round.cpuPerThousand[spender] ?? 0))]),
    ),
    usedByOthers: median(rounds.map((round) => round.usedByOthers)),
    rounds,
  };
}

/** Prints the standings with each one's ratio to the first, which is the one that all this is about. */
export function printStandings(standings: Standing[]): void {
  const subject = standings[0];
  const spenders = [...new Set(standings.flatMap((standing) => Object.keys(standing.cpuPerThousand)))];
  printTable(
    [
      '',
      'a second',
      'slowest–fastest',
      'p50 ms',
      'p99 ms',
      `${subject?.name} to it`,
      ...spenders.map((name) => `${name} ms/1000`),
      'others',
    ],
    standings.map((standing) => [
      standing.name,
      standing.perSecond,
      standing.range.map((speed) => Math.round(speed)).join('–'),
      standing.p50,
      standing.p99,
      `${((subject?.perSecond ?? Number.NaN) / standing.perSecond).toFixed(2)} ×`,
      ...spenders.map((name) => standing.cpuPerThousand[name] ?? Number.NaN),
      `${Math.round(standing.usedByOthers * 100)} %`,
    ]),
  );
}

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const TICK = 10;

/** Milliseconds that all cores together have been busy since the machine started. */
export function busyTime(): number {
  const { user, nice, system, interrupts, softInterrupts } = times();
  return (user + nice + system + interrupts + softInterrupts) * TICK;
}

/** Milliseconds that the cores together had work and were not given to this machine, where it is one of several on its host. */
export const stolenTime = (): number => times().stolen * TICK;

/** The first line of /proc/stat, in ticks (proc_stat(5)). */
function times() {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0, stolen = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return { user, nice, system, interrupts, softInterrupts, stolen };
}

/** With BENCH_QUICK=1: short rounds without waiting for quiet, to see whether something changed; not for figures to publish. */
export const quick = process.env.BENCH_QUICK === '1';

/** Waits until nobody else has used more than a twentieth of one core for a second; gives up after `atMost` seconds. */
export async function untilQuiet(atMost = quick ? 0 : 30): Promise<void> {
  for (let waited = 0; waited < atMost; waited++) {
    const before = busyTime();
    await sleep(1000);
    if (busyTime() - before < 50) return;
  }
}

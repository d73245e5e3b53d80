import type { MonotonicClock } from './lease.ts';

const tickMilliseconds = 2;
const mostUses = 256;

/**
 * A clock for hot loops: reading the platform's costs more than an answer from a replica does. One reading serves a stretch
 * of code that runs without a pause, and no longer: it is given up when the stretch ends, and within it when another thread
 * says that time has gone on, or after 256 uses. So it is wrong by two milliseconds at most, and by those uses where the
 * whole process was stopped in the middle of a stretch.
 *
 * It needs a thread, which Node.js, Bun and Deno have; elsewhere it is the platform's own clock. The thread ends with the
 * process, and keeps it from nothing.
 */
export function tickingClock(): MonotonicClock {
  const ticks = startTicking();
  if (ticks === undefined) return () => performance.now();
  let reading = 0;
  let tick = 0;
  let left = 0;
  const giveUp = (): void => {
    left = 0;
  };
  return () => {
    if (left > 0 && ticks[0] === tick) {
      left--;
      return reading;
    }
    // The tick first: one that comes between is then seen at the next use.
    tick = ticks[0] as number;
    reading = performance.now();
    if (left === 0) queueMicrotask(giveUp);
    left = mostUses;
    return reading;
  };
}

interface Threads {
  Worker: new (
    code: string,
    options: { eval: true; workerData: SharedArrayBuffer; stdout: true; stderr: true },
  ) => { unref(): void; on(event: string, listener: () => void): void };
}

/** A number that changes every few milliseconds, as long as its thread lives. */
function startTicking(): Int32Array | undefined {
  const platform = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  const threads = platform?.getBuiltinModule?.('node:worker_threads') as Threads | undefined;
  if (threads === undefined || typeof SharedArrayBuffer === 'undefined') return undefined;
  const memory = new SharedArrayBuffer(8);
  const worker = new threads.Worker(
    `const ticks = new Int32Array(require('node:worker_threads').workerData);
     for (;;) { Atomics.wait(ticks, 1, 0, ${tickMilliseconds}); Atomics.add(ticks, 0, 1); }`,
    { eval: true, workerData: memory, stdout: true, stderr: true },
  );
  worker.unref();
  return new Int32Array(memory);
}

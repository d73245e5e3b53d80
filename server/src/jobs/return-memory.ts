import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FastifyBaseLogger } from 'fastify';

/** What part of the time may be spent working while a process counts as idle. */
const idleUtilization = 0.1;
/** Bytes of heap that are not worth a pause. */
const worthwhile = 32 * 2 ** 20;

/**
 * Gives back what a burst left behind. V8 collects when it needs room, so a process that is asked nothing more keeps the heap
 * of its busiest minute for good. While the server is idle, and has more heap than is known to be in use, all of it
 * is collected: a pause of a few ten milliseconds each time, once or twice after a start and after a burst, and none in one.
 */
export function startReturningMemory(
  log: Pick<FastifyBaseLogger, 'debug'>,
  { everyMilliseconds = 5_000 } = {},
): { stop(): void } {
  /** What is in use as far as is known: after the start, nothing. */
  let usual = 0;
  let before = performance.eventLoopUtilization();
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const size = heapSize();
    usual = Math.min(usual, size);
    if (utilization > idleUtilization || size < usual + worthwhile) return;
    collect();
    const returned = size - heapSize();
    log.debug({ returned }, 'gave memory back');
    // What does not become less is in use.
    if (returned < worthwhile / 4) usual = heapSize();
  };
  const timer = setInterval(look, everyMilliseconds);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Bytes of memory that the heap takes, full or empty. */
const heapSize = (): number => getHeapStatistics().total_physical_size;

let collector: (() => void) | undefined;

/** V8 shows its collector to new contexts where a flag says so; the flag is set for no longer than it takes to fetch it. */
function collect(): void {
  if (collector === undefined) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collector();
}

import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { startReturningMemory } from '../../server/src/jobs/return-memory.ts';

/**
 * A process that fills its heap, lets most of it go, then is idle, or busy half of the time, for twenty looks. It tells how
 * large its heap is, and of each time that memory was given back.
 */
export interface Told {
  kind: 'after burst' | 'gave back' | 'quiet';
  /** Bytes. */
  heap: number;
}

const { inUse, garbage, busy } = JSON.parse(process.argv[2] as string);
const everyMilliseconds = 100;
const tell = (kind: Told['kind']): void => void process.send?.({ kind, heap: getHeapStatistics().total_physical_size });

startReturningMemory({ debug: () => tell('gave back') }, { everyMilliseconds });
const kept = texts(inUse);
let left: string[][] | undefined = texts(garbage);
tell('after burst');
left = undefined;
for (const end = performance.now() + 20 * everyMilliseconds; performance.now() < end; ) {
  if (busy) for (const until = performance.now() + 5; performance.now() < until; );
  await sleep(5);
}
tell('quiet');
process.disconnect?.();

/** So many megabytes of small objects. */
function texts(megabytes: number): string[][] {
  return Array.from({ length: megabytes * 1024 }, (_, row) => Array.from({ length: 32 }, (_, n) => `${row} ${n}`));
}

// So that they are not collected before their time.
export { kept, left };

import { LatchkeyError } from './error.ts';

const longestTimer = 2 ** 31 - 1;

/** The time that one call has, and the caller's wish to end it before. */
export interface Deadline {
  /** Aborts when the call must end. */
  signal: AbortSignal;
  /** Milliseconds that are left. */
  left(): number;
  /** Waits, and returns at once when the call must end. */
  sleep(milliseconds: number): Promise<void>;
  /** Why the call must end, if it must. */
  fault(): 'timeout' | 'aborted' | undefined;
  /** What the caller's signal was aborted with. */
  reason(): unknown;
  /** Lets go of the timer and of the caller's signal. */
  clear(): void;
}

/**
 * @param timeout milliseconds from now
 * @throws LatchkeyError `aborted` where the signal was aborted before
 */
export function startDeadline(timeout: number, signal: AbortSignal | undefined): Deadline {
  if (signal?.aborted)
    throw new LatchkeyError({ code: 'aborted', message: 'The call was aborted.', cause: signal.reason });
  const end = performance.now() + timeout;
  const controller = new AbortController();
  let fault: 'timeout' | 'aborted' | undefined;
  const finish = (why: 'timeout' | 'aborted') => {
    fault ??= why;
    controller.abort();
  };
  const onAbort = () => finish('aborted');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => finish('timeout'), Math.min(timeout, longestTimer));
  return {
    signal: controller.signal,
    left: () => end - performance.now(),
    sleep: (milliseconds) => sleep(milliseconds, controller.signal),
    fault: () => fault,
    reason: () => signal?.reason,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

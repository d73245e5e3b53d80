import type { LatchkeyError } from './error.ts';

const repeatable: readonly (number | undefined)[] = [408, 429, 500, 502, 503, 504];
const firstWait = 200;
const longestWait = 8_000;

/** Whether asking again may help. All requests may be repeated: what they repeat has one effect (see `Operations`). */
export const mayRepeat = (failure: LatchkeyError): boolean =>
  failure.code === 'unreachable' || repeatable.includes(failure.status);

/**
 * Milliseconds before the next attempt: what the server asked for, or twice as long each time; and by chance a little
 * more or less, so that those who failed together do not come back together.
 * @param attempt the one that failed, from 1
 */
export function waitBefore(failure: LatchkeyError, attempt: number): number {
  const backOff = Math.min(longestWait, firstWait * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
  if (failure.retryAfter === undefined) return backOff;
  return failure.retryAfter * 1000 + Math.min(backOff, 1_000);
}

/**
 * Seconds, from either form of Retry-After; undefined where it says nothing that can be read.
 * @param date the answer's own Date header: a moment is compared with the clock it was said by
 */
export function retryAfterSeconds(header: string | null, date: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header);
  const until = Date.parse(header);
  if (Number.isNaN(until)) return undefined;
  const said = Date.parse(date ?? '');
  return Math.max(0, Math.ceil((until - (Number.isNaN(said) ? Date.now() : said)) / 1000));
}

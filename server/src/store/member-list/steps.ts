import { backwards, type Page } from './conditions.ts';
import { beginningWord, spanWords } from './words.ts';

/** A part of the order, from somewhere on, that the index of address parts can be asked for. */
export interface Step {
  /** The word that everybody in it has. */
  word: string;
  /** The last id or address that may be in it, or the first where the order goes backwards: nobody behind it was asked for. */
  end: string;
}

/**
 * The spans of time that the index knows each member by, through the time in its id (UUID version 7): of 4 seconds, 4 minutes,
 * 5 hours and 12 days.
 */
const levels = [12, 18, 24, 30] as const;
/** More of a finer level take longer to ask for than fewer of a coarser one have too many members. */
const mostSpans = 16;

/** The spans from one id on that take the order past another. */
export function spansUpTo(goal: string, from: string, page: Page): Step {
  const times = [millisecondOf(from), millisecondOf(goal)].toSorted((a, b) => a - b) as [number, number];
  const level = levels.find((bits) => spanAt(times[1], bits) - spanAt(times[0], bits) < mostSpans) ?? 30;
  const [first, last] = [spanAt(times[0], level), spanAt(times[1], level)];
  return {
    word: spanWords(
      level,
      Array.from({ length: last - first + 1 }, (_, n) => first + n),
    ),
    end: backwards(page)
      ? `${timeOf(first * 2 ** level)}-0000-0000-000000000000`
      : `${timeOf((last + 1) * 2 ** level - 1)}-ffff-ffff-ffffffffffff`,
  };
}

const spanAt = (millisecond: number, bits: number): number => Math.floor(millisecond / 2 ** bits);

const millisecondOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

function timeOf(millisecond: number): string {
  const digits = millisecond.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/** The addresses that begin as one does, with as many characters of it, up to four, as take the order past another; at least with its first. */
export function beginningUpTo(goal: string, from: string, page: Page): Step {
  const characters = [...from].slice(0, 4);
  for (;;) {
    const beginning = characters.join('');
    const end = backwards(page) ? beginning : `${beginning}\u{10ffff}`;
    if (characters.length === 1 || !isAhead(goal, end, page)) return { word: beginningWord(beginning), end };
    characters.pop();
  }
}

export const isAhead = (one: string, of: string, page: Page): boolean =>
  backwards(page) ? compareBytes(one, of) < 0 : compareBytes(one, of) > 0;

/** As the database orders addresses; JavaScript's own order puts some characters elsewhere. */
export const compareBytes = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

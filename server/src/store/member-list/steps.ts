import { backwards, byEmail, type Page } from './conditions.ts';
import { beginningWord, spanWords } from './words.ts';

/** A part of the order, from somewhere on, that the index of address parts can be asked for. */
export interface Step {
  /** The word that everybody in it has. Others may have it too, behind its end. */
  word: string;
  /** The last id or address that may be in it, or the first where the order goes backwards: nobody behind it was asked for. */
  end: string;
}

/**
 * The spans of time that the index knows each member by, through the time in its id (UUID version 7): of 4 seconds, 4 minutes,
 * 5 hours and 12 days. Fewer than `most` are asked for together nearly as fast as one.
 */
const levels = [
  { bits: 12, most: 64 },
  { bits: 18, most: 64 },
  { bits: 24, most: 64 },
  { bits: 30, most: 128 },
];

/** The spans from one id on that take the order past another; undefined where the times in the ids are no times. */
export function spansUpTo(goal: string, from: string, page: Page): Step | undefined {
  const [earlier, later] = backwards(page) ? [goal, from] : [from, goal];
  const level = levels.find(({ bits, most }) => spanOf(later, bits) - spanOf(earlier, bits) < most)?.bits;
  if (level === undefined) return undefined;
  const [first, last] = [spanOf(earlier, level), spanOf(later, level)];
  const spans = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  const end = backwards(page)
    ? `${timeOf(first * 2 ** level)}-0000-0000-000000000000`
    : `${timeOf((last + 1) * 2 ** level - 1)}-ffff-ffff-ffffffffffff`;
  return { word: spanWords(level, spans), end };
}

function spanOf(id: string, bits: number): number {
  const millisecond = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return Math.floor(millisecond / 2 ** bits);
}

function timeOf(millisecond: number): string {
  const digits = millisecond.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/**
 * The addresses that begin as one does, with four characters of it, or with fewer to take the order past another, unless that were past
 * the farthest as well. So it may end before its goal.
 */
export function beginningUpTo(goal: string, farthest: string | undefined, from: string, page: Page): Step {
  const characters = [...from].slice(0, 4);
  let step = beginningWith(characters, page);
  while (characters.length > 1 && isAhead(goal, step.end, page)) {
    characters.pop();
    const longer = beginningWith(characters, page);
    if (farthest !== undefined && isAhead(longer.end, farthest, page)) break;
    step = longer;
  }
  return step;
}

function beginningWith(characters: readonly string[], page: Page): Step {
  const beginning = characters.join('');
  return { word: beginningWord(beginning), end: backwards(page) ? beginning : `${beginning}\u{10ffff}` };
}

export function isAhead(one: string, of: string, page: Page): boolean {
  if (!byEmail(page)) return backwards(page) ? one < of : one > of;
  return backwards(page) ? compareBytes(one, of) < 0 : compareBytes(one, of) > 0;
}

/**
 * As the database orders addresses, by the bytes of UTF-8, which is by code points. JavaScript's own order goes by units of UTF-16, of which those that
 * stand in pairs for what comes last are not the last.
 */
export function compareBytes(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let n = 0; n < length; n++) {
    const [unit, otherUnit] = [one.charCodeAt(n), other.charCodeAt(n)];
    if (unit !== otherUnit) return rankOf(unit) - rankOf(otherUnit);
  }
  return one.length - other.length;
}

const rankOf = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);

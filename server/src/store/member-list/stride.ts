import type { Database } from '../database.ts';
import type { MemberRow } from '../members.ts';
import { byEmail, type Page, restOf } from './conditions.ts';
import { membersWith } from './found.ts';
import { readParts } from './read.ts';
import { isAhead, type Step } from './steps.ts';

/** Steps that follow one another in the order and are asked for together. */
export interface Stride {
  /** With whom the list began when it was last asked: those before them are read as well. */
  start?: string | undefined;
  first: Step;
  /** Asked for at the same time, by another connection. */
  beside?: Step | undefined;
  /** Asked for in the same statement, where the steps before it have too few. */
  beyond?: Step | undefined;
}

export interface Met {
  rows: MemberRow[];
  /** The id or address up to which everybody was met, unless the page is full. */
  end: string;
}

/** What a stride has of the page; undefined where the list by now begins before its start. */
export async function readStride(
  db: Database,
  page: Page,
  words: readonly string[],
  { start, first, beside, beyond }: Stride,
): Promise<Met | undefined> {
  const { limit } = page;
  if (beside === undefined) return readStep(db, page, words, { start, first, beyond }, limit);
  const behind = restOf(page, 0, first.end);
  const [one, other] = await Promise.all([
    readStep(db, page, words, { start, first }, limit),
    readStep(db, behind, words, { first: beside, beyond }, Math.ceil(limit * tooFew)),
  ]);
  return one && other && { rows: [...one.rows, ...other.rows].slice(0, limit), end: other.end };
}

/** Of two steps at once, the second has half of the page if all is as forecast. */
const tooFew = 1 / 4;

/** @param enough if the step has so many, the one beyond is not asked for */
async function readStep(
  db: Database,
  page: Page,
  words: readonly string[],
  { start, first, beyond }: Omit<Stride, 'beside'>,
  enough: number,
): Promise<Met | undefined> {
  const rows = await readParts(db, page, {
    near: membersWith(page, words, first.word),
    beyond: beyond && { source: membersWith(page, words, beyond.word), border: first.end, enough },
    start,
  });
  const placeOf = ({ id, email }: MemberRow): string => (byEmail(page) ? email : id);
  const metUpTo = (end: string): Met => ({ rows: rows.filter((row) => !isAhead(placeOf(row), end, page)), end });
  if (start !== undefined && rows[0] && isAhead(start, placeOf(rows[0]), page)) return undefined;
  const met = metUpTo(first.end);
  return beyond && met.rows.length < enough ? metUpTo(beyond.end) : met;
}

import type { Database } from '../database.ts';
import type { MemberRow } from '../members.ts';
import { byEmail, type Page, restOf } from './conditions.ts';
import { lastInOrder, nextInOrder, rememberedStart, rememberStart } from './ends.ts';
import {
  boundAhead,
  expectedInEach,
  expectedMatches,
  type Forecast,
  margin,
  membersUntilFull,
  placeBehind,
  placeOfNext,
  reachesOf,
} from './forecast.ts';
import { membersWith } from './found.ts';
import { readOn, readPage, readSteps, readUpTo } from './read.ts';
import { isAhead, type Step } from './steps.ts';

export interface Search {
  text: string;
  forecast: Forecast;
  /** The first member's id or address, whichever the order goes by; where it is not known, it is asked for when it is needed. */
  begins?: string | undefined;
  /** About so many are read in order where they likely fill the page. */
  longest: number;
  /** Another way to all that match and are left, where it is better than fetching all that match. */
  restAtOnce?: (rest: Page) => Promise<MemberRow[]>;
}

/** How a search goes along one of the orders. */
export interface Way extends Search {
  words: readonly string[];
  /** The step from there on as far as the goal, or nearly; undefined where there is none. */
  stepTo: (from: string, goal: string, farthest?: string) => Step | undefined;
  /** An address behind which nobody is wanted. */
  upTo?: string | undefined;
}

/** So many are fetched together without a second thought. Where a sample has three of them, they may well be three times as many. */
const few = 300;
/** A larger part of the order takes longer to ask for than all at once. */
const largest = 1 / 3;
/** To ask for the part of the order that so many members are in takes as long as to fetch one of them. */
const passedForOne = 600;
const mostQuestions = 8;
/** Reading ends where the page is full, so it may well go further than is likely to be needed. */
const ample = 2;

/** What was found of a page, all that there is up to an id or address; undefined for the end of the list. */
interface Met {
  rows: MemberRow[];
  end: string | undefined;
}

/** The page, part after part of the order while a few more promise to fill it, or to come to the end; otherwise all at once. */
export async function inSteps(db: Database, page: Page, way: Way): Promise<MemberRow[]> {
  const { words, forecast, longest, upTo } = way;
  const rows: MemberRow[] = [];
  let rest = page;
  let from = page.position.after ?? way.begins;
  let origin: number | undefined;
  let read = 0;
  for (let questions = 0; questions < mostQuestions; questions++) {
    // Where less was found than forecast, as many again as so far.
    const enough = Math.max(read, membersUntilFull(forecast, rest));
    let met: Met | undefined;
    if (read + enough <= longest) {
      const members = Math.min(ample * enough, longest - read);
      met = await readAhead(db, rest, forecast, members);
      read += members;
      from = met.end;
    } else {
      if (expectedMatches(forecast) <= few) break;
      const start = from === undefined && rest.position.after === null ? await rememberedStart(db, rest) : undefined;
      from ??= start ?? (await nextInOrder(db, rest));
      if (from === undefined || (upTo !== undefined && !isAhead(upTo, from, page))) return rows;
      const at = placeBehind(forecast, from, page);
      origin ??= at;
      met = await walk(db, rest, way, { from, start, inEach: likelyInEach(forecast, rows.length, at - origin) });
      from = undefined;
    }
    if (met === undefined) break;
    rows.push(...met.rows);
    if (rows.length === page.limit || met.end === undefined) return rows;
    if (upTo !== undefined && !isAhead(upTo, met.end, page)) return rows;
    rest = restOf(page, rows.length, met.end);
  }
  const left = way.restAtOnce?.(rest) ?? readPage(db, rest, membersWith(rest, words));
  return [...rows, ...(await left)];
}

/** What the next so many members in order have of the page, or about so many; behind the sample it is not known how many there are. */
async function readAhead(db: Database, page: Page, forecast: Forecast, members: number): Promise<Met> {
  const bound = boundAhead(forecast, page, members);
  if (bound !== undefined) return { rows: await readUpTo(db, page, bound), end: bound };
  const { rows, reached } = await readOn(db, page, members);
  return { rows, end: reached ?? undefined };
}

interface Outset {
  /** An id or address that the page does not begin before. */
  from: string;
  /** The same, where it is only remembered: should the list by now begin before it, that is seen and the walk begun again. */
  start?: string | undefined;
  /** How many of the page's members are likely met from one place to the next. */
  inEach: number;
}

/** What a few steps have of the page; undefined where they would have to go too far, or all at once takes less. */
async function walk(db: Database, page: Page, way: Way, { from, start, inEach }: Outset): Promise<Met | undefined> {
  const { forecast, words } = way;
  if (!isWorthStepping(forecast, (margin * page.limit) / inEach)) return undefined;
  const at = placeBehind(forecast, from, page);
  const reaches = reachesOf(forecast, at, page.limit, inEach);
  const nearest = reaches[0] as number;
  if (Math.max(nearest, placeOfNext(forecast, at)) > farthestFrom(at, way)) return undefined;
  const isPastSample = forecast.places[nearest] === undefined;
  const last = isPastSample ? await lastInOrder(db, page) : undefined;
  if (isPastSample && last === undefined) return { rows: [], end: undefined };

  const steps = stepsTo(reaches, { from, at, last }, way, page);
  const end = steps.at(-1)?.end;
  if (end === undefined) return undefined;
  const rows = await readSteps(db, page, { steps, start }, membersWith(page, words, 'step.word'));
  if (start !== undefined && rows[0] && isAhead(start, keyOf(rows[0], page), page)) {
    const begins = await rememberStart(db, page);
    return begins === undefined ? { rows: [], end: undefined } : walk(db, page, way, { from: begins, inEach });
  }
  return { rows, end: last === undefined || isAhead(last, end, page) ? end : undefined };
}

/** Whether so many places are less to ask for, with who matches there, than to fetch all that match: where few do, that soon ends. */
const isWorthStepping = ({ matching, places }: Forecast, until: number): boolean =>
  until * (matching.length + places.length / passedForOne) < places.length * matching.length;

const farthestFrom = (at: number, { forecast }: Way): number => at + Math.floor(largest * forecast.places.length);

/** A step to each of these places that the ones before it do not come to, the first maybe to the last of the list. */
function stepsTo(
  reaches: readonly number[],
  { from, at, last }: { from: string; at: number; last: string | undefined },
  way: Way,
  page: Page,
): Step[] {
  const placeAt = (reach: number) => way.forecast.places[Math.min(reach, farthestFrom(at, way))];
  const steps: Step[] = [];
  for (const reach of reaches) {
    const goal = steps.length === 0 ? (placeAt(reach) ?? last) : placeAt(reach);
    const start = steps.at(-1)?.end ?? from;
    if (goal === undefined || (way.upTo !== undefined && !isAhead(way.upTo, start, page))) break;
    if (steps.length > 0 && !isAhead(goal, start, page)) continue;
    const step = way.stepTo(start, goal, placeAt(2 * reach - at));
    if (step === undefined) break;
    if (steps.length === 0 || isAhead(step.end, start, page)) steps.push(step);
  }
  return steps;
}

const keyOf = ({ id, email }: MemberRow, page: Page): string => (byEmail(page) ? email : id);

/** As the forecast says, and as it was so far. */
function likelyInEach(forecast: Forecast, found: number, passed: number): number {
  const expected = expectedInEach(forecast);
  return passed <= 0 ? expected : (expected + found / passed) / 2;
}

import type { Database } from '../database.ts';
import type { MemberRow } from '../members.ts';
import { type Page, restOf } from './conditions.ts';
import { lastInOrder, nextInOrder, rememberedStart, rememberStart } from './ends.ts';
import {
  expectedInEach,
  expectedMatches,
  type Forecast,
  membersUntilFull,
  placeBehind,
  placeOfNext,
  type Reach,
  reachOf,
} from './forecast.ts';
import { membersWith } from './found.ts';
import { readOn, readPage } from './read.ts';
import { isAhead, type Step } from './steps.ts';
import { readStride, type Stride } from './stride.ts';

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
const mostSteps = 8;
/** Among so many members for each that is wanted, a step is asked for in two halves at once: it takes the database longer than asking does. */
const wide = 1_000;
/** Reading ends where the page is full, so it may well go further than is likely to be needed. */
const ample = 2;

/** The page, step after step while a few more promise to fill it, or to come to the end; otherwise all at once. */
export async function inSteps(db: Database, page: Page, way: Way): Promise<MemberRow[]> {
  const { words, forecast, longest } = way;
  const { places } = forecast;
  const isPastWanted = (reached: string): boolean => way.upTo !== undefined && !isAhead(way.upTo, reached, page);
  const rows: MemberRow[] = [];
  let rest = page;
  let from = page.position.after ?? way.begins;
  let origin: number | undefined;
  let read = 0;
  for (let steps = 0; steps < mostSteps; steps++) {
    // Where less was found than forecast, as many again as so far.
    const enough = Math.max(read, membersUntilFull(forecast, rest));
    if (read + enough <= longest) {
      const next = await readOn(db, rest, Math.min(ample * enough, longest - read));
      rows.push(...next.rows);
      if (next.reached === null || isPastWanted(next.reached)) return rows;
      rest = restOf(page, rows.length, next.reached);
      from = next.reached;
      read += next.read;
      continue;
    }

    if (expectedMatches(forecast) <= few) break;
    const start = from === undefined && rest.position.after === null ? await rememberedStart(db, rest) : undefined;
    from ??= start ?? (await nextInOrder(db, rest));
    if (from === undefined) return rows;
    const at = placeBehind(forecast, from, page);
    origin ??= at;
    const reach = reachOf(forecast, at, rest.limit, likelyInEach(forecast, rows.length, at - origin));
    if (Math.max(reach.near, placeOfNext(forecast, at)) > farthestFrom(at, way)) break;
    const bound = places[reach.near];
    const goal = bound ?? (await lastInOrder(db, rest));
    if (goal === undefined) return rows;
    const stride = strideFrom(from, goal, { at, ...reach }, way, rest);
    if (stride === undefined) break;
    const met = await readStride(db, rest, words, { ...stride, start });
    if (met === undefined) {
      from = await rememberStart(db, rest);
      origin = undefined;
      continue;
    }
    rows.push(...met.rows);
    const isPastAll = bound === undefined && !isAhead(goal, met.end, page);
    if (rows.length === page.limit || isPastAll || isPastWanted(met.end)) return rows;
    rest = restOf(page, rows.length, met.end);
    from = undefined;
  }
  const left = way.restAtOnce?.(rest) ?? readPage(db, rest, membersWith(rest, words));
  return [...rows, ...(await left)];
}

const farthestFrom = (at: number, { forecast }: Way): number => at + Math.floor(largest * forecast.places.length);

/** The steps to where the page is likely full, and from there on to where it is nearly certainly so. */
function strideFrom(
  from: string,
  goal: string,
  { at, near, far }: Reach & { at: number },
  way: Way,
  page: Page,
): Stride | undefined {
  const { places, each } = way.forecast;
  const isWide = (near - at) * each >= wide * page.limit;
  const half = isWide ? way.stepTo(from, places[(at + near) >> 1] ?? goal, places[near]) : undefined;
  const beside = half && stepBehind(half, goal, places[2 * near - at], way, page);
  const first = beside ? half : way.stepTo(from, goal, places[2 * near - at]);
  if (first === undefined) return undefined;
  const farthest = farthestFrom(at, way);
  const [farGoal, past] = [places[Math.min(far, farthest)], places[Math.min(2 * far - at, farthest)]];
  return { first, beside, beyond: stepBehind(beside ?? first, farGoal, past, way, page) };
}

/** The step that goes on where another ends, if the goal is not reached with that. */
function stepBehind(
  step: Step,
  goal: string | undefined,
  farthest: string | undefined,
  { stepTo }: Way,
  page: Page,
): Step | undefined {
  if (goal === undefined || !isAhead(goal, step.end, page)) return undefined;
  const next = stepTo(step.end, goal, farthest);
  return next && isAhead(next.end, step.end, page) ? next : undefined;
}

/** As the forecast says, and as it was so far. */
function likelyInEach(forecast: Forecast, found: number, passed: number): number {
  const expected = expectedInEach(forecast);
  return passed <= 0 ? expected : (expected + found / passed) / 2;
}

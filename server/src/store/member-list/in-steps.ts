import { type Database, first } from '../database.ts';
import type { MemberRow } from '../members.ts';
import { byEmail, type Conditions, conditionsOf, type Page, restOf } from './conditions.ts';
import {
  expectedInEach,
  expectedMatches,
  type Forecast,
  membersUntilFull,
  placeBehind,
  placeToFill,
} from './forecast.ts';
import { membersWith } from './found.ts';
import { readOn, readPage } from './read.ts';
import { isAhead, type Step } from './steps.ts';

export interface Search {
  text: string;
  forecast: Forecast;
  /** The first member's id or address, whichever the order goes by; where it is not known, it is asked for when it is needed. */
  begins?: string | undefined;
  /** So many are read in order where they likely fill the page. */
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
/** Reading ends where the page is full, so it may well go further than is likely to be needed. */
const ample = 3;

/** The page, step after step while a few more promise to fill it, or to come to the end; otherwise all at once. */
export async function inSteps(db: Database, page: Page, way: Way): Promise<MemberRow[]> {
  const { words, forecast, longest } = way;
  const { places } = forecast;
  const isPastWanted = (reached: string): boolean => way.upTo !== undefined && !isAhead(way.upTo, reached, page);
  const rows: MemberRow[] = [];
  let rest = page;
  let from = page.position.after ?? way.begins;
  let start: number | undefined;
  let read = 0;
  for (let steps = 0; steps < mostSteps; steps++) {
    // Where less was found than forecast, as many again as so far.
    const enough = Math.max(read, membersUntilFull(forecast, rest));
    if (read + enough <= longest) {
      const most = Math.ceil(Math.min(ample * enough, longest - read));
      const next = await readOn(db, rest, most);
      rows.push(...next.rows);
      if (next.reached === null || isPastWanted(next.reached)) return rows;
      rest = restOf(page, rows.length, next.reached);
      from = next.reached;
      read += most;
      continue;
    }

    if (expectedMatches(forecast) <= few) break;
    from ??= await nextInOrder(db, rest);
    if (from === undefined) return rows;
    const at = placeBehind(forecast, from, page);
    start ??= at;
    const to = placeToFill(forecast, at, rest.limit, likelyInEach(forecast, rows.length, at - start));
    if (to - at > largest * places.length) break;
    const bound = places[to];
    const goal = bound ?? (await lastInOrder(db, rest));
    if (goal === undefined) return rows;
    const step = way.stepTo(from, goal, places[2 * to - at]);
    if (step === undefined) break;
    const met = await readPage(db, rest, membersWith(rest, words, step.word));
    rows.push(...met.filter((row) => !isAhead(byEmail(page) ? row.email : row.id, step.end, page)));
    const isPastAll = bound === undefined && !isAhead(goal, step.end, page);
    if (rows.length === page.limit || isPastAll || isPastWanted(step.end)) return rows;
    rest = restOf(page, rows.length, step.end);
    from = undefined;
  }
  const left = way.restAtOnce?.(rest) ?? readPage(db, rest, membersWith(rest, words));
  return [...rows, ...(await left)];
}

/** As the forecast says, and as it was so far. */
function likelyInEach(forecast: Forecast, found: number, passed: number): number {
  const expected = expectedInEach(forecast);
  return passed === 0 ? expected : (expected + found / passed) / 2;
}

/** The id or address that comes next, and the last one, whoever it may be. */
const nextInOrder = (db: Database, page: Page) => oneInOrder(db, page, ({ order }) => order);
const lastInOrder = (db: Database, page: Page) => oneInOrder(db, page, ({ reversed }) => reversed);

async function oneInOrder(
  db: Database,
  page: Page,
  orderOf: (conditions: Conditions) => string,
): Promise<string | undefined> {
  const conditions = conditionsOf({ ...page, filter: { sort: page.filter.sort } });
  const { values, column, range } = conditions;
  const rows = await db.rows<{ value: string }>(
    `select ${column}::text as value from member m where ${range} order by ${orderOf(conditions)} limit 1`,
    values,
  );
  return first(rows)?.value;
}

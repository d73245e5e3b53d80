import type { Database } from '../database.ts';
import type { MemberRow } from '../members.ts';
import { backwards, type Page } from './conditions.ts';
import { type Forecast, membersUntilFull, otherwise, placeOf } from './forecast.ts';
import { membersWith } from './found.ts';
import { inSteps, type Search, type Way } from './in-steps.ts';
import { readOn, readPage } from './read.ts';
import { beginningUpTo, compareBytes } from './steps.ts';
import { beginningWord, wordsOf } from './words.ts';

/** Of those who begin with it, about so many are read in order; with permissions, whether they are held is looked up for each. */
const mostBeginning = ({ filter }: Page): number => (filter.permissions === undefined ? 10_000 : 1_500);

/** In the order of addresses, those that begin with it stand together; only those that have it inside are looked for. */
export async function searchByEmail(db: Database, page: Page, search: Search): Promise<MemberRow[]> {
  const { text, forecast, longest } = search;
  const inOrder = (way: Pick<Way, 'words'> & Partial<Way>): Promise<MemberRow[]> =>
    inSteps(db, page, {
      restAtOnce: (rest) => readBeginnings(db, rest, way.words, way.forecast ?? forecast),
      ...search,
      stepTo: (from, goal, farthest) => beginningUpTo(goal, farthest, from, page),
      ...way,
    });
  const anywhere = () => inOrder({ words: wordsOf(text, 'anywhere') });
  const insideOnly = otherwise(forecast, text);
  const nobodyBeginsSo = insideOnly.matching.length === forecast.matching.length;
  if (nobodyBeginsSo || membersUntilFull(forecast, page) <= longest) return anywhere();

  const { rows: beginning, reached } = await readOn(db, { ...page, beginning: text }, mostBeginning(page));
  if (reached !== null) return anywhere();
  const upTo = beginning.length === page.limit ? beginning.at(-1)?.email : undefined;
  const inside = await inOrder({ words: wordsOf(text, 'inside'), forecast: insideOnly, upTo });
  return firstByEmail(page, [...beginning, ...inside]);
}

/** Where so many are left to fetch at once, it is worth while to see how they begin. */
const dear = 5_000;
const mostBeginnings = 8;

/**
 * Where nearly all that match begin in one of a few ways, those are read in order, one way after another; only those that begin
 * otherwise are fetched at once.
 */
async function readBeginnings(
  db: Database,
  page: Page,
  words: readonly string[],
  forecast: Forecast,
): Promise<MemberRow[]> {
  const allAtOnce = () => readPage(db, page, membersWith(page, words));
  const at = placeOf(forecast, page);
  const ahead = forecast.matching.filter((place) => place >= at);
  if (ahead.length * forecast.each < dear) return allAtOnce();
  const eightUnits = new Set(ahead.map((place) => forecast.places[place]?.slice(0, 8) ?? ''));
  const beginnings = [...new Set([...eightUnits].map(beginningOf))];
  if (beginnings.length > mostBeginnings) return allAtOnce();
  const [first = '', ...more] = words;
  const notSo = beginnings.map((beginning) => `!${beginningWord(beginning)}`);
  const others = [[first, ...notSo].map((word) => `(${word})`).join(' & '), ...more];
  const [beginningSo, beginningOtherwise] = await Promise.all([
    readOneAfterAnother(db, page, beginnings),
    readPage(db, page, membersWith(page, others)),
  ]);
  return beginningSo ? firstByEmail(page, [...beginningSo, ...beginningOtherwise]) : allAtOnce();
}

/** Those of the page that begin in one of these ways, which stand in its order; undefined where that takes too long. */
async function readOneAfterAnother(
  db: Database,
  page: Page,
  beginnings: readonly string[],
): Promise<MemberRow[] | undefined> {
  const rows: MemberRow[] = [];
  for (const beginning of beginnings) {
    const read = await readOn(db, { ...page, beginning, limit: page.limit - rows.length }, mostBeginning(page));
    if (read.reached !== null) return undefined;
    rows.push(...read.rows);
    if (rows.length === page.limit) break;
  }
  return rows;
}

/** Four characters, each of at most two units. */
const beginningOf = (units: string): string => [...units].slice(0, 4).join('');

function firstByEmail(page: Page, found: readonly MemberRow[]): MemberRow[] {
  const rows = new Map(found.map((row) => [row.id, row]));
  const inOrder = [...rows.values()].sort((one, other) => compareBytes(one.email, other.email));
  return (backwards(page) ? inOrder.reverse() : inOrder).slice(0, page.limit);
}

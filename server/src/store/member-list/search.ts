import { type Database, first } from '../database.ts';
import type { MemberRow } from '../members.ts';
import { backwards, byEmail, type Conditions, conditionsOf, type Page, restOf } from './conditions.ts';
import { readOn, readPage } from './read.ts';
import { equalParts } from './statistics.ts';
import { beginningUpTo, compareBytes, isAhead, type Step, spansUpTo } from './steps.ts';
import { wordsOf } from './words.ts';

export interface Search {
  text: string;
  /** The first member's id or address, whichever the order goes by. */
  begins: string;
  /** Another way to all that match and are left, where it is better than fetching all that match. */
  restAtOnce?: ((rest: Page) => Promise<MemberRow[]>) | undefined;
}

/**
 * By the index of address parts. It gives all that match at once and in no order, which is dear where they are many. So it is asked
 * for one part of the order after another, as large as the page seems to need: by id for spans of time, by address for what begins alike.
 */
export function searchMembers(db: Database, page: Page, search: Search): Promise<MemberRow[]> {
  return byEmail(page) ? searchByEmail(db, page, search) : searchById(db, page, search);
}

async function searchById(db: Database, page: Page, search: Search): Promise<MemberRow[]> {
  return inSteps(db, page, {
    ...search,
    words: wordsOf(search.text, 'anywhere'),
    bounds: await equalParts(db, 'id'),
    nextFrom: async (step) => step.end,
    stepTo: (from, goal) => spansUpTo(goal, from, page),
  });
}

/** Of those who begin with it, so many are read in order; with permissions, whether they are held is looked up for each. */
const mostBeginning = { plain: 10_000, withPermissions: 1_500 };

/** In the order of addresses, those that begin with it stand together; only those that have it inside are looked for. */
async function searchByEmail(db: Database, page: Page, search: Search): Promise<MemberRow[]> {
  const way = {
    ...search,
    bounds: await equalParts(db, 'email'),
    nextFrom: (_: Step, rest: Page) => nextInOrder(db, rest),
    stepTo: (from: string, goal: string, farthest?: string) => beginningUpTo(goal, farthest, from, page),
  };
  const most = page.filter.permissions === undefined ? mostBeginning.plain : mostBeginning.withPermissions;
  const beginning = await readOn(db, { ...page, beginning: search.text }, most);
  if (beginning === null) return inSteps(db, page, { ...way, words: wordsOf(search.text, 'anywhere') });
  const upTo = beginning.length === page.limit ? beginning.at(-1)?.email : undefined;
  const inside = await inSteps(db, page, { ...way, words: wordsOf(search.text, 'inside'), upTo });
  const rows = new Map([...beginning, ...inside].map((row) => [row.id, row]));
  const inOrder = [...rows.values()].sort((one, other) => compareBytes(one.email, other.email));
  return (backwards(page) ? inOrder.reverse() : inOrder).slice(0, page.limit);
}

interface Way extends Search {
  words: readonly string[];
  /** Bounds of equal parts of the order, all of it. */
  bounds: readonly string[];
  /** The step from there on as far as the goal, or nearly; undefined where there is none. */
  stepTo: (from: string, goal: string, farthest?: string) => Step | undefined;
  /** Where the step after this one begins; undefined where nobody is left. */
  nextFrom: (step: Step, rest: Page) => Promise<string | undefined>;
  /** An address behind which nobody is wanted. */
  upTo?: string | undefined;
}

/** A larger part of the order takes longer to ask for than all at once. */
const largest = 1 / 8;
/** So many parts say how many match, if those that do are not too uneven. */
const telling = 3;
const mostSteps = 8;

/** The page, step after step while a few more promise to fill it, or to come to the end; otherwise all at once. */
async function inSteps(db: Database, page: Page, way: Way): Promise<MemberRow[]> {
  const { words, begins, bounds, upTo } = way;
  const ahead = bounds.filter((bound) => isAhead(bound, begins, page));
  if (backwards(page)) ahead.reverse();
  const rows: MemberRow[] = [];
  let rest = page;
  let from = begins;
  let passed = 0;
  let needed = 2;
  for (let steps = 0; steps < mostSteps && needed <= largest * bounds.length; steps++) {
    const bound = ahead[passed + needed - 1];
    const goal = bound ?? (await lastInOrder(db, rest));
    if (goal === undefined) return rows;
    const step = way.stepTo(from, goal, ahead[passed + 2 * needed]);
    if (step === undefined) break;
    const met = await readPage(db, rest, membersWith(rest, words, step.word));
    rows.push(...met.filter((row) => !isAhead(byEmail(page) ? row.email : row.id, step.end, page)));
    const isPastAll = bound === undefined && !isAhead(goal, step.end, page);
    const isPastWanted = upTo !== undefined && !isAhead(upTo, step.end, page);
    if (rows.length === page.limit || isPastAll || isPastWanted) return rows;

    rest = restOf(page, rows.length, step.end);
    const next = await way.nextFrom(step, rest);
    if (next === undefined) return rows;
    from = next;
    passed = ahead.filter((one) => !isAhead(one, step.end, page)).length;
    // The first of them was a part of one.
    const inEach = rows.length / Math.max(0.5, passed - 0.5);
    const most = passed < telling ? telling - passed : ahead.length - passed + 1;
    needed = Math.min(Math.ceil((1.4 * rest.limit) / inEach), most);
  }
  const left = way.restAtOnce?.(rest) ?? readPage(db, rest, membersWith(rest, words));
  return [...rows, ...(await left)];
}

/**
 * Each word is a condition of its own: the index then skips from one's next member to the other's, which in one tsquery it does not.
 * `offset 0` keeps the planner from reading other indexes too, and from looking at the grants of more than a page takes.
 */
function membersWith({ filter }: Page, words: readonly string[], stepWord?: string) {
  return ({ value, range, searched, order }: Conditions): string => {
    const asked = [...inTwoOrFour(words), ...(stepWord === undefined ? [] : [stepWord])];
    const conditions = asked.map((word) => `address_parts(m.email, m.id) @@ ${value(word)}::tsquery`);
    const found = `(select m.* from member m where m.status <> 'removed' and ${conditions.join(' and ')} offset 0) m`;
    if (filter.permissions === undefined) return found;
    return `(select m.* from ${found} where ${range} and ${searched} order by ${order} offset 0) m`;
  };
}

/** Every number of conditions is prepared as a statement of its own. A word that is repeated takes next to nothing. */
function inTwoOrFour(words: readonly string[]): string[] {
  const last = words.at(-1) ?? '';
  if (words.length <= 2) return [words[0] ?? last, last];
  return [...words.slice(0, 3), words.slice(3).join(' & ') || last];
}

/** The id or address that comes next, and the last one, whoever it may be. */
const nextInOrder = (db: Database, page: Page) => oneInOrder(db, page, ({ order }) => order);
const lastInOrder = (db: Database, page: Page) => oneInOrder(db, page, ({ reversed }) => reversed);

async function oneInOrder(
  db: Database,
  page: Page,
  orderOf: (conditions: Conditions) => string,
): Promise<string | undefined> {
  const conditions = conditionsOf({ ...page, filter: { sort: page.filter.sort }, limit: 1 });
  const { values, column, range } = conditions;
  const rows = await db.rows<{ value: string }>(
    `select ${column}::text as value from member m where ${range} order by ${orderOf(conditions)} limit $2`,
    values,
  );
  return first(rows)?.value;
}

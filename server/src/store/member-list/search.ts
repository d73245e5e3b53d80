import { type Database, first } from '../database.ts';
import type { MemberRow } from '../members.ts';
import { backwards, byEmail, type Conditions, conditionsOf, type Page, restOf } from './conditions.ts';
import { readOn, readPage } from './read.ts';
import { equalParts } from './statistics.ts';
import { beginningUpTo, compareBytes, isAhead, type Step, spansUpTo } from './steps.ts';
import { wordsOf } from './words.ts';

/**
 * By the index of address parts. It gives all that match at once and in no order, which is dear where they are many. So it is asked
 * for one part of the order after another, as large as the page seems to need: by id for spans of time, by address for what begins alike.
 *
 * @param begins the first member's id or address, whichever the order goes by
 */
export function search(db: Database, page: Page, text: string, begins: string): Promise<MemberRow[]> {
  return byEmail(page) ? searchByEmail(db, page, text, begins) : searchById(db, page, text, begins);
}

async function searchById(db: Database, page: Page, text: string, begins: string): Promise<MemberRow[]> {
  const bounds = await equalParts(db, 'id');
  const step = async (goal: string, rest: Page) => spansUpTo(goal, rest.position.after ?? begins, page);
  return inSteps(db, page, wordsOf(text, 'anywhere'), { begins, bounds, step });
}

/** In the order of addresses, those that begin with it stand together; only those that have it inside are looked for. */
async function searchByEmail(db: Database, page: Page, text: string, begins: string): Promise<MemberRow[]> {
  const bounds = await equalParts(db, 'email');
  const step = async (goal: string, rest: Page) => {
    const from = await endOf(db, rest, 'next');
    return from === undefined ? undefined : beginningUpTo(goal, from, page);
  };
  const beginning = await readOn(db, { ...page, beginning: text }, 10_000);
  if (beginning === null) return inSteps(db, page, wordsOf(text, 'anywhere'), { begins, bounds, step });
  const upTo = beginning.length === page.limit ? beginning.at(-1)?.email : undefined;
  const inside = await inSteps(db, page, wordsOf(text, 'inside'), { begins, bounds, step, upTo });
  const rows = new Map([...beginning, ...inside].map((row) => [row.id, row]));
  const inOrder = [...rows.values()].sort((one, other) => compareBytes(one.email, other.email));
  return (backwards(page) ? inOrder.reverse() : inOrder).slice(0, page.limit);
}

interface Way {
  begins: string;
  /** Bounds of equal parts of the order, all of it. */
  bounds: readonly string[];
  /** The next step, as far as that id or address; undefined where nobody is left. */
  step: (goal: string, rest: Page) => Promise<Step | undefined>;
  /** An address behind which nobody is wanted. */
  upTo?: string | undefined;
}

/** A larger part of the order takes longer to ask for than all at once. */
const largest = 1 / 8;
/** So many parts say how many match, if those that do are not too uneven. */
const telling = 3;

/** The page, step after step while a few more promise to fill it, or to come to the end; otherwise all at once. */
async function inSteps(
  db: Database,
  page: Page,
  words: readonly string[],
  { begins, bounds, step: stepTo, upTo }: Way,
): Promise<MemberRow[]> {
  const rows: MemberRow[] = [];
  const ahead = aheadOf(begins, bounds, page);
  let rest = page;
  for (let needed = 1, passed = 0; needed <= largest * bounds.length; ) {
    const goal = ahead[passed + needed - 1] ?? (await endOf(db, rest, 'last'));
    const step = goal === undefined ? undefined : await stepTo(goal, rest);
    if (goal === undefined || step === undefined) return rows;
    rows.push(...(await readPage(db, rest, membersWith(rest, [...words, step.word]))));
    const isPastAll = passed + needed > ahead.length && !isAhead(goal, step.end, page);
    const isPastWanted = upTo !== undefined && !isAhead(upTo, step.end, page);
    if (rows.length === page.limit || isPastAll || isPastWanted) return rows;
    rest = restOf(page, rows.length, step.end);
    passed = ahead.filter((bound) => !isAhead(bound, step.end, page)).length;
    const promising = Math.ceil((1.4 * rest.limit * passed) / rows.length);
    const most = passed < telling ? telling - passed : ahead.length - passed + 1;
    needed = Math.min(promising, most);
  }
  return [...rows, ...(await readPage(db, rest, membersWith(rest, words)))];
}

function aheadOf(begins: string, bounds: readonly string[], page: Page): string[] {
  const ahead = bounds.filter((bound) => isAhead(bound, begins, page)).toSorted(compareBytes);
  return backwards(page) ? ahead.reverse() : ahead;
}

/**
 * Each word is a condition of its own: the index then skips from one's next member to the other's, which in one tsquery it does not.
 * `offset 0` keeps the planner from reading other indexes too, and from looking at the grants of more than a page takes.
 */
function membersWith({ filter }: Page, words: readonly string[]) {
  return ({ value, range, searched, order }: Conditions): string => {
    const asked = words.map((word) => `address_parts(m.email, m.id) @@ ${value(word)}::tsquery`);
    const found = `(select m.* from member m where m.status <> 'removed' and ${asked.join(' and ')} offset 0) m`;
    if (filter.permissions === undefined) return found;
    return `(select m.* from ${found} where ${range} and ${searched} order by ${order} offset 0) m`;
  };
}

/** The id or address of whoever is next, or last, in the order, filtered or not. */
async function endOf(db: Database, page: Page, end: 'next' | 'last'): Promise<string | undefined> {
  const { sort } = page.filter;
  const { values, column, range, order, reversed } = conditionsOf({ ...page, filter: { sort }, limit: 1 });
  const rows = await db.rows<{ value: string }>(
    `select ${column}::text as value from member m where ${range} order by ${end === 'next' ? order : reversed} limit $2`,
    values,
  );
  return first(rows)?.value;
}

import { type Database, first } from '../database.ts';
import { type Conditions, conditionsOf, type Page } from './conditions.ts';

/** The id or address that comes next, whoever it may be. */
export const nextInOrder = (db: Database, page: Page) => oneInOrder(db, page, ({ order }) => order);

/** The id or address that comes last, whoever it may be. */
export const lastInOrder = (db: Database, page: Page) => oneInOrder(db, page, ({ reversed }) => reversed);

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

interface Start {
  start: string;
  until: number;
}

const remembered = new WeakMap<Database, Map<string, Start>>();
const mostRemembered = 1_000;
const rememberedMilliseconds = 60_000;

/**
 * With whom a list begins, or began less than a minute ago, which saves each search a question. Whether somebody came before them since
 * is for the search to see. The newest first begin with whoever was invited last, which is not worth remembering.
 */
export async function rememberedStart(db: Database, page: Page): Promise<string | undefined> {
  if (page.filter.sort === '-created') return undefined;
  const known = remembered.get(db)?.get(nameOf(page));
  return known && performance.now() < known.until ? known.start : rememberStart(db, page);
}

/** With whom a list begins now. */
export async function rememberStart(db: Database, page: Page): Promise<string | undefined> {
  const start = await nextInOrder(db, page);
  const starts = remembered.get(db) ?? new Map<string, Start>();
  remembered.set(db, starts);
  if (starts.size >= mostRemembered) starts.clear();
  if (start !== undefined) starts.set(nameOf(page), { start, until: performance.now() + rememberedMilliseconds });
  return start;
}

const nameOf = ({ organizationId, filter, position }: Page): string =>
  JSON.stringify([organizationId, filter.sort, position.owners]);

import type { Database } from '../database.ts';
import { type MemberRow, memberColumns } from '../members.ts';
import { type Conditions, conditionsOf, type Page } from './conditions.ts';

export interface Look {
  /** Where the list begins: the first member's id or address, whichever the order goes by; null where there is none. */
  begins: string | null;
  /** How many of those looked at pass the filter, up to the limit. */
  found: number;
  /** Whether they are the page: it is full, or the list is at its end. */
  complete: boolean;
  /** The page, where it is complete. */
  rows: MemberRow[];
}

/**
 * Looks at the next so many members in order, in the index alone where the filter allows it, and shows only those that pass.
 * An aggregate takes its rows as they come, and they come from a sorted subquery; to sort them once more would take a fifth of the time.
 */
export async function lookAt(db: Database, page: Page, members: number): Promise<Look> {
  const { values, value, column, range, wanted, order } = conditionsOf(page);
  const limit = value(page.limit);
  const rows = await db.rows<Omit<Look, 'rows'> & MemberRow>(
    `with looked_at as materialized (
       select count(*) as looked, (array_agg(${column}))[1]::text as begins, (coalesce(array_agg(m.id) filter (where ${wanted}), '{}'))[1:${limit}] as ids
       from (select m.* from member m where ${range} order by ${order} limit ${members}) m),
     seen as materialized (select begins, ids, cardinality(ids) as found, looked < ${members} or cardinality(ids) = ${limit} as complete from looked_at)
     select seen.begins, seen.found, seen.complete, m.* from seen left join lateral (
       select ${memberColumns} from member m where seen.complete and m.organization_id = $1 and m.id = any(seen.ids)) m on true
     order by ${order}`,
    values,
  );
  const { begins = null, found = 0, complete = false } = rows[0] ?? {};
  const shown = rows.filter(({ id }) => id !== null);
  return {
    begins,
    found,
    complete,
    rows: shown.map(({ begins, found, complete, ...row }) => row),
  };
}

/**
 * A limit for the text of a statement, of which there are only a few. Where the limit is a value, PostgreSQL expects a tenth of all rows, so that
 * it would plan the statement anew each time.
 */
const noSmallerThan = (limit: number): number => 2 ** Math.ceil(Math.log2(limit));

export interface Read {
  rows: MemberRow[];
  /** The id or address up to which the order was read without filling the page; null where the page is full or the list at its end. */
  reached: string | null;
}

/** The page, or what the next so many members in order have of it. */
export async function readOn(db: Database, page: Page, members: number): Promise<Read> {
  const { values, value, column, range, wanted, order } = conditionsOf(page);
  const [limit, most] = [value(page.limit), value(members)];
  const among = (what: string): string =>
    `(select ${what} from member m where ${range} order by ${order} limit ${noSmallerThan(Math.max(members, 16_384))}) m`;
  const rows = await db.rows<{ reached: string | null } & MemberRow>(
    `with met as materialized (
       select m.id from (select m.* from ${among('m.*')} order by ${order} limit ${most}) m where ${wanted} order by ${order} limit ${limit}),
     seen as materialized (
       select case when (select count(*) from met) < ${limit} then (
         select ${column}::text from ${among(column)} order by ${order} offset ${most}::int - 1 limit 1) end as reached)
     select seen.reached, m.* from seen left join lateral (
       select ${memberColumns} from member m where m.organization_id = $1 and m.id = any(array(select id from met))) m on true
     order by ${order}`,
    values,
  );
  const shown = rows.filter(({ id }) => id !== null);
  return { rows: shown.map(({ reached, ...row }) => row), reached: rows[0]?.reached ?? null };
}

/** @param source where the members `m` come from: all, or those that an index finds */
export function readPage(
  db: Database,
  page: Page,
  source: (conditions: Conditions) => string = () => 'member m',
): Promise<MemberRow[]> {
  const conditions = conditionsOf(page);
  const { values, value, range, wanted, order } = conditions;
  return db.rows<MemberRow>(
    `select * from (
       select ${memberColumns} from ${source(conditions)} where ${range} and ${wanted} order by ${order} limit ${noSmallerThan(page.limit)}) m
     order by ${order} limit ${value(page.limit)}`,
    values,
  );
}

/** The first in order of those that `source` finds; finding them is not to be mixed up with ordering them. */
export function readAmong(
  db: Database,
  page: Page,
  source: (conditions: Conditions & { limit: string }) => string,
): Promise<MemberRow[]> {
  const conditions = conditionsOf(page);
  const { values, value, order } = conditions;
  const limit = value(page.limit);
  return db.rowsPlannedAnew<MemberRow>(
    `with among as materialized (${source({ ...conditions, limit })})
     select ${memberColumns} from member m
     where m.organization_id = $1 and m.id = any(array(select m.id from among m order by ${order} limit ${limit})) order by ${order}`,
    values,
  );
}

import type { Database } from '../database.ts';
import { type MemberRow, memberColumns } from '../members.ts';
import { type Conditions, conditionsOf, type Page } from './conditions.ts';

/** What filters are about. To name all columns would take a tenth of the time that it takes to look through an index. */
const wantedColumns = 'm.organization_id, m.id, m.email, m.status, m.all_features_access';

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
       from (select ${wantedColumns} from member m where ${range} order by ${order} limit ${members}) m),
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
  /** How many members were read to get there. */
  read: number;
}

/** The page, or what the next so many members in order have of it, or up to twice as many. */
export async function readOn(db: Database, page: Page, members: number): Promise<Read> {
  const { values, value, column, range, wanted, order } = conditionsOf(page);
  const limit = value(page.limit);
  const most = noSmallerThan(members);
  const among = `from member m where ${range} order by ${order}`;
  const rows = await db.rows<{ reached: string | null } & MemberRow>(
    `with met as materialized (
       select m.id from (select ${wantedColumns} ${among} limit ${most}) m where ${wanted} order by ${order} limit ${limit}),
     seen as materialized (
       select case when (select count(*) from met) < ${limit} then (
         select ${column}::text ${among} limit 1 offset ${most - 1}) end as reached)
     select seen.reached, m.* from seen left join lateral (
       select ${memberColumns} from member m where m.organization_id = $1 and m.id = any(array(select id from met))) m on true
     order by ${order}`,
    values,
  );
  const shown = rows.filter(({ id }) => id !== null);
  return { rows: shown.map(({ reached, ...row }) => row), reached: rows[0]?.reached ?? null, read: most };
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

/** A part of the order, what may follow it, and where their members `m` come from. */
export interface Parts {
  near: Source;
  /** What is behind the border, asked for where the first part has fewer than enough. */
  beyond?: { source: Source; border: string; enough: number } | undefined;
  /** Whoever comes first before this id or address is shown too, wanted or not. */
  start?: string | undefined;
}

type Source = (conditions: Conditions) => string;

/** The page, or what the parts have of it. */
export function readParts(db: Database, page: Page, { near, beyond, start }: Parts): Promise<MemberRow[]> {
  const conditions = conditionsOf(page);
  const { values, value, isBefore, isBehind, range, wanted, order } = conditions;
  const limit = noSmallerThan(page.limit);
  const part = (source: string, ...also: string[]): string =>
    `(select ${memberColumns} from ${source} where ${[range, wanted, ...also].join(' and ')} order by ${order} limit ${limit})`;
  const isBeyond = beyond && isBehind(beyond.border);
  const first = part(near(conditions), ...(isBeyond ? [`not (${isBeyond})`] : []));
  const parts = ['select * from near'];
  if (isBeyond) {
    parts.push(part(beyond.source(conditions), isBeyond, `(select count(*) from near) < ${value(beyond.enough)}`));
  }
  if (start !== undefined) {
    parts.push(
      `(select ${memberColumns} from member m where ${range} and ${isBefore(start)} order by ${order} limit 1)`,
    );
  }
  return db.rows<MemberRow>(
    `with near as materialized ${first}
     select * from (${parts.join(' union all ')}) m order by ${order} limit ${value(page.limit)}`,
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

import type { Database } from '../database.ts';
import { type MemberRow, memberColumns } from '../members.ts';
import { type Conditions, conditionsOf, type Page } from './conditions.ts';

export interface Look {
  /** Where the list begins: the first member's id or address, whichever the order goes by; null where there is none. */
  begins: string | null;
  /** How many of those looked at match the search, whatever else is asked for. */
  searched: number;
  /** How many of them pass the filter, up to the limit. */
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
  const { values, column, range, searched, wanted, order } = conditionsOf(page);
  const rows = await db.rows<Omit<Look, 'rows'> & MemberRow>(
    `with looked_at as materialized (
       select count(*) as looked, (array_agg(${column}))[1]::text as begins, count(*) filter (where ${searched}) as searched,
         (coalesce(array_agg(m.id) filter (where ${wanted}), '{}'))[1:$2] as ids
       from (select m.* from member m where ${range} order by ${order} limit ${members}) m),
     seen as materialized (select begins, searched, ids, cardinality(ids) as found, looked < ${members} or cardinality(ids) = $2 as complete from looked_at)
     select seen.begins, seen.searched, seen.found, seen.complete, m.* from seen left join lateral (
       select ${memberColumns} from member m where seen.complete and m.organization_id = $1 and m.id = any(seen.ids)) m on true
     order by ${order}`,
    values,
  );
  const { begins = null, searched: matching = 0, found = 0, complete = false } = rows[0] ?? {};
  const shown = rows.filter(({ id }) => id !== null);
  return {
    begins,
    searched: matching,
    found,
    complete,
    rows: shown.map(({ begins, searched, found, complete, ...row }) => row),
  };
}

/** The page, as long as it is full within the next so many members in order, or these are the last; otherwise null. */
export async function readOn(db: Database, page: Page, members: number): Promise<MemberRow[] | null> {
  const { values, value, range, wanted, order } = conditionsOf(page);
  const most = value(members);
  const rows = await db.rows<{ complete: boolean } & MemberRow>(
    `with met as materialized (
       select m.id from (select m.* from member m where ${range} order by ${order} limit ${most}) m where ${wanted} order by ${order} limit $2),
     seen as materialized (
       select case when (select count(*) from met) = $2 then true
         else not exists (select from member m where ${range} order by ${order} offset ${most} limit 1) end as complete)
     select seen.complete, m.* from seen left join lateral (
       select ${memberColumns} from member m where seen.complete and m.organization_id = $1 and m.id = any(array(select id from met))) m on true
     order by ${order}`,
    values,
  );
  if (!rows[0]?.complete) return null;
  return rows.filter(({ id }) => id !== null).map(({ complete, ...row }) => row);
}

/** @param source where the members `m` come from: all, or those that an index finds */
export function readPage(
  db: Database,
  page: Page,
  source: (conditions: Conditions) => string = () => 'member m',
): Promise<MemberRow[]> {
  const conditions = conditionsOf(page);
  const { values, range, wanted, order } = conditions;
  return db.rows<MemberRow>(
    `select ${memberColumns} from ${source(conditions)} where ${range} and ${wanted} order by ${order} limit $2`,
    values,
  );
}

/** The first in order of those that `source` finds; finding them is not to be mixed up with ordering them. */
export function readAmong(db: Database, page: Page, source: (conditions: Conditions) => string): Promise<MemberRow[]> {
  const conditions = conditionsOf(page);
  const { values, order } = conditions;
  return db.rowsPlannedAnew<MemberRow>(
    `with among as materialized (${source(conditions)})
     select ${memberColumns} from member m
     where m.organization_id = $1 and m.id = any(array(select m.id from among m order by ${order} limit $2)) order by ${order}`,
    values,
  );
}

import type { Database } from '../database.ts';
import { type MemberRow, memberColumns } from '../members.ts';
import { type Conditions, conditionsOf, type Page } from './conditions.ts';
import type { Step } from './steps.ts';

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
  return { rows: shown.map(({ reached, ...row }) => row), reached: rows[0]?.reached ?? null };
}

/** The page, or what there is of it up to an id or address. Who is in it is found in the index alone, where the filter allows it. */
export function readUpTo(db: Database, page: Page, bound: string): Promise<MemberRow[]> {
  const { values, value, place, isBehind, range, wanted, order } = conditionsOf(page);
  const met = `select m.id, m.email from member m where ${range} and not (${isBehind(place(bound))}) and ${wanted} order by ${order} limit ${noSmallerThan(page.limit)}`;
  return db.rows<MemberRow>(
    `select ${memberColumns} from member m where m.organization_id = $1 and m.id = any(array(
       select m.id from (${met}) m order by ${order} limit ${value(page.limit)}))
     order by ${order}`,
    values,
  );
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

/** Steps along the order, each from where the one before it ends. */
export interface Walk {
  steps: readonly Step[];
  /** Whoever comes first before this id or address is shown too, wanted or not. */
  start?: string | undefined;
}

/**
 * The page, or what the steps have of it. They are joined one after another, so that PostgreSQL, which stops where the page is full, does not go
 * further than to the step that fills it: a lateral join can only go through what it hangs on in turn.
 *
 * @param source where the members `m` of one `step` come from
 */
export function readSteps(
  db: Database,
  page: Page,
  { steps, start }: Walk,
  source: (conditions: Conditions) => string,
): Promise<MemberRow[]> {
  const conditions = conditionsOf(page);
  const { values, value, place, isBefore, isBehind, range, wanted, order } = conditions;
  const ends = steps.map(({ end }) => end);
  const words = value(steps.map(({ word }) => word));
  const walked = `select m.*
    from unnest(${words}::text[], ${place([null, ...ends.slice(0, -1)])}, ${place(ends)}) as step(word, border, last)
    cross join lateral (
      select m.* from ${source(conditions)}
      where ${range} and ${wanted} and (step.border is null or ${isBehind('step.border')}) and not (${isBehind('step.last')})
      order by ${order} limit ${noSmallerThan(page.limit)}) m`;
  const earlier =
    start !== undefined &&
    `(select m.* from member m where ${range} and ${isBefore(place(start))} order by ${order} limit 1) union all `;
  return db.rows<MemberRow>(
    `select ${memberColumns} from (${earlier || ''}${walked} limit ${value(page.limit)}) m order by ${order}`,
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

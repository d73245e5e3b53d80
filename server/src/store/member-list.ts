import type { MemberStatus } from '@latchkey/core/member.ts';
import { type Database, first, only } from './database.ts';
import { deadline, type MemberRow, memberColumns } from './members.ts';

export type MemberSort = 'created' | '-created' | 'email' | '-email';

export interface MemberFilter {
  status?: MemberStatus | undefined;
  /** A part of the address, in canonical form. */
  search?: string | undefined;
  /** Stored names of which holding any one counts. */
  permissions?: readonly string[] | undefined;
  sort: MemberSort;
}

/** Where a page begins: after this member, among the owners or among everybody else. */
export interface MemberPosition {
  owners: boolean;
  /** The last member's id or address, whichever the order goes by. */
  after: string | null;
}

interface Page {
  organizationId: string;
  filter: MemberFilter;
  position: MemberPosition;
  limit: number;
}

/**
 * Members in order from a position on, of the owners or of the others: each is one range of an index, however deep. With
 * a filter, a stretch of that order is read first, since what many have is soon met there. How often it was met says
 * whether to read on or to ask an index that knows those few.
 */
export async function listMemberRows(
  db: Database,
  organizationId: string,
  filter: MemberFilter,
  position: MemberPosition,
  limit: number,
): Promise<MemberRow[]> {
  // Owners hold every permission.
  const permissions = position.owners ? undefined : filter.permissions;
  const page = { organizationId, filter: { ...filter, permissions }, position, limit };
  const { search, status } = filter;
  if (search === undefined && permissions === undefined && (status === undefined || !byEmail(page)))
    return selectPage(db, page);

  const { first, longest } = stretches(page);
  const sample = await lookAt(db, page, first);
  if (sample.complete) return sample.rows;
  const enough = Math.ceil((1.4 * first * limit) / sample.found);
  if (enough <= longest) {
    const rows = await readOn(db, page, enough);
    if (rows !== null) return rows;
  }
  // Addresses that begin alike stand together, so how many match is told by another order.
  const { searched } = search !== undefined && byEmail(page) ? await lookAt(db, fromTheOldest(page), first) : sample;
  const searchIsCommon = search !== undefined && searched > first / 100;
  if (permissions !== undefined && (search === undefined || searchIsCommon))
    return selectHolders(db, page, permissions);
  if (search !== undefined) return selectBySearch(db, page, search, searchIsCommon);
  return selectAmong(
    db,
    page,
    ({ range, wanted }) => `select m.id, m.email from member m where ${range} and ${wanted}`,
  );
}

const byEmail = ({ filter }: Page): boolean => filter.sort.endsWith('email');

const fromTheOldest = (page: Page): Page => ({
  ...page,
  filter: { ...page.filter, sort: 'created' },
  position: { ...page.position, after: null },
});

/**
 * How many members are looked at before anything else, and how many at most: where that begins to cost more than an index
 * of what few have. Whether a permission is held stands in another table, so looking at a member then takes longer,
 * unless a search has said no before.
 */
function stretches({ filter, limit }: Page): { first: number; longest: number } {
  const slow = filter.permissions !== undefined && filter.search === undefined;
  return slow ? { first: 400, longest: 150 * Math.sqrt(limit) } : { first: 500, longest: 1_600 * Math.sqrt(limit) };
}

interface Stretch {
  /** How many of the stretch match the search, whatever else is asked for. */
  searched: number;
  /** How many of the stretch pass the filter, up to the limit. */
  found: number;
  /** Whether they are the page: it is full, or the stretch came to the end of the list. */
  complete: boolean;
  /** The page, where it is complete. */
  rows: MemberRow[];
}

/**
 * Reads the next so many members in order, from the index alone where the filter allows it, and shows only those that pass.
 * An aggregate takes its rows as they come, and they come from a sorted subquery; to sort them once more would take a fifth of the time.
 */
async function lookAt(db: Database, page: Page, stretch: number): Promise<Stretch> {
  const { values, range, searched, wanted, order } = conditionsOf(page);
  const rows = await db.rows<Omit<Stretch, 'rows'> & MemberRow>(
    `with looked_at as materialized (
       select count(*) as looked, count(*) filter (where ${searched}) as searched, (coalesce(array_agg(m.id) filter (where ${wanted}), '{}'))[1:$2] as ids
       from (select m.* from member m where ${range} order by ${order} limit ${stretch}) m),
     seen as materialized (select searched, ids, cardinality(ids) as found, looked < ${stretch} or cardinality(ids) = $2 as complete from looked_at)
     select seen.searched, seen.found, seen.complete, m.* from seen left join lateral (
       select ${memberColumns} from member m where seen.complete and m.organization_id = $1 and m.id = any(seen.ids)) m on true
     order by ${order}`,
    values,
  );
  const { searched: matching = 0, found = 0, complete = false } = rows[0] ?? {};
  const shown = rows.filter(({ id }) => id !== null);
  return { searched: matching, found, complete, rows: shown.map(({ searched, found, complete, ...row }) => row) };
}

/** The page, as long as it is full within the next so many members in order, or these are the last; otherwise null. */
async function readOn(db: Database, page: Page, stretch: number): Promise<MemberRow[] | null> {
  const { values, value, range, wanted, order } = conditionsOf(page);
  const most = value(stretch);
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
function selectPage(
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

/**
 * By the index of address parts. It gives all that match at once and in no order, which is dear where they are many and
 * all stand late. In the order of addresses, where that is usual, those that many match are therefore read for a while, then
 * asked for by first characters, as long as each has some.
 */
async function selectBySearch(db: Database, page: Page, search: string, common: boolean): Promise<MemberRow[]> {
  const parts = partsOf(search);
  if (!byEmail(page) || !common) return selectPage(db, page, membersWith(page, parts));
  const near = await readOn(db, page, Math.ceil(3_000 * Math.sqrt(page.limit)));
  if (near !== null) return near;

  const rows: MemberRow[] = [];
  let rest = page;
  let former: string | undefined;
  for (let met = true; met; ) {
    const character = await nextCharacter(db, rest);
    if (character === undefined) return rows;
    if (character === former) break;
    const some = await selectPage(db, rest, membersWith(rest, [...parts, quoted(`^${character}`)]));
    rows.push(...some);
    if (rows.length === page.limit) return rows;
    // The first may be nearly at its end.
    met = some.length > 0 || former === undefined;
    former = character;
    const after = page.filter.sort === 'email' ? `${character}\u{10ffff}` : character;
    rest = { ...page, limit: page.limit - rows.length, position: { ...page.position, after } };
  }
  return [...rows, ...(await selectPage(db, rest, membersWith(rest, parts)))];
}

/** `offset 0` keeps the planner from reading other indexes too, and from looking at the grants of more than a page takes. */
function membersWith({ filter }: Page, parts: string[]) {
  return ({ value, range, searched, order }: Conditions): string => {
    const found = `(select m.* from member m where m.status <> 'removed' and address_parts(m.email) @@ ${value(parts.join(' & '))}::tsquery offset 0) m`;
    if (filter.permissions === undefined) return found;
    return `(select m.* from ${found} where ${range} and ${searched} order by ${order} offset 0) m`;
  };
}

async function nextCharacter(db: Database, page: Page): Promise<string | undefined> {
  const { values, range, order } = conditionsOf({ ...page, filter: { sort: page.filter.sort }, limit: 1 });
  const rows = await db.rows<{ character: string }>(
    `select left(m.email, 1) as character from member m where ${range} order by ${order} limit $2`,
    values,
  );
  return first(rows)?.character;
}

/**
 * Words of a tsquery that `address_parts` has of every address with this in it, or what begins with fewer than four
 * characters. Each word costs, and few say enough: the first and the last, those across a dot or another sign, since two
 * words of an address are seldom met together, and the middle and the end of long words, where the numbers are.
 */
function partsOf(search: string): string[] {
  const characters = [...search];
  const last = characters.length - 4;
  if (last < 0) return [`${quoted(search)}:*`];
  const signs = characters.flatMap((character, n) => (/[\p{L}\p{N}]/u.test(character) ? [] : [n])).slice(0, 4);
  const across = signs.map((sign) => sign - 2);
  const ends = [...signs, characters.length];
  const within = ends.flatMap((end, n) => {
    const start = n === 0 ? 0 : (ends[n - 1] ?? 0) + 1;
    return end - start < 7 ? [] : [Math.floor((start + end) / 2) - 2, end - 4];
  });
  const starts = new Set([0, ...across, ...within, last].map((start) => Math.max(0, Math.min(start, last))));
  return [...starts].map((start) => quoted(characters.slice(start, start + 4).join('')));
}

const quoted = (part: string): string => `'${part.replaceAll(/['\\]/g, '$&$&')}'`;

/** Those who hold everything and those who were given one of these permissions, each by an index of just them. */
function selectHolders(db: Database, page: Page, permissions: readonly string[]): Promise<MemberRow[]> {
  const others = { ...page, filter: { ...page.filter, permissions: undefined } };
  return selectAmong(
    db,
    others,
    ({ range, wanted, order, value }) =>
      `(select m.id, m.email from member m where ${range} and m.all_features_access and ${wanted} order by ${order} limit $2)
       union all
       select m.* from (
         select g.member_id from member_grant g where g.organization_id = $1 and g.permissions && ${value(permissions)}::text[] offset 0) g
       cross join lateral (
         select m.id, m.email from member m where m.id = g.member_id and ${range} and not m.all_features_access and ${wanted} limit 1) m`,
  );
}

/** The first in order of those that `source` finds; finding them is not to be mixed up with ordering them. */
function selectAmong(db: Database, page: Page, source: (conditions: Conditions) => string): Promise<MemberRow[]> {
  const conditions = conditionsOf(page);
  const { values, order } = conditions;
  return db.rowsPlannedAnew<MemberRow>(
    `with among as materialized (${source(conditions)})
     select ${memberColumns} from member m
     where m.organization_id = $1 and m.id = any(array(select m.id from among m order by ${order} limit $2)) order by ${order}`,
    values,
  );
}

const orders = {
  created: { column: 'm.id', direction: 'asc', comparison: '>', type: 'uuid' },
  '-created': { column: 'm.id', direction: 'desc', comparison: '<', type: 'uuid' },
  email: { column: 'm.email', direction: 'asc', comparison: '>', type: 'text' },
  '-email': { column: 'm.email', direction: 'desc', comparison: '<', type: 'text' },
} as const;

type Conditions = ReturnType<typeof conditionsOf>;

/** Conditions on `member m`; $1 is the organization, $2 the limit, and `value` adds another. */
function conditionsOf({ organizationId, filter, position, limit }: Page) {
  const { column, direction, comparison, type } = orders[filter.sort];
  const values: unknown[] = [organizationId, limit];
  const value = (given: unknown): string => `$${values.push(given)}`;

  const range = ['m.organization_id = $1', `m.status <> 'removed'`, position.owners ? 'm.is_owner' : 'not m.is_owner'];
  if (position.after !== null) range.push(`${column} ${comparison} ${value(position.after)}::${type}`);
  const searched =
    filter.search === undefined ? 'true' : `m.email like ${value(`%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`)}`;
  const wanted = [searched, ...filterConditions(filter, value)];
  return {
    values,
    value,
    range: range.join(' and '),
    searched,
    wanted: wanted.join(' and '),
    order: `${column} ${direction}`,
  };
}

/** Written out, so that a plan that is made once may use the index of just that status. */
const statusConditions: Record<MemberStatus, string> = {
  active: `m.status = 'active'`,
  pending: `m.status = 'pending' and ${deadline} > clock_timestamp()`,
  expired: `m.status = 'pending' and ${deadline} <= clock_timestamp()`,
  declined: `m.status = 'declined'`,
};

function filterConditions(filter: MemberFilter, value: (given: unknown) => string): string[] {
  const conditions: string[] = [];
  if (filter.status !== undefined) conditions.push(statusConditions[filter.status]);
  if (filter.permissions !== undefined) {
    conditions.push(
      `(m.all_features_access or exists (select from member_grant g where g.organization_id = m.organization_id and g.member_id = m.id
         and g.permissions && ${value(filter.permissions)}::text[]))`,
    );
  }
  return conditions;
}

export interface MemberCounts {
  active: number;
  pending: number;
  declined: number;
  expired: number;
  owners: number;
}

/** Everybody is counted from the list's index alone; only those still invited are asked for their deadline. */
export async function countMemberRows(db: Database, organizationId: string): Promise<MemberCounts> {
  const row = only(
    await db.rows<MemberCounts & { invited: number }>(
      `select count(*) filter (where m.status = 'active')::int as active, count(*) filter (where m.status = 'pending')::int as invited,
         count(*) filter (where m.status = 'declined')::int as declined, count(*) filter (where m.is_owner)::int as owners,
         (select count(*)::int from member p join invitation i on i.organization_id = p.organization_id and i.member_id = p.id
          where p.organization_id = $1 and p.status = 'pending' and i.expires_at <= clock_timestamp()) as expired
       from member m where m.organization_id = $1 and m.status <> 'removed'`,
      [organizationId],
    ),
  );
  const { active, invited, declined, expired, owners } = row;
  return { active, pending: invited - expired, declined, expired, owners };
}

export function listOwnerRows(db: Database, organizationId: string): Promise<MemberRow[]> {
  return db.rows<MemberRow>(
    `select ${memberColumns} from member m where m.organization_id = $1 and m.is_owner and m.status <> 'removed' order by m.id`,
    [organizationId],
  );
}

/** Everybody by id, owners among them: whoever becomes an owner while the list is read is then still met. */
export function listEveryRow(
  db: Database,
  organizationId: string,
  after: string | null,
  limit: number,
): Promise<MemberRow[]> {
  return db.rows<MemberRow>(
    `select ${memberColumns} from member m
     where m.organization_id = $1 and m.status <> 'removed' and m.id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000')
     order by m.id limit $3`,
    [organizationId, after, limit],
  );
}

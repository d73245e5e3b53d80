import { type Database, only } from './database.ts';
import { byEmail, type MemberFilter, type MemberPosition, type Page, restOf } from './member-list/conditions.ts';
import { margin } from './member-list/forecast.ts';
import { readHolders } from './member-list/holders.ts';
import { lookAt, readAmong, readOn, readPage } from './member-list/read.ts';
import { hasSample } from './member-list/sample.ts';
import { searchMembers } from './member-list/search.ts';
import { expectedHolders, expectedMembers } from './member-list/statistics.ts';
import { type MemberRow, memberColumns } from './members.ts';

export type { MemberFilter, MemberPosition } from './member-list/conditions.ts';

/**
 * Members in order from a position on, of the owners or of the others: each is one range of an index, however deep. With
 * a filter, the next few of that order are looked at first, since what many have is soon met there. How often it was met says
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
  const page: Page = { organizationId, filter: { ...filter, permissions }, position, limit };
  const { search, status } = filter;
  const isInOrder = search === undefined && permissions === undefined && (status === undefined || !byEmail(page));
  if (isInOrder) return readPage(db, page);

  if (search !== undefined && !position.owners && (await isLarge(db, page)) && (await hasSample(db)))
    return searchMembers(db, page, search, { longest: longestOfLarge(page) });
  return lookFirst(db, page);
}

/** Looks at the next few in order, which often are the page; otherwise they tell whether to read on. */
async function lookFirst(db: Database, page: Page): Promise<MemberRow[]> {
  const { first, longest } = await patience(db, page);
  const look = await lookAt(db, page, first);
  if (look.complete || look.begins === null) return look.rows;
  const enough = Math.ceil((margin * first * page.limit) / look.found);
  if (enough > longest) return fromAnIndex(db, page, { longest, begins: look.begins });
  const { rows, reached } = await readOn(db, page, enough);
  if (reached === null) return rows;
  return [...rows, ...(await fromAnIndex(db, restOf(page, rows.length, reached), { longest }))];
}

function fromAnIndex(db: Database, page: Page, way: { longest: number; begins?: string }): Promise<MemberRow[]> {
  const { search, permissions } = page.filter;
  if (search !== undefined) return searchMembers(db, page, search, way);
  if (permissions !== undefined) return readHolders(db, page, permissions);
  return readAmong(db, page, ({ range, wanted }) => `select m.id, m.email from member m where ${range} and ${wanted}`);
}

/**
 * How many members are looked at before anything else, and about how many are read on at most: where that begins to cost more than
 * an index of what few have. Whether a permission is held stands in another table, so looking at a member then takes longer,
 * unless a search has said no before. Everybody who holds one is read instead only where those are fewer, and where that is
 * likely, a short look is enough.
 */
async function patience(db: Database, page: Page): Promise<{ first: number; longest: number }> {
  const { filter, limit } = page;
  const root = Math.sqrt(limit);
  if (filter.permissions === undefined || filter.search !== undefined) return { first: 500, longest: 1_600 * root };
  const { holders, share } = await expectedHolders(db, filter.permissions);
  const longest = Math.max(150 * root, holders);
  const isRare = (margin * limit) / share > longest;
  return { first: isRare && (await isLarge(db, page)) ? 100 : 400, longest };
}

/**
 * In a large organization, four characters and more are asked of their index soon, by id at least: most of the index, which is one for
 * all organizations, is then of this one.
 */
function longestOfLarge(page: Page): number {
  const isIndexed = [...(page.filter.search ?? '')].length >= 4 && !byEmail(page);
  return (isIndexed ? 300 : 1_600) * Math.sqrt(page.limit);
}

/** Whether an organization has more members than can be read through for one page. */
const isLarge = async (db: Database, page: Page): Promise<boolean> =>
  (await expectedMembers(db, page.organizationId)) >= 500 * page.limit;

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

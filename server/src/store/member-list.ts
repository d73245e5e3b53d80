import { type Database, only } from './database.ts';
import {
  byEmail,
  hasListOfItsStatus,
  type MemberFilter,
  type MemberPosition,
  type Page,
} from './member-list/conditions.ts';
import { readHolders } from './member-list/holders.ts';
import { lookAt, readAmong, readOn, readPage } from './member-list/read.ts';
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

  const { first, longest } = await patience(db, page);
  const look = await lookAt(db, page, first);
  if (look.complete || look.begins === null) return look.rows;
  const enough = Math.ceil((1.4 * first * limit) / look.found);
  const rows = enough <= longest ? await readOn(db, page, enough) : null;
  if (rows !== null) return rows;

  if (search === undefined) {
    if (permissions === undefined)
      return readAmong(
        db,
        page,
        ({ range, wanted }) => `select m.id, m.email from member m where ${range} and ${wanted}`,
      );
    const { holders } = await expectedHolders(db, permissions);
    const read = enough < holders && enough > longest ? await readOn(db, page, enough) : null;
    return read ?? readHolders(db, page, permissions);
  }
  const asked = { text: search, begins: look.begins };
  if (permissions === undefined) return searchMembers(db, page, asked);

  const { holders, members } = await expectedHolders(db, permissions);
  // Addresses that begin alike stand together, so how many match is told by another order.
  const { searched } = byEmail(page) ? await lookAt(db, fromTheOldest(page), first) : look;
  const matching = ((searched + 1) * members) / first;
  const untilFull = holders === 0 ? matching : (limit * members) / holders;
  if (holders < Math.min(matching, untilFull)) return readHolders(db, page, permissions);
  const restAtOnce = holders < matching ? (rest: Page) => readHolders(db, rest, permissions) : undefined;
  return searchMembers(db, page, { ...asked, restAtOnce });
}

const fromTheOldest = (page: Page): Page => ({
  ...page,
  filter: { ...page.filter, sort: 'created' },
  position: { ...page.position, after: null },
});

/**
 * How many members are looked at before anything else, and how many are read on at most: where that begins to cost more than
 * an index of what few have. Whether a permission is held stands in another table, so looking at a member then takes longer,
 * unless a search has said no before. Four characters and more are asked of their index soon where the list is most of it: the
 * index is one for all organizations.
 */
async function patience(db: Database, page: Page): Promise<{ first: number; longest: number }> {
  const { search, permissions } = page.filter;
  if (permissions !== undefined && search === undefined) return { first: 400, longest: 150 * Math.sqrt(page.limit) };
  const isIndexed = search !== undefined && [...search].length >= 4 && !byEmail(page) && !hasListOfItsStatus(page);
  const isIndexedSoon = isIndexed && (await expectedMembers(db, page.organizationId)) >= large;
  return { first: 500, longest: (isIndexedSoon ? 300 : 1_600) * Math.sqrt(page.limit) };
}

/** Members of an organization that are more than can be read through for one page. */
const large = 50_000;

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

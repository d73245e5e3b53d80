import type { MemberStatus } from '@latchkey/core/member.ts';
import type { Database } from './database.ts';
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

const orders = {
  created: { column: 'm.id', direction: 'asc', comparison: '>', type: 'uuid' },
  '-created': { column: 'm.id', direction: 'desc', comparison: '<', type: 'uuid' },
  email: { column: 'm.email', direction: 'asc', comparison: '>', type: 'text' },
  '-email': { column: 'm.email', direction: 'desc', comparison: '<', type: 'text' },
} as const;

/** How far a search reads along the order before it asks the index of address parts: about what either costs then. */
const searchedInOrder = 4_000;

/**
 * Members in order from a position on, of the owners or of the others: each is one range of an index, however deep. A
 * search first reads a stretch of that order, since what many have is soon met there; for what few have, the index of
 * address parts finds those few.
 */
export async function listMemberRows(
  db: Database,
  organizationId: string,
  filter: MemberFilter,
  position: MemberPosition,
  limit: number,
): Promise<MemberRow[]> {
  if (filter.search !== undefined) {
    const rows = await selectPage(db, organizationId, filter, position, limit, searchedInOrder);
    if (rows.length === limit) return rows;
  }
  return selectPage(db, organizationId, filter, position, limit);
}

/** @param stretch how many members to look at, in order; all of them where absent */
function selectPage(
  db: Database,
  organizationId: string,
  filter: MemberFilter,
  position: MemberPosition,
  limit: number,
  stretch?: number,
): Promise<MemberRow[]> {
  const { column, direction, comparison, type } = orders[filter.sort];
  const values: unknown[] = [organizationId, limit];
  const value = (given: unknown): string => `$${values.push(given)}`;

  const range = ['m.organization_id = $1', `m.status <> 'removed'`, position.owners ? 'm.is_owner' : 'not m.is_owner'];
  if (position.after !== null) range.push(`${column} ${comparison} ${value(position.after)}::${type}`);
  const wanted = filterConditions(filter, position, value);
  const order = `order by ${column} ${direction}`;
  const members = `member m where ${range.join(' and ')}`;
  const source =
    stretch === undefined ? `${members} and` : `(select m.* from ${members} ${order} limit ${stretch}) m where`;
  return db.rowsPlannedAnew<MemberRow>(
    `select ${memberColumns} from ${source} ${['true', ...wanted].join(' and ')} ${order} limit $2`,
    values,
  );
}

function filterConditions(filter: MemberFilter, position: MemberPosition, value: (given: unknown) => string): string[] {
  const conditions: string[] = [];
  if (filter.status === 'pending') conditions.push(`m.status = 'pending' and ${deadline} > clock_timestamp()`);
  else if (filter.status === 'expired') conditions.push(`m.status = 'pending' and ${deadline} <= clock_timestamp()`);
  else if (filter.status !== undefined) conditions.push(`m.status = ${value(filter.status)}`);
  if (filter.search !== undefined)
    conditions.push(`m.email like ${value(`%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`)}`);
  if (filter.permissions !== undefined && !position.owners) {
    conditions.push(
      `(m.all_features_access or exists (select from member_grant g where g.organization_id = m.organization_id and g.member_id = m.id
         and g.permissions && ${value(filter.permissions)}::text[]))`,
    );
  }
  return conditions;
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

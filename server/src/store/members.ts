import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { type Holdings, storedPermissions } from '@latchkey/core/holdings.ts';
import { externalIdTaken, type Member, type MemberFields, type MemberStatus } from '@latchkey/core/member.ts';
import { type Database, first, only } from './database.ts';
import { grantsOf } from './grants.ts';
import { lockIdentityOf } from './identities.ts';
import { deletePasskeysOfLastMembership } from './passkeys.ts';
import { endSessionsOfRemoved } from './sessions.ts';

export interface MemberRow {
  id: string;
  email: string;
  status: MemberStatus;
  is_owner: boolean;
  all_features_access: boolean;
  permissions: string[];
  locale: string;
  version: number;
  external_id: string | null;
  suspended: boolean;
  access_expires_at: Date | null;
  barred: boolean;
}

/**
 * The deadline of `member m`'s invitation. A subquery rather than a join: it is asked for the rows that are shown, where a
 * join lets the planner read all invitations up to a deep page.
 */
export const deadline = `(
  select i.expires_at from invitation i where i.organization_id = m.organization_id and i.member_id = m.id)`;

/** Of `member m`: expired is pending past its time, by the database's clock. */
export const memberColumns = `
  m.id, m.email, m.is_owner, m.all_features_access, m.locale, m.version,
  m.external_id, m.suspended_at is not null as suspended, m.access_expires_at,
  case when m.status = 'pending' and ${deadline} <= clock_timestamp() then 'expired' else m.status end as status,
  (m.suspended_at is not null or coalesce(m.access_expires_at <= clock_timestamp(), false)) as barred,
  ${grantsOf('m')} as permissions`;

export const memberOf = (catalogue: Catalogue, row: MemberRow): Member => ({
  id: row.id,
  email: row.email,
  status: row.status,
  holdings: {
    owner: row.is_owner,
    everything: row.all_features_access,
    permissions: storedPermissions(catalogue, row.permissions),
  },
  locale: row.locale,
  version: row.version,
  externalId: row.external_id,
  suspended: row.suspended,
  accessExpiresAt: row.access_expires_at,
  barred: row.barred,
});

export async function findMember(
  db: Database,
  catalogue: Catalogue,
  organizationId: string,
  email: string,
): Promise<Member | undefined> {
  const row = first(
    await db.rows<MemberRow>(
      `select ${memberColumns} from member m where m.organization_id = $1 and m.email = $2 and m.status <> 'removed'`,
      [organizationId, email],
    ),
  );
  return row && memberOf(catalogue, row);
}

export async function findMemberById(
  db: Database,
  catalogue: Catalogue,
  organizationId: string,
  id: string,
): Promise<Member | undefined> {
  const row = first(
    await db.rows<MemberRow>(
      `select ${memberColumns} from member m where m.organization_id = $1 and m.id = $2 and m.status <> 'removed'`,
      [organizationId, id],
    ),
  );
  return row && memberOf(catalogue, row);
}

export interface NewMember {
  organizationId: string;
  id: string;
  email: string;
  locale: string;
  holdings: Holdings;
  status: 'pending' | 'active';
}

/** Writes a member with the grants given directly. For a pending one the invitation is written beside it. */
export async function insertMember(db: Database, member: NewMember): Promise<void> {
  await db.rows(
    `with new_member as (
       insert into member (organization_id, id, email, locale, is_owner, all_features_access, status, joined_at)
       values ($1, $2, $3, $4, $5, $6, $7, case when $7 = 'active' then now() end) returning organization_id, id)
     insert into member_grant (organization_id, member_id, permissions) select organization_id, id, $8 from new_member`,
    [
      member.organizationId,
      member.id,
      member.email,
      member.locale,
      member.holdings.owner,
      member.holdings.everything,
      member.status,
      [...member.holdings.permissions],
    ],
  );
}

/** Replaces what a member was given directly. Ownership is not a grant and stays as it is. */
export async function updateGrants(
  db: Database,
  organizationId: string,
  id: string,
  holdings: Holdings,
): Promise<void> {
  await db.rows(
    `with changed as (
       update member set all_features_access = $3, version = version + 1 where organization_id = $1 and id = $2 returning organization_id, id)
     update member_grant g set permissions = $4 from changed c
     where g.organization_id = c.organization_id and g.member_id = c.id and g.source = 'direct'`,
    [organizationId, id, holdings.everything, [...holdings.permissions]],
  );
}

export async function updateStatus(
  db: Database,
  organizationId: string,
  id: string,
  status: 'pending' | 'active' | 'declined',
  locale?: string,
): Promise<void> {
  await db.rows(
    `update member set status = $3, version = version + 1, locale = coalesce($4, locale), joined_at = case when $3 = 'active' then clock_timestamp() else joined_at end
     where organization_id = $1 and id = $2`,
    [organizationId, id, status, locale ?? null],
  );
}

export async function updateOwnership(
  db: Database,
  organizationId: string,
  id: string,
  isOwner: boolean,
): Promise<void> {
  await db.rows('update member set is_owner = $3, version = version + 1 where organization_id = $1 and id = $2', [
    organizationId,
    id,
    isOwner,
  ]);
}

/** @throws Problem `duplicate_parameter`, reason `external_id_taken`, after which the transaction is lost */
export async function updateMemberFields(
  db: Database,
  organizationId: string,
  id: string,
  { externalId, suspended, accessExpiresAt }: MemberFields,
): Promise<void> {
  const changed = db.rows(
    `update member set external_id = $3, suspended_at = case when $4 then coalesce(suspended_at, clock_timestamp()) end, access_expires_at = $5,
       version = version + 1
     where organization_id = $1 and id = $2`,
    [organizationId, id, externalId, suspended, accessExpiresAt],
  );
  await changed.catch((error: unknown) => {
    throw isTakenExternalId(error) ? externalIdTaken() : error;
  });
}

const isTakenExternalId = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'member_external_id';

/** Whether a member who is not removed has this external id. */
export async function hasExternalId(db: Database, organizationId: string, externalId: string): Promise<boolean> {
  const rows = await db.rows(
    `select 1 from member where organization_id = $1 and external_id = $2 and status <> 'removed'`,
    [organizationId, externalId],
  );
  return rows.length > 0;
}

/** By the database's clock. */
export async function isInTheFuture(db: Database, moment: Date): Promise<boolean> {
  return only(await db.rows<{ future: boolean }>('select $1::timestamptz > clock_timestamp() as future', [moment]))
    .future;
}

export type RemovedAs = 'cancelled' | 'revoked' | 'left';

/**
 * The row stays, without ownership and grants, so that keys, links and audit know whom they meant. Somebody who is a member
 * of nothing else is signed out everywhere and loses their passkeys: whoever joins with the address later may be another.
 */
export async function removeMember(
  db: Database,
  organizationId: string,
  id: string,
  as: RemovedAs,
  by: string,
): Promise<void> {
  // Before the member, as whatever else locks these does.
  if (await lockIdentityOf(db, organizationId, id)) await deletePasskeysOfLastMembership(db, organizationId, id);
  await db.rows(
    `with removed as (
       update member set status = 'removed', removed_as = $3, removed_by = $4, removed_at = clock_timestamp(), is_owner = false,
         all_features_access = false, version = version + 1
       where organization_id = $1 and id = $2 returning organization_id, id)
     delete from member_grant g using removed r where g.organization_id = r.organization_id and g.member_id = r.id`,
    [organizationId, id, as, by],
  );
  await endSessionsOfRemoved(db, organizationId, id);
}

/** Whether this credential removed this address in the last 10 minutes: then the same request is a retry of that one. */
export async function wasJustRemoved(
  db: Database,
  organizationId: string,
  email: string,
  as: RemovedAs,
  by: string,
): Promise<boolean> {
  const rows = await db.rows(
    `select 1 from member where organization_id = $1 and email = $2 and status = 'removed' and removed_as = $3 and removed_by = $4
       and removed_at > clock_timestamp() - interval '10 minutes' limit 1`,
    [organizationId, email, as, by],
  );
  return rows.length > 0;
}

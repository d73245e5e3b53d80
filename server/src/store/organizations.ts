import type { Organization } from '@latchkey/core/organization.ts';
import { type Database, first, only } from './database.ts';

export interface OrganizationRow {
  organization_id: string;
  organization_name: string;
  plan: string;
  seats: number | null;
  organization_locale: string;
  redirect_url: string | null;
  organization_partner_id: string | null;
  access_revision: number;
}

/** Of `organization o`. */
export const organizationColumns = `
  o.id as organization_id, o.name as organization_name, o.plan, o.seats, o.locale as organization_locale,
  o.redirect_url, o.partner_id as organization_partner_id, o.access_revision`;

export const organizationOf = (row: OrganizationRow): Organization => ({
  id: row.organization_id,
  name: row.organization_name,
  plan: row.plan,
  seats: row.seats,
  locale: row.organization_locale,
  redirectUrl: row.redirect_url,
  partnerId: row.organization_partner_id,
});

export interface NewOrganization {
  id: string;
  name: string;
  plan: string;
  seats: number | null;
  locale: string;
  partnerId: string | null;
}

export async function insertOrganization(db: Database, organization: NewOrganization): Promise<void> {
  await db.rows(
    'insert into organization (id, name, plan, seats, locale, partner_id) values ($1, $2, $3, $4, $5, $6)',
    [
      organization.id,
      organization.name,
      organization.plan,
      organization.seats,
      organization.locale,
      organization.partnerId,
    ],
  );
}

/**
 * Takes the organization's lock, which serialises whatever changes an existing member, key or plan of it; inviting takes
 * none. It does not stand in the way of rows that merely refer to the organization.
 */
export async function lockOrganization(db: Database, id: string): Promise<Organization | undefined> {
  const row = first(
    await db.rows<OrganizationRow>(
      `select ${organizationColumns} from organization o where o.id = $1 for no key update`,
      [id],
    ),
  );
  return row && organizationOf(row);
}

/** Of `member m`: an owner who can act, neither suspended nor past a time limit. */
const isActingOwner = `
  m.is_owner and m.status = 'active' and m.suspended_at is null
  and (m.access_expires_at is null or m.access_expires_at > clock_timestamp())`;

/** An organization of a partner, and whether it has an owner who can act; undefined for those of others and of nobody. */
export async function findOrganizationOfPartner(
  db: Database,
  partnerId: string,
  id: string,
): Promise<{ organization: Organization; hasActiveOwner: boolean } | undefined> {
  const row = first(
    await db.rows<OrganizationRow & { has_active_owner: boolean }>(
      `select ${organizationColumns}, exists (
         select from member m where m.organization_id = o.id and ${isActingOwner}) as has_active_owner
       from organization o where o.id = $1 and o.partner_id = $2`,
      [id, partnerId],
    ),
  );
  return row && { organization: organizationOf(row), hasActiveOwner: row.has_active_owner };
}

export async function accessRevision(db: Database, id: string): Promise<number> {
  return only(
    await db.rows<{ access_revision: number }>('select access_revision from organization where id = $1', [id]),
  ).access_revision;
}

/** Raises the organization's revision and says whose access changed: a member's, a key's, or everybody's. */
export async function recordAccessChange(
  db: Database,
  organizationId: string,
  whose: { memberId?: string; apiKeyId?: string },
): Promise<number> {
  const row = only(
    await db.rows<{ revision: number }>(
      `with raised as (update organization set access_revision = access_revision + 1 where id = $1 returning access_revision)
       insert into access_change (organization_id, revision, member_id, api_key_id)
       select $1, access_revision, $2, $3 from raised returning revision`,
      [organizationId, whose.memberId ?? null, whose.apiKeyId ?? null],
    ),
  );
  return row.revision;
}

export async function updateOrganizationFields(
  db: Database,
  id: string,
  fields: { name: string; locale: string; redirectUrl: string | null },
): Promise<void> {
  await db.rows('update organization set name = $2, locale = $3, redirect_url = $4 where id = $1', [
    id,
    fields.name,
    fields.locale,
    fields.redirectUrl,
  ]);
}

export async function updatePlan(db: Database, id: string, plan: string, seats: number | null): Promise<void> {
  await db.rows('update organization set plan = $2, seats = $3 where id = $1', [id, plan, seats]);
}

/** Owners who can act: active and not barred, besides one of them. */
export async function countOtherActiveOwners(db: Database, id: string, besides: string): Promise<number> {
  const row = only(
    await db.rows<{ count: number }>(
      `select count(*)::int as count from member m where m.organization_id = $1 and m.id <> $2 and ${isActingOwner}`,
      [id, besides],
    ),
  );
  return row.count;
}

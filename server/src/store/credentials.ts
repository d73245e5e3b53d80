import { type Database, first } from './database.ts';
import { grantsOf } from './grants.ts';
import { type OrganizationRow, organizationColumns } from './organizations.ts';

/**
 * An api key as stored, with the organization it is for and the member it acts for, all read in one moment. Nobody stands
 * behind an adopted key: somebody other than its owner knows its secret.
 */
export interface ApiKeyCredential extends OrganizationRow {
  key_id: string;
  key_name: string;
  key_everything: boolean;
  key_permissions: string[];
  bound: boolean;
  allowed_ips: string[];
  expires_at: Date | null;
  expired: boolean;
  key_partner_id: string | null;
  member_id: string | null;
  member_email: string | null;
  member_status: 'pending' | 'active' | 'declined' | 'removed' | null;
  member_barred: boolean;
  member_is_owner: boolean;
  member_everything: boolean;
  member_permissions: string[];
}

const apiKeyColumns = `
  k.id as key_id, k.name as key_name, k.all_features_access as key_everything, k.permissions as key_permissions,
  k.bound, k.allowed_ips, k.expires_at, coalesce(k.expires_at <= clock_timestamp(), false) as expired, k.partner_id as key_partner_id,
  m.id as member_id, m.email as member_email, m.status as member_status,
  coalesce(m.suspended_at is not null or m.access_expires_at <= clock_timestamp(), false) as member_barred,
  coalesce(m.is_owner, false) as member_is_owner, coalesce(m.all_features_access, false) as member_everything,
  ${grantsOf('m')} as member_permissions,
  ${organizationColumns}`;

const apiKeySources = `
  api_key k
  join organization o on o.id = k.organization_id
  left join member m on m.organization_id = k.organization_id and m.id = k.member_id and k.adopted_at is null`;

/** A key by one of its secrets. */
export interface PresentedApiKey extends ApiKeyCredential {
  /** When the key, this secret or its member's access ends, whichever is first. */
  usable_until: Date | null;
}

/** Api keys by the SHA-256 of their secrets, as hex, in the order asked. Unknown, deleted and rotated-out secrets have none. */
export async function findApiKeysBySecret(
  db: Database,
  hashes: readonly string[],
): Promise<(PresentedApiKey | undefined)[]> {
  const rows = await db.rows<PresentedApiKey & { hash: string }>(
    `select encode(s.hash, 'hex') as hash, least(k.expires_at, s.valid_until, m.access_expires_at) as usable_until, ${apiKeyColumns}
     from key_secret s join ${apiKeySources.replace('api_key k', 'api_key k on k.organization_id = s.organization_id and k.id = s.api_key_id')}
     where s.hash = any (array(select decode(h, 'hex') from unnest($1::text[]) h))
       and (s.valid_until is null or s.valid_until > clock_timestamp()) and k.deleted_at is null`,
    [[...new Set(hashes)]],
  );
  const found = new Map(rows.map((row) => [row.hash, row]));
  return hashes.map((hash) => found.get(hash));
}

/** An api key by its id: for judging it again under the organization's lock, or as a grantor. Deleted ones are not found. */
export async function findApiKeyCredential(
  db: Database,
  organizationId: string,
  keyId: string,
): Promise<ApiKeyCredential | undefined> {
  return first(
    await db.rows<ApiKeyCredential>(
      `select ${apiKeyColumns} from ${apiKeySources} where k.organization_id = $1 and k.id = $2 and k.deleted_at is null`,
      [organizationId, keyId],
    ),
  );
}

export interface PartnerKeyCredential {
  key_id: string;
  key_name: string;
  partner_id: string;
  partner_name: string;
  allowed_ips: string[];
  expires_at: Date | null;
  expired: boolean;
}

const partnerKeyColumns = `
  k.id as key_id, k.name as key_name, p.id as partner_id, p.name as partner_name, k.allowed_ips, k.expires_at,
  coalesce(k.expires_at <= clock_timestamp(), false) as expired`;

export async function findPartnerKeyBySecret(db: Database, hash: string): Promise<PartnerKeyCredential | undefined> {
  return first(
    await db.rows<PartnerKeyCredential>(
      `select ${partnerKeyColumns}
       from key_secret s
       join partner_key k on k.partner_id = s.partner_id and k.id = s.partner_key_id
       join partner p on p.id = k.partner_id
       where s.hash = decode($1, 'hex') and (s.valid_until is null or s.valid_until > clock_timestamp()) and k.deleted_at is null`,
      [hash],
    ),
  );
}

export async function findPartnerKeyCredential(
  db: Database,
  partnerId: string,
  keyId: string,
): Promise<PartnerKeyCredential | undefined> {
  return first(
    await db.rows<PartnerKeyCredential>(
      `select ${partnerKeyColumns} from partner_key k join partner p on p.id = k.partner_id
       where k.partner_id = $1 and k.id = $2 and k.deleted_at is null`,
      [partnerId, keyId],
    ),
  );
}

/** One use of a key or a session; `scope` is the organization, the partner or the identity it belongs to. */
export interface KeyUse {
  kind: 'api_key' | 'partner_key' | 'session';
  scope: string;
  id: string;
  at: Date;
}

/** Notes that keys and sessions were used, without ever waiting for a row that somebody else has locked. */
export async function touchKeys(db: Database, uses: readonly KeyUse[]): Promise<void> {
  for (const [kind, scope] of [
    ['api_key', 'organization_id'],
    ['partner_key', 'partner_id'],
    ['session', 'identity_id'],
  ] as const) {
    const used = uses.filter((use) => use.kind === kind);
    if (used.length === 0) continue;
    await db.rows(
      `with used as (select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as u (scope, id, at)),
       free as (
         select t.${scope} as scope, t.id from ${kind} t join used u on u.scope = t.${scope} and u.id = t.id
         for update of t skip locked)
       update ${kind} k set last_used_at = u.at from used u join free f on f.scope = u.scope and f.id = u.id
       where k.${scope} = u.scope and k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)`,
      [used.map((use) => use.scope), used.map(({ id }) => id), used.map(({ at }) => at)],
    );
  }
}

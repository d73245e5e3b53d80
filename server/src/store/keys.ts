import type { Holdings } from '@latchkey/core/holdings.ts';
import { type Database, only } from './database.ts';

export interface NewApiKey {
  organizationId: string;
  id: string;
  name: string;
  holdings: Pick<Holdings, 'everything' | 'permissions'>;
  memberId: string | null;
  bound: boolean;
  partnerId: string | null;
  allowedIps: readonly string[];
  expiresAt: Date | null;
}

/** What is stored of a secret: its SHA-256 and the few characters by which people tell keys apart. */
export interface StoredSecret {
  hash: Buffer;
  hint: string;
}

export async function insertApiKey(db: Database, key: NewApiKey, secret: StoredSecret): Promise<void> {
  await db.rows(
    `with new_key as (
       insert into api_key (organization_id, id, name, all_features_access, permissions, member_id, bound, partner_id, allowed_ips, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning organization_id, id)
     insert into key_secret (hash, organization_id, api_key_id, hint) select $11, organization_id, id, $12 from new_key`,
    [
      key.organizationId,
      key.id,
      key.name,
      key.holdings.everything,
      [...key.holdings.permissions],
      key.memberId,
      key.bound,
      key.partnerId,
      key.allowedIps,
      key.expiresAt,
      secret.hash,
      secret.hint,
    ],
  );
}

/** Adds the new secret and gives every older one an end. @returns when the old ones end */
export const rotateApiKeySecret = (
  db: Database,
  organizationId: string,
  id: string,
  secret: StoredSecret,
  overlapSeconds: number,
): Promise<Date> => rotateSecret(db, ['organization_id', 'api_key_id'], [organizationId, id], secret, overlapSeconds);

export async function rebindApiKey(db: Database, organizationId: string, id: string, memberId: string): Promise<void> {
  await db.rows(
    'update api_key set member_id = $3, bound = false, partner_id = null, adopted_at = clock_timestamp() where organization_id = $1 and id = $2',
    [organizationId, id, memberId],
  );
}

export async function deleteApiKeyRow(db: Database, organizationId: string, id: string): Promise<void> {
  await db.rows(
    `with gone as (delete from key_secret where organization_id = $1 and api_key_id = $2)
     update api_key set deleted_at = clock_timestamp() where organization_id = $1 and id = $2`,
    [organizationId, id],
  );
}

export interface KeyRow {
  id: string;
  name: string;
  hint: string;
  allowed_ips: string[];
  expires_at: Date | null;
  last_used_at: Date | null;
  created_at: Date;
}

export interface ApiKeyRow extends KeyRow {
  all_features_access: boolean;
  permissions: string[];
  member_id: string | null;
  member_email: string | null;
  bound: boolean;
}

export function listApiKeyRows(db: Database, organizationId: string): Promise<ApiKeyRow[]> {
  return db.rows<ApiKeyRow>(
    `select k.id, k.name, (select s.hint from key_secret s where s.organization_id = k.organization_id and s.api_key_id = k.id order by s.created_at desc limit 1) as hint,
       k.allowed_ips, k.expires_at, k.last_used_at, k.created_at, k.all_features_access, k.permissions, k.member_id, m.email as member_email, k.bound
     from api_key k left join member m on m.organization_id = k.organization_id and m.id = k.member_id
     where k.organization_id = $1 and k.deleted_at is null order by k.id`,
    [organizationId],
  );
}

export interface NewPartnerKey {
  partnerId: string;
  id: string;
  name: string;
  allowedIps: readonly string[];
  expiresAt: Date | null;
}

export async function insertPartner(db: Database, partner: { id: string; name: string }): Promise<void> {
  await db.rows('insert into partner (id, name) values ($1, $2)', [partner.id, partner.name]);
}

export async function insertPartnerKey(db: Database, key: NewPartnerKey, secret: StoredSecret): Promise<void> {
  await db.rows(
    `with new_key as (
       insert into partner_key (partner_id, id, name, allowed_ips, expires_at) values ($1, $2, $3, $4, $5) returning partner_id, id)
     insert into key_secret (hash, partner_id, partner_key_id, hint) select $6, partner_id, id, $7 from new_key`,
    [key.partnerId, key.id, key.name, key.allowedIps, key.expiresAt, secret.hash, secret.hint],
  );
}

/** Adds the new secret and gives every older one an end. @returns when the old ones end */
export const rotatePartnerKeySecret = (
  db: Database,
  partnerId: string,
  id: string,
  secret: StoredSecret,
  overlapSeconds: number,
): Promise<Date> => rotateSecret(db, ['partner_id', 'partner_key_id'], [partnerId, id], secret, overlapSeconds);

/** @param columns which in key_secret name the key that `ids` are of */
async function rotateSecret(
  db: Database,
  columns: readonly [string, string],
  ids: readonly [string, string],
  secret: StoredSecret,
  overlapSeconds: number,
): Promise<Date> {
  const [scope, key] = columns;
  await db.rows(
    `update key_secret set valid_until = least(valid_until, clock_timestamp() + make_interval(secs => $3)) where ${scope} = $1 and ${key} = $2`,
    [...ids, overlapSeconds],
  );
  const row = only(
    await db.rows<{ ends: Date }>(
      `insert into key_secret (hash, ${scope}, ${key}, hint) values ($3, $1, $2, $4)
       returning clock_timestamp() + make_interval(secs => $5) as ends`,
      [...ids, secret.hash, secret.hint, overlapSeconds],
    ),
  );
  return row.ends;
}

export async function deletePartnerKeyRow(db: Database, partnerId: string, id: string): Promise<void> {
  await db.rows(
    `with gone as (delete from key_secret where partner_id = $1 and partner_key_id = $2)
     update partner_key set deleted_at = clock_timestamp() where partner_id = $1 and id = $2`,
    [partnerId, id],
  );
}

export function listPartnerKeyRows(db: Database, partnerId: string): Promise<KeyRow[]> {
  return db.rows<KeyRow>(
    `select k.id, k.name, (select s.hint from key_secret s where s.partner_id = k.partner_id and s.partner_key_id = k.id order by s.created_at desc limit 1) as hint,
       k.allowed_ips, k.expires_at, k.last_used_at, k.created_at
     from partner_key k where k.partner_id = $1 and k.deleted_at is null order by k.id`,
    [partnerId],
  );
}

/** Takes the partner's lock: changes to partner keys are as rare as they are serial. */
export async function lockPartner(db: Database, partnerId: string): Promise<void> {
  await db.rows('select 1 from partner where id = $1 for no key update', [partnerId]);
}

import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { featureOf, permissionOf } from '@latchkey/core/permission.ts';
import { type Database, only } from './database.ts';

export interface Installation {
  secret_fingerprints: string[];
  catalogue_fingerprint: string | null;
}

export async function readInstallation(db: Database): Promise<Installation> {
  return only(await db.rows<Installation>('select secret_fingerprints, catalogue_fingerprint from installation'));
}

/** Holds the installation's row, so that two first starts do not both make a first organization. */
export async function lockInstallation(db: Database): Promise<Installation> {
  return only(
    await db.rows<Installation>('select secret_fingerprints, catalogue_fingerprint from installation for update'),
  );
}

export async function saveFingerprints(db: Database, secrets: readonly string[], catalogue: string): Promise<void> {
  await db.rows('update installation set secret_fingerprints = $1, catalogue_fingerprint = $2', [secrets, catalogue]);
}

export async function hasOrganizations(db: Database): Promise<boolean> {
  return (await db.rows('select 1 from organization limit 1')).length > 0;
}

/** Gives every new permission the next free bit. Bits that were given once stay, whatever the catalogue becomes. */
export async function assignPermissionBits(db: Database, catalogue: Catalogue): Promise<void> {
  const names = [...catalogue.permissions];
  await db.rows(
    `insert into permission_bit (feature, permission, bit)
     select n.feature, n.permission, (select coalesce(max(bit), -1) from permission_bit) + row_number() over (order by n.place)
     from unnest($1::text[], $2::text[]) with ordinality as n (feature, permission, place)
     where not exists (select from permission_bit b where b.feature = n.feature and b.permission = n.permission)`,
    [names.map(featureOf), names.map(permissionOf)],
  );
}

/** Partitions of this month and the next two; dead key secrets go. */
export async function maintain(db: Database): Promise<void> {
  await db.rows('select ensure_audit_partitions()');
  await db.rows('delete from key_secret where valid_until < now()');
}

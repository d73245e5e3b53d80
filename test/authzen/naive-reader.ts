import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { canonicalEmail, isEmail } from '@latchkey/core/email.ts';
import type { PermissionName } from '@latchkey/core/permission.ts';
import type { World } from '../world.ts';

/** What somebody may do, by the names that the catalogue has now. */
export interface NaiveAnswer {
  may(feature: string, permission: string): boolean;
  /** The organization's revision at the same moment. */
  revision: number;
}

interface Row {
  plan: string;
  revision: number;
  status: string | null;
  everything: boolean;
  barred: boolean;
  granted: string[];
}

/** Reads all about one person from the tables and decides by sets of names: nothing in it is shared with what is tested. */
export async function readNaively(
  { database, server }: World,
  organizationId: string,
  name: string,
): Promise<NaiveAnswer> {
  const { catalogue } = server.services;
  const [row] = await database.sql<Row>(
    `select o.plan, o.access_revision::int as revision, m.status, coalesce(m.is_owner or m.all_features_access, false) as everything,
       coalesce(m.suspended_at is not null or m.access_expires_at <= clock_timestamp(), false) as barred,
       array(select unnest(g.permissions) from member_grant g where g.organization_id = m.organization_id and g.member_id = m.id) as granted
     from organization o left join member m on m.organization_id = o.id and m.status <> 'removed'
       and (m.email = $2 or m.id::text = $3 or m.external_id = $3)
     where o.id = $1 order by m.id::text = $3 desc limit 1`,
    [organizationId, isEmail(name) ? canonicalEmail(name) : null, name],
  );
  if (!row) throw new Error('no such organization');
  const granted = new Set(row.granted.flatMap((one) => meaningOf(catalogue, one)));
  const inPlan = (one: PermissionName): boolean =>
    catalogue.plans.get(row.plan)?.permissions.has(one) === true ||
    Object.values(catalogue.administration).includes(one);
  return {
    revision: row.revision,
    may(feature, permission) {
      const wanted = meaningOf(catalogue, `${feature}:${permission}`);
      if (wanted.length === 0 || row.status !== 'active' || row.barred) return false;
      return wanted.every((one) => (row.everything || granted.has(one)) && inPlan(one));
    },
  };
}

/** The permissions that a name stands for; none where the catalogue does not know it. */
export function meaningOf(catalogue: Catalogue, name: string): PermissionName[] {
  if (catalogue.permissions.has(name as PermissionName)) return [name as PermissionName];
  return [...(catalogue.aliases.get(name as PermissionName) ?? [])];
}

import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import type { TestDatabase } from '../database.ts';

interface Row {
  id: string;
  email: string;
  external_id: string | null;
  status: string;
  is_owner: boolean;
  all_features_access: boolean;
  suspended: boolean;
  over: boolean;
  granted: string[] | null;
  plan: string;
}

export interface NaiveAnswer {
  allowed: boolean;
  /** Whatever the plan has. */
  held: boolean;
}

/**
 * Who may do what, from the rows as they are and the catalogue as it is written: sets and loops, by the words of the design
 * and with nothing of the code that answers checks.
 */
export async function readNaively(
  database: TestDatabase,
  catalogue: CatalogueFile,
): Promise<(member: string, permission: string) => NaiveAnswer> {
  const rows = await database.sql<Row>(
    `select m.id, m.email, m.external_id, m.status, m.is_owner, m.all_features_access, m.suspended_at is not null as suspended,
       coalesce(m.access_expires_at <= clock_timestamp(), false) as over, g.permissions as granted, o.plan
     from member m join organization o on o.id = m.organization_id
     left join member_grant g on g.organization_id = m.organization_id and g.member_id = m.id
     where m.status <> 'removed'`,
  );
  const permissions = new Set(
    Object.entries(catalogue.features).flatMap(([feature, own]) =>
      Object.keys(own.permissions).map((permission) => `${feature}:${permission}`),
    ),
  );
  const meaning = (name: string): string[] => (permissions.has(name) ? [name] : (catalogue.aliases?.[name] ?? []));
  const planOf = (name: string): Set<string> => {
    const features = catalogue.plans[name]?.features ?? {};
    const inPlan = [...permissions].filter((permission) => {
      if (features === 'all') return true;
      const [feature = '', own = ''] = permission.split(':');
      const some = features[feature];
      return some === 'all' || (some?.includes(own) ?? false);
    });
    return new Set([...inPlan, ...Object.values(catalogue.administration)]);
  };

  return (member, permission) => {
    const row =
      rows.find(({ id }) => id === member) ??
      rows.find(({ email }) => email === member) ??
      rows.find(({ external_id: externalId }) => externalId === member);
    const wanted = meaning(permission);
    if (row?.status !== 'active' || row.suspended || row.over || wanted.length === 0)
      return { allowed: false, held: false };
    const holds = new Set((row.granted ?? []).flatMap(meaning));
    const held = row.is_owner || row.all_features_access || wanted.every((one) => holds.has(one));
    const plan = planOf(row.plan);
    return { allowed: held && wanted.every((one) => plan.has(one)), held };
  };
}

import { nameKind } from '@latchkey/core/access/member-name.ts';
import { type Database, only } from './database.ts';
import { grantsOf } from './grants.ts';

/** By what a member is asked for: exactly one of them is set, or id together with external id where a text could be either. */
export interface AskedName {
  organizationId: string;
  email: string | null;
  id: string | null;
  externalId: string | null;
}

/** The look-ups that a name stands for. */
export function askedBy(name: string): Omit<AskedName, 'organizationId'> {
  switch (nameKind(name)) {
    case 'email':
      return { email: name, id: null, externalId: null };
    case 'id':
      return { email: null, id: name, externalId: name };
    case 'external_id':
      return { email: null, id: null, externalId: name };
  }
}

/** What decides a member's access, as stored; times in milliseconds since 1970. */
export interface AccessStateRow {
  id: string;
  email: string;
  external_id: string | null;
  status: 'pending' | 'active' | 'declined' | 'removed';
  is_owner: boolean;
  all_features_access: boolean;
  suspended: boolean;
  access_expires_at: number | null;
  invitation_expires_at: number | null;
  permissions: string[];
}

const milliseconds = (moment: string): string => `(extract(epoch from ${moment}) * 1000)::float8`;

const stateColumns = `
  m.id, m.email, m.external_id, m.status, m.is_owner, m.all_features_access, m.suspended_at is not null as suspended,
  ${milliseconds("nullif(m.access_expires_at, 'infinity')")} as access_expires_at,
  case when m.status = 'pending' then (
    select ${milliseconds('i.expires_at')} from invitation i where i.organization_id = m.organization_id and i.member_id = m.id
  ) end as invitation_expires_at,
  ${grantsOf('m')} as permissions`;

/** An organization's revision and plan, and one of its members where there is one of the name, all of one moment. */
export interface AccessAnswer {
  revision: number;
  plan: string;
  member: AccessStateRow | undefined;
}

/** Each way of naming a member is a look-up of its own index; an id goes before an external id of the same text. */
const stateWhere = (condition: string, way: number): string => `(
  select ${stateColumns}, ${way} as way from member m
  where m.organization_id = a.organization_id and m.status <> 'removed' and ${condition})`;

/** The answers in the order asked; undefined for an organization that there is not. */
export async function findAccessStates(
  db: Database,
  asked: readonly AskedName[],
): Promise<(AccessAnswer | undefined)[]> {
  const rows = await db.rows<Partial<AccessStateRow> & { place: number; access_revision: number; plan: string }>(
    `select a.place::int as place, o.access_revision, o.plan, found.*
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[]) with ordinality a (organization_id, email, id, external_id, place)
     join organization o on o.id = a.organization_id
     left join lateral (
       ${stateWhere('m.id = a.id', 1)} union all ${stateWhere('m.email = a.email', 2)} union all ${stateWhere('m.external_id = a.external_id', 3)}
       order by way limit 1) found on true`,
    [
      asked.map(({ organizationId }) => organizationId),
      asked.map(({ email }) => email),
      asked.map(({ id }) => id),
      asked.map(({ externalId }) => externalId),
    ],
  );
  const answers = new Map(
    rows.map((row) => [
      row.place,
      {
        revision: row.access_revision,
        plan: row.plan,
        member: row.id === null ? undefined : (row as unknown as AccessStateRow),
      },
    ]),
  );
  return asked.map((_, index) => answers.get(index + 1));
}

/** Active members by id, for a snapshot that is read in pages. */
export function listAccessStates(
  db: Database,
  organizationId: string,
  after: string,
  limit: number,
): Promise<AccessStateRow[]> {
  return db.rows<AccessStateRow>(
    `select ${stateColumns} from member m
     where m.organization_id = $1 and m.status <> 'removed' and m.id > $2 and m.status = 'active' order by m.id limit $3`,
    [organizationId, after, limit],
  );
}

/** These members as they are now, removed ones too. */
export function accessStatesOf(
  db: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<AccessStateRow[]> {
  return db.rows<AccessStateRow>(
    `select ${stateColumns} from member m where m.organization_id = $1 and m.id = any ($2::uuid[])`,
    [organizationId, ids],
  );
}

/**
 * One page by id of the active members who hold everything, or any of the stored names that stand for each wanted permission.
 * Both kinds are found by an index of their own, so that a permission that few have costs no look at everybody.
 */
export async function searchAccessStates(
  db: Database,
  organizationId: string,
  wanted: readonly (readonly string[])[],
  after: string,
  limit: number,
): Promise<{ revision: number; plan: string; members: AccessStateRow[] }> {
  const values: unknown[] = [organizationId, after, limit];
  const holdsEach = wanted.map((names) => `and g.permissions && $${values.push(names)}::text[]`);
  const rows = await db.rowsPlannedAnew<AccessStateRow & { access_revision: number; plan: string }>(
    `with holder as (
       (select m.id from member m
        where m.organization_id = $1 and m.id > $2 and m.status = 'active' and (m.is_owner or m.all_features_access)
        order by m.id limit $3)
       union
       (select m.id from member_grant g join member m on m.organization_id = g.organization_id and m.id = g.member_id
        where g.organization_id = $1 and g.member_id > $2 and g.source = 'direct' and m.status = 'active' ${holdsEach.join(' ')}
        order by g.member_id limit $3)
       order by id limit $3)
     select o.access_revision, o.plan, found.* from organization o left join lateral (
       select ${stateColumns} from holder h join member m on m.organization_id = $1 and m.id = h.id) found on true
     where o.id = $1 order by found.id`,
    values,
  );
  const [first] = rows;
  if (!first) throw new Error('the organization of a credential is gone');
  return { revision: first.access_revision, plan: first.plan, members: rows.filter(({ id }) => id !== null) };
}

/** Each permission's bit, as assigned once for this installation. */
export function readPermissionBits(db: Database): Promise<{ feature: string; permission: string; bit: number }[]> {
  return db.rows('select feature, permission, bit from permission_bit order by bit');
}

/** The organization's newest revision, its plan, and the database's clock in milliseconds since 1970, of one moment. */
export async function accessHead(
  db: Database,
  organizationId: string,
): Promise<{ revision: number; plan: string; now: number }> {
  return only(
    await db.rows<{ revision: number; plan: string; now: number }>(
      `select access_revision as revision, plan, ${milliseconds('clock_timestamp()')} as now from organization where id = $1`,
      [organizationId],
    ),
  );
}

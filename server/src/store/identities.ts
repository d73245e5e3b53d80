import { type Database, first, only } from './database.ts';

export interface Identity {
  id: string;
  email: string;
}

/** The identity of a proven mailbox, made where there was none. @param id for a new one */
export async function establishIdentity(db: Database, { id, email }: Identity): Promise<Identity> {
  return only(
    await db.rows<Identity>(
      // The update changes nothing; it makes the row that was there already come back, and waits for one being made. Of a column
      // that is no key, so that sessions of the same person, which refer to the row, need not wait for it.
      `insert into identity (id, email) values ($1, $2)
       on conflict (email) do update set created_at = identity.created_at returning id, email`,
      [id, email],
    ),
  );
}

/** @returns whether it was bound: a member who has an identity keeps it */
export async function bindMember(
  db: Database,
  organizationId: string,
  memberId: string,
  identityId: string,
): Promise<boolean> {
  const rows = await db.rows(
    `update member set identity_id = $3 where organization_id = $1 and id = $2 and status <> 'removed'
       and (identity_id is null or identity_id = $3) returning id`,
    [organizationId, memberId, identityId],
  );
  return rows.length > 0;
}

/**
 * For removing a member: of several memberships that end at once, the last finds that the others have ended.
 * @returns whether the member is bound to an identity
 */
export async function lockIdentityOf(db: Database, organizationId: string, memberId: string): Promise<boolean> {
  const rows = await db.rows(
    `select i.id from identity i join member m on m.identity_id = i.id
     where m.organization_id = $1 and m.id = $2 for no key update of i`,
    [organizationId, memberId],
  );
  return rows.length > 0;
}

/** A place where somebody who signs in is an active member. */
export interface Membership {
  organization_id: string;
  organization_name: string;
  member_id: string;
  email: string;
  is_owner: boolean;
  locale: string;
}

const memberships = `
  select m.organization_id, o.name as organization_name, m.id as member_id, m.email, m.is_owner, m.locale
  from member m join organization o on o.id = m.organization_id
  where m.identity_id = $1 and m.status = 'active' order by o.name, o.id`;

/** Of an identity, by the organizations' names. */
export const membershipsOf = (db: Database, identityId: string): Promise<Membership[]> =>
  db.rows<Membership>(memberships, [identityId]);

/** For what begins at them: whoever is removed meanwhile is so before, and is not found, or after, and is signed out. */
export const membershipsLocked = (db: Database, identityId: string): Promise<Membership[]> =>
  db.rows<Membership>(`${memberships} for share of m`, [identityId]);

/** The active members with an address, those first who are not bound to an identity yet. */
export async function findActiveMembersByEmail(
  db: Database,
  email: string,
): Promise<
  (Pick<Membership, 'organization_id' | 'organization_name' | 'member_id' | 'locale'> & { bound: boolean })[]
> {
  return db.rows(
    `select m.organization_id, o.name as organization_name, m.id as member_id, m.locale, m.identity_id is not null as bound
     from member m join organization o on o.id = m.organization_id
     where m.email = $1 and m.status = 'active' order by m.identity_id is not null, o.created_at`,
    [email],
  );
}

export async function findIdentity(db: Database, id: string): Promise<Identity | undefined> {
  return first(await db.rows<Identity>('select id, email from identity where id = $1', [id]));
}

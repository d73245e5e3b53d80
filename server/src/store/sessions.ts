import { type Database, first, only } from './database.ts';
import { grantsOf } from './grants.ts';
import { type OrganizationRow, organizationColumns } from './organizations.ts';

export type SignInMethod = 'mailed_link' | 'operator_link' | 'invitation' | 'passkey';

export interface NewSession {
  id: string;
  identityId: string;
  secretHash: Buffer;
  method: SignInMethod;
  ip: string;
  userAgent: string | null;
  lifetimeSeconds: number;
}

/** @returns when it ends */
export async function insertSession(db: Database, session: NewSession): Promise<Date> {
  const row = only(
    await db.rows<{ expires_at: Date }>(
      `insert into session (identity_id, id, secret_hash, method, ip, user_agent, expires_at)
       values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) returning expires_at`,
      [
        session.identityId,
        session.id,
        session.secretHash,
        session.method,
        session.ip,
        session.userAgent,
        session.lifetimeSeconds,
      ],
    ),
  );
  return row.expires_at;
}

/** Somebody who is signed in. */
export interface SessionRow {
  session_id: string;
  identity_id: string;
  identity_email: string;
  method: SignInMethod;
  signed_in_at: Date;
  /** Signed in within the last hour. */
  fresh: boolean;
  session_expires_at: Date;
}

/** The active member that a session's identity is in the organization it names. */
export interface MembershipRow extends OrganizationRow {
  member_id: string;
  member_email: string;
  member_barred: boolean;
  member_is_owner: boolean;
  member_everything: boolean;
  member_permissions: string[];
  member_access_expires_at: Date | null;
}

/** Nothing of a membership where no organization was named, or none of theirs. */
export type PresentedSession = SessionRow & (MembershipRow | { [K in keyof MembershipRow]: null });

export const isMember = (session: PresentedSession): session is SessionRow & MembershipRow =>
  session.member_id !== null;

const sessionColumns = `
  s.id as session_id, s.identity_id, i.email as identity_email, s.method, s.created_at as signed_in_at,
  s.created_at > clock_timestamp() - interval '1 hour' as fresh, s.expires_at as session_expires_at`;

const membershipColumns = `
  m.id as member_id, m.email as member_email, m.access_expires_at as member_access_expires_at,
  (m.suspended_at is not null or coalesce(m.access_expires_at <= clock_timestamp(), false)) as member_barred,
  m.is_owner as member_is_owner, m.all_features_access as member_everything,
  ${grantsOf('m')} as member_permissions,
  ${organizationColumns}`;

const membershipIn = (organization: string): string =>
  `m.identity_id = s.identity_id and m.organization_id = ${organization} and m.status = 'active'`;

/** What is live: not past its end, and not left alone for longer than `$1` seconds. */
const live = `s.expires_at > clock_timestamp() and s.last_used_at > clock_timestamp() - make_interval(secs => $1)`;

/** Sessions by the SHA-256 of their secrets, as hex, each in the organization asked for, in the order asked. */
export async function findSessionsBySecret(
  db: Database,
  asked: readonly { hash: string; organizationId: string | null }[],
  idleSeconds: number,
): Promise<(PresentedSession | undefined)[]> {
  const rows = await db.rows<PresentedSession & { place: number }>(
    `select asked.place, ${sessionColumns}, ${membershipColumns}
     from unnest($2::text[], $3::uuid[]) with ordinality as asked (hash, organization_id, place)
     join session s on s.secret_hash = decode(asked.hash, 'hex') join identity i on i.id = s.identity_id
     left join member m on ${membershipIn('asked.organization_id')} left join organization o on o.id = m.organization_id
     where ${live}`,
    [idleSeconds, asked.map(({ hash }) => hash), asked.map(({ organizationId }) => organizationId)],
  );
  const found = new Map(rows.map((row) => [Number(row.place), row]));
  return asked.map((_, index) => found.get(index + 1));
}

/**
 * A session by its id, in an organization of its person's: for judging it again under the organization's lock. Whoever ends
 * it meanwhile waits for what it writes, so that nothing is written once it has ended.
 */
export async function findSessionById(
  db: Database,
  organizationId: string,
  sessionId: string,
): Promise<(SessionRow & MembershipRow) | undefined> {
  return first(
    await db.rows<SessionRow & MembershipRow>(
      `select ${sessionColumns}, ${membershipColumns} from session s join identity i on i.id = s.identity_id
       join member m on ${membershipIn('$1')} join organization o on o.id = m.organization_id
       where s.id = $2 and s.expires_at > clock_timestamp() for key share of s`,
      [organizationId, sessionId],
    ),
  );
}

/** Likewise for what a session does about its own person. @returns whether it is still there */
export async function holdSession(db: Database, identityId: string, id: string): Promise<boolean> {
  const rows = await db.rows(
    `select id from session where identity_id = $1 and id = $2 and expires_at > clock_timestamp() for key share`,
    [identityId, id],
  );
  return rows.length > 0;
}

export interface ListedSession {
  id: string;
  method: SignInMethod;
  user_agent: string | null;
  ip: string;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
}

export function listSessionRows(db: Database, identityId: string, idleSeconds: number): Promise<ListedSession[]> {
  return db.rows<ListedSession>(
    `select id, method, user_agent, ip, created_at, last_used_at, expires_at from session s
     where ${live} and identity_id = $2 order by created_at desc, id`,
    [idleSeconds, identityId],
  );
}

/** @returns whether there was one */
export async function deleteSession(db: Database, identityId: string, id: string): Promise<boolean> {
  const rows = await db.rows('delete from session where identity_id = $1 and id = $2 returning id', [identityId, id]);
  return rows.length > 0;
}

/**
 * Ends those beyond so many that were left alone the longest, never the one that has just begun. Of many that begin at once
 * each counts what the one before left. The lock is the last that is taken, so that nobody waits for whoever waits for them;
 * for the same reason a session that is writing at this moment stays, until the next one begins.
 */
export async function endSessionsBeyond(db: Database, identityId: string, newest: string, most: number): Promise<void> {
  await db.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`sessions of ${identityId}`]);
  await db.rows(
    `with beyond as (
       select id from session where identity_id = $1 order by (id = $2) desc, last_used_at desc, id desc offset $3)
     delete from session where identity_id = $1 and id in (
       select s.id from session s join beyond b on b.id = s.id where s.identity_id = $1 for update of s skip locked)`,
    [identityId, newest, most],
  );
}

/** Ends the sessions of somebody who has just been removed, unless they are an active member of another organization. */
export async function endSessionsOfRemoved(db: Database, organizationId: string, memberId: string): Promise<void> {
  await db.rows(
    `delete from session s using member gone
     where gone.organization_id = $1 and gone.id = $2 and gone.status = 'removed' and s.identity_id = gone.identity_id
       and not exists (select from member other where other.identity_id = gone.identity_id and other.status = 'active')`,
    [organizationId, memberId],
  );
}

export async function deleteEndedSessions(db: Database, idleSeconds: number): Promise<void> {
  await db.rows(`delete from session where expires_at < now() or last_used_at < now() - make_interval(secs => $1)`, [
    idleSeconds,
  ]);
}

/** Signs everybody out: a backup may hold sessions that were ended after it was made. */
export async function deleteEverySession(db: Database): Promise<void> {
  await db.rows('delete from session');
}

import type { Database } from './database.ts';
import type { Grantor } from './invitations.ts';

export interface ClaimedDelivery {
  organization_id: string;
  id: string;
  invitation_id: string;
  generation: number;
  recipient: string;
  attempts: number;
  created_at: Date;
}

/**
 * Claims messages that are due: each goes to one worker, and comes back by itself after `leaseSeconds` should that
 * worker die, so a crash delays a message and loses none.
 */
export function claimDeliveries(db: Database, limit: number, leaseSeconds: number): Promise<ClaimedDelivery[]> {
  return db.rows<ClaimedDelivery>(
    `update delivery d set attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => $2)
     from (select organization_id, id from delivery where state = 'queued' and next_attempt_at <= clock_timestamp()
           order by next_attempt_at limit $1 for update skip locked) due
     where d.organization_id = due.organization_id and d.id = due.id
     returning d.organization_id, d.id, d.invitation_id, d.generation, d.recipient, d.attempts, d.created_at`,
    [limit, leaseSeconds],
  );
}

/** Gives back what was claimed and not finished: for when no other worker can be at it. */
export async function releaseClaims(db: Database, leaseSeconds: number): Promise<void> {
  await db.rows(
    `update delivery set next_attempt_at = clock_timestamp()
     where state = 'queued' and next_attempt_at > clock_timestamp() and next_attempt_at <= clock_timestamp() + make_interval(secs => $1)`,
    [leaseSeconds],
  );
}

export async function markSent(db: Database, organizationId: string, id: string): Promise<void> {
  await db.rows(
    `update delivery set state = 'sent', sent_at = clock_timestamp(), reason = null where organization_id = $1 and id = $2 and state = 'queued'`,
    [organizationId, id],
  );
}

export async function markFailed(db: Database, organizationId: string, id: string, reason: string): Promise<void> {
  await db.rows(
    `update delivery set state = 'failed', reason = $3 where organization_id = $1 and id = $2 and state = 'queued'`,
    [organizationId, id, reason],
  );
}

export async function postpone(
  db: Database,
  organizationId: string,
  id: string,
  reason: string,
  delaySeconds: number,
): Promise<void> {
  await db.rows(
    `update delivery set reason = $3, next_attempt_at = clock_timestamp() + make_interval(secs => $4) where organization_id = $1 and id = $2 and state = 'queued'`,
    [organizationId, id, reason, delaySeconds],
  );
}

/** Who a mail says invites: the member behind the key, or the partner; the key's own name where nobody stands behind it. */
export async function grantorName(db: Database, organizationId: string, grantor: Grantor): Promise<string | undefined> {
  const rows = await db.rows<{ name: string }>(
    `select case $2
       when 'partner' then (select name from partner where id = $3)
       when 'member' then (select email from member where organization_id = $1 and id = $3 and status <> 'removed')
       else (select coalesce(m.email, p.name, k.name) from api_key k
             left join member m on m.organization_id = k.organization_id and m.id = k.member_id and m.status <> 'removed'
             left join partner p on p.id = k.partner_id
             where k.organization_id = $1 and k.id = $3)
     end as name`,
    [organizationId, grantor.kind, grantor.id],
  );
  return rows[0]?.name ?? undefined;
}

export interface DeliveryRow {
  id: string;
  kind: 'invitation';
  recipient: string;
  state: 'queued' | 'sent' | 'failed';
  reason: string | null;
  attempts: number;
  created_at: Date;
  sent_at: Date | null;
  next_attempt_at: Date;
}

export interface InvitationFate {
  member_id: string;
  expires_at: Date;
  /** The newest message: null where there is none. */
  state: DeliveryRow['state'] | null;
  reason: string | null;
  created_at: Date;
  sent_at: Date | null;
}

/** The invitations of these members, each with its newest message; found by its recipient, of whom no index has many. */
export function findInvitationFates(
  db: Database,
  organizationId: string,
  memberIds: readonly string[],
): Promise<InvitationFate[]> {
  return db.rows<InvitationFate>(
    `select i.member_id, i.expires_at, d.state, d.reason, d.created_at, d.sent_at
     from invitation i join member m on m.organization_id = i.organization_id and m.id = i.member_id
     left join lateral (
       select d.* from delivery d where d.recipient = m.email and d.organization_id = i.organization_id and d.invitation_id = i.id
       order by d.created_at desc, d.id desc limit 1) d on true
     where i.organization_id = $1 and i.member_id = any($2::uuid[])`,
    [organizationId, memberIds],
  );
}

/** Newest first; the cursor is the last id, since ids sort by time. */
export function listDeliveryRows(
  db: Database,
  organizationId: string,
  filter: { state?: string | undefined; email?: string | undefined; olderThan?: string | undefined },
  limit: number,
): Promise<DeliveryRow[]> {
  return db.rowsPlannedAnew<DeliveryRow>(
    `select id, kind, recipient, state, reason, attempts, created_at, sent_at, next_attempt_at from delivery
     where organization_id = $1 and ($2::text is null or state = $2) and ($3::text is null or recipient = $3) and ($4::uuid is null or id < $4)
     order by id desc limit $5`,
    [organizationId, filter.state ?? null, filter.email ?? null, filter.olderThan ?? null, limit],
  );
}

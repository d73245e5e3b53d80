import type { AuditAction } from '@latchkey/core/audit-event.ts';
import type { Database } from './database.ts';

/** One audit event with its personal data, which is written to a table of its own. */
export interface AuditEvent {
  id: string;
  organizationId: string | null;
  partnerId: string | null;
  action: AuditAction;
  outcome: 'done' | 'refused';
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  targetKind: string;
  targetId: string | null;
  targetEmail: string | null;
  details: Record<string, unknown>;
  requestId: string | null;
  ip: string | null;
  userAgent: string | null;
}

/** The digest stays where the address is erased; its salt is the installation's. */
const insertText = `
  with event as (
    insert into audit_event (id, organization_id, partner_id, action, outcome, actor_kind, actor_id, target_kind, target_id, target_digest, details, request_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9,
      case when $10::text is not null then (select sha256(audit_salt || convert_to($10::text, 'UTF8')) from installation) end, $11, $12))
  insert into audit_person (event_id, organization_id, target_email, actor_name, ip, user_agent) values ($1, $2, $10, $13, $14, $15)`;

export async function insertAuditEvent(db: Database, event: AuditEvent): Promise<void> {
  await db.rows(insertText, [
    event.id,
    event.organizationId,
    event.partnerId,
    event.action,
    event.outcome,
    event.actorKind,
    event.actorId,
    event.targetKind,
    event.targetId,
    event.targetEmail,
    JSON.stringify(event.details),
    event.requestId,
    event.actorName,
    event.ip,
    event.userAgent,
  ]);
}

export interface AuditEventRow {
  id: string;
  occurred_at: Date;
  action: string;
  outcome: 'done' | 'refused';
  actor_kind: string;
  actor_id: string | null;
  actor_name: string | null;
  target_kind: string;
  target_id: string | null;
  target_email: string | null;
  details: Record<string, unknown>;
  request_id: string | null;
  ip: string | null;
  user_agent: string | null;
}

export interface AuditFilter {
  from?: Date | undefined;
  before?: Date | undefined;
  email?: string | undefined;
  /** Ids of members and keys; what any of them did. */
  actors?: readonly string[] | undefined;
  action?: string | undefined;
  outcome?: string | undefined;
  olderThan?: string | undefined;
  offset?: number | undefined;
}

/** Of an organization, newest first; the cursor is the last id, since ids sort by time. */
export const listAuditEvents = (
  db: Database,
  organizationId: string,
  filter: AuditFilter,
  limit: number,
): Promise<AuditEventRow[]> => select(db, 'e.organization_id = $1', organizationId, filter, limit);

/** Likewise what a partner did as one: not what its keys did inside an organization, nor what others do with one given away. */
export const listPartnerAuditEvents = (
  db: Database,
  partnerId: string,
  filter: AuditFilter,
  limit: number,
): Promise<AuditEventRow[]> => select(db, ofPartner, partnerId, filter, limit);

const ofPartner = `e.partner_id = $1
  and (e.organization_id is null or e.organization_id in (select o.id from organization o where o.partner_id = $1))`;

/** The ids under which somebody with this address has done anything here: as a member, now or before, and by keys of theirs. */
export async function actorsAt(db: Database, organizationId: string, email: string): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(
    `with person as (
       select id from member where organization_id = $1 and email = $2 and status <> 'removed'
       union all select id from member where organization_id = $1 and email = $2 and status = 'removed')
     select id from person
     union all select k.id from api_key k join person p on p.id = k.member_id where k.organization_id = $1`,
    [organizationId, email],
  );
  return rows.map(({ id }) => id);
}

function select(db: Database, whose: string, id: string, filter: AuditFilter, limit: number): Promise<AuditEventRow[]> {
  const { actors } = filter;
  const wanted = `
    select e.id, e.occurred_at, e.action, e.outcome, e.actor_kind, e.actor_id, e.target_kind, e.target_id, e.details, e.request_id
    from audit_event e
    where ${whose}
      and ($2::timestamptz is null or e.occurred_at >= $2) and ($3::timestamptz is null or e.occurred_at < $3)
      and ($4::text is null or e.target_digest = (select sha256(audit_salt || convert_to($4::text, 'UTF8')) from installation))
      and ($5::text is null or e.action = $5) and ($6::text is null or e.outcome = $6)
      and ($7::uuid is null or e.id < $7)`;
  // Of each actor no more than the page can take, so that each is one range of an index.
  const found = actors
    ? `select e.* from unnest($10::uuid[]) as actor (id) cross join lateral (
         ${wanted} and e.actor_id = actor.id order by e.id desc limit $8::bigint + $9::bigint) e`
    : wanted;
  return db.rowsPlannedAnew<AuditEventRow>(
    `with page as (${found} order by id desc limit $8 offset $9)
     select page.*, p.actor_name, p.target_email, p.ip, p.user_agent
     from page left join audit_person p on p.event_id = page.id order by page.id desc`,
    [
      id,
      filter.from ?? null,
      filter.before ?? null,
      filter.email ?? null,
      filter.action ?? null,
      filter.outcome ?? null,
      filter.olderThan ?? null,
      limit,
      filter.offset ?? 0,
      ...(actors ? [actors] : []),
    ],
  );
}

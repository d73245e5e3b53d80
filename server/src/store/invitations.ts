import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import type { Holdings } from '@latchkey/core/holdings.ts';
import type { Member } from '@latchkey/core/member.ts';
import type { Organization } from '@latchkey/core/organization.ts';
import type { AuditEvent } from './audit-events.ts';
import { type Database, first, only } from './database.ts';
import { grouped } from './grouped.ts';
import { type MemberRow, memberColumns, memberOf } from './members.ts';
import { type OrganizationRow, organizationColumns, organizationOf } from './organizations.ts';

/** Whose authority an invitation stands on. */
export interface Grantor {
  kind: 'api_key' | 'partner' | 'member';
  id: string;
}

/** How many messages may go out in an hour; null for no limit. */
export interface MailLimits {
  recipient: number | null;
  organization: number | null;
}

export interface NewInvitation {
  organizationId: string;
  memberId: string;
  invitationId: string;
  deliveryId: string;
  email: string;
  externalId: string | null;
  locale: string;
  holdings: Holdings;
  grantor: Grantor;
  lifetimeSeconds: number;
  event: AuditEvent;
}

/** `known`: a member who is not removed has the address, or the external id. */
export type InvitationInsert =
  | { outcome: 'inserted' }
  | { outcome: 'known' }
  | { outcome: 'too_much_mail'; waitSeconds: number };

// One statement for any number, so that inviting is one round trip and one commit: it takes no lock that others wait for.
// A conflict is one of addresses or of external ids; whoever asks tells them apart, since those of others may not be visible here.
const insertText = `
  with given as materialized (
    select g.*, mail_wait(g.email, g.organization_id, $2, $3, interval '1 hour') as wait
    from jsonb_to_recordset($1) as g (
      organization_id uuid, member_id uuid, invitation_id uuid, delivery_id uuid, email text, external_id text, locale text, is_owner boolean, everything boolean,
      permissions text[], grantor_kind text, grantor_id uuid, lifetime double precision, event_id uuid, partner_id uuid, action text, actor_kind text,
      actor_id uuid, actor_name text, details jsonb, request_id text, ip text, user_agent text)),
  new_member as (
    insert into member (organization_id, id, email, external_id, locale, is_owner, all_features_access, status)
    select organization_id, member_id, email, external_id, locale, is_owner, everything, 'pending' from given where wait is null
    on conflict do nothing
    returning id),
  taken as materialized (select * from given where member_id in (select id from new_member)),
  new_grant as (
    insert into member_grant (organization_id, member_id, permissions) select organization_id, member_id, permissions from taken),
  new_invitation as (
    insert into invitation (organization_id, id, member_id, expires_at, grantor_kind, grantor_id)
    select organization_id, invitation_id, member_id, now() + make_interval(secs => lifetime), grantor_kind, grantor_id from taken),
  new_delivery as (
    insert into delivery (organization_id, id, invitation_id, generation, recipient)
    select organization_id, delivery_id, invitation_id, 1, email from taken),
  new_event as (
    insert into audit_event (id, organization_id, partner_id, action, actor_kind, actor_id, target_kind, target_id, target_digest, details, request_id)
    select event_id, organization_id, partner_id, action, actor_kind, actor_id, 'member', member_id,
      (select sha256(audit_salt || convert_to(email, 'UTF8')) from installation), details, request_id from taken),
  new_person as (
    insert into audit_person (event_id, organization_id, target_email, actor_name, ip, user_agent)
    select event_id, organization_id, email, actor_name, ip, user_agent from taken)
  select given.member_id, given.wait, new_member.id is not null as inserted from given left join new_member on new_member.id = given.member_id`;

/**
 * Writes member, grants, invitation, delivery and audit event of each together, unless the address or the external id is
 * known in its organization or the address gets too much mail. No two of them may be for the same recipient: they would not see each other's mail.
 * @returns the outcomes in the order of the invitations
 */
export async function insertInvitations(
  db: Database,
  mailLimits: MailLimits,
  invitations: readonly NewInvitation[],
): Promise<InvitationInsert[]> {
  // In the order of addresses, in which everybody takes the locks on them.
  const sorted = invitations.toSorted((a, b) => (a.email < b.email ? -1 : a.email > b.email ? 1 : 0));
  const rows = await db.rows<{ member_id: string; wait: number | null; inserted: boolean }>(insertText, [
    JSON.stringify(sorted.map(rowOf)),
    mailLimits.recipient,
    mailLimits.organization,
  ]);
  const outcomes = new Map(rows.map((row) => [row.member_id, row]));
  return invitations.map(({ memberId }) => {
    const row = outcomes.get(memberId);
    if (row?.inserted) return { outcome: 'inserted' };
    return typeof row?.wait === 'number' ? { outcome: 'too_much_mail', waitSeconds: row.wait } : { outcome: 'known' };
  });
}

/**
 * Takes the locks on recipients that writing to them takes, for whoever goes on to write to several in one transaction:
 * all together and in the order of addresses, so that nobody who does so too waits for us while we wait for them.
 */
export async function lockRecipients(db: Database, addresses: readonly string[]): Promise<void> {
  await db.rows(
    `select pg_advisory_xact_lock(hashtextextended(address, 1)) from unnest($1::text[]) with ordinality as a (address, place) order by place`,
    [addresses.toSorted()],
  );
}

/** Writes one invitation; those that arrive together are written together. */
export type WriteInvitation = (db: Database, invitation: NewInvitation) => Promise<InvitationInsert>;

/** @param pool where invitations outside any transaction go, in groups; inside one each goes by itself */
export function invitationWriter(pool: Database, mailLimits: MailLimits): WriteInvitation {
  const write = grouped((invitations: NewInvitation[]) => insertInvitations(pool, mailLimits, invitations), {
    atOnce: 2,
    largest: 100,
    apart: ({ email, organizationId }) => (mailLimits.organization === null ? [email] : [email, organizationId]),
  });
  return (db, invitation) => (db === pool ? write(invitation) : insertInside(db, mailLimits, invitation));
}

/**
 * Inside a transaction. Where nothing is written, not even the recipient's lock is kept: others take that one after the
 * organization's, so whoever goes on to the organization's must not hold it.
 */
async function insertInside(
  db: Database,
  mailLimits: MailLimits,
  invitation: NewInvitation,
): Promise<InvitationInsert> {
  await db.rows('savepoint before_invitation');
  const inserted = only(await insertInvitations(db, mailLimits, [invitation]));
  const kept = inserted.outcome === 'inserted';
  await db.rows(kept ? 'release savepoint before_invitation' : 'rollback to savepoint before_invitation');
  return inserted;
}

const rowOf = ({ event, holdings, ...invitation }: NewInvitation) => ({
  organization_id: invitation.organizationId,
  member_id: invitation.memberId,
  invitation_id: invitation.invitationId,
  delivery_id: invitation.deliveryId,
  email: invitation.email,
  external_id: invitation.externalId,
  locale: invitation.locale,
  is_owner: holdings.owner,
  everything: holdings.everything,
  permissions: [...holdings.permissions],
  grantor_kind: invitation.grantor.kind,
  grantor_id: invitation.grantor.id,
  lifetime: invitation.lifetimeSeconds,
  event_id: event.id,
  partner_id: event.partnerId,
  action: event.action,
  actor_kind: event.actorKind,
  actor_id: event.actorId,
  actor_name: event.actorName,
  details: event.details,
  request_id: event.requestId,
  ip: event.ip,
  user_agent: event.userAgent,
});

/** An invitation as it stands, with its member and organization. */
export interface InvitationRecord {
  id: string;
  generation: number;
  expiresAt: Date;
  grantor: Grantor;
  /** Where the same credential resent it less than 60 seconds ago. */
  justResentBy: string | undefined;
  member: Member;
  removed: boolean;
  organization: Organization;
}

interface InvitationRow extends OrganizationRow, MemberRow {
  invitation_id: string;
  generation: number;
  expires_at: Date;
  grantor_kind: Grantor['kind'];
  grantor_id: string;
  just_resent_by: string | null;
  removed: boolean;
}

const recordText = `
  select i.id as invitation_id, i.generation, i.expires_at, i.grantor_kind, i.grantor_id,
    case when i.resent_at > clock_timestamp() - interval '60 seconds' then i.resent_by end as just_resent_by,
    m.status = 'removed' as removed, ${memberColumns}, ${organizationColumns}
  from invitation i
  join member m on m.organization_id = i.organization_id and m.id = i.member_id
  join organization o on o.id = i.organization_id`;

const recordOf = (catalogue: Catalogue, row: InvitationRow): InvitationRecord => ({
  id: row.invitation_id,
  generation: row.generation,
  expiresAt: row.expires_at,
  grantor: { kind: row.grantor_kind, id: row.grantor_id },
  justResentBy: row.just_resent_by ?? undefined,
  member: memberOf(catalogue, row),
  removed: row.removed,
  organization: organizationOf(row),
});

export async function findInvitation(
  db: Database,
  catalogue: Catalogue,
  organizationId: string,
  id: string,
): Promise<InvitationRecord | undefined> {
  const row = first(
    await db.rows<InvitationRow>(`${recordText} where i.organization_id = $1 and i.id = $2`, [organizationId, id]),
  );
  return row && recordOf(catalogue, row);
}

export async function findInvitationOfMember(
  db: Database,
  catalogue: Catalogue,
  organizationId: string,
  memberId: string,
): Promise<InvitationRecord | undefined> {
  const row = first(
    await db.rows<InvitationRow>(`${recordText} where i.organization_id = $1 and i.member_id = $2`, [
      organizationId,
      memberId,
    ]),
  );
  return row && recordOf(catalogue, row);
}

export interface Renewal {
  organizationId: string;
  invitationId: string;
  deliveryId: string;
  grantor: Grantor;
  lifetimeSeconds: number;
  mailLimits: MailLimits;
  /** The credential, where this is a resend: the same one repeats nothing within 60 seconds. */
  resentBy: string | null;
}

/**
 * A new generation with a new deadline and a new message; every earlier link is dead from here on.
 * @returns seconds to wait where the recipient or the organization has had too much mail; nothing is changed then
 */
export async function renewInvitation(db: Database, renewal: Renewal): Promise<{ waitSeconds: number | null }> {
  const row = only(
    await db.rows<{ seconds: number | null }>(
      `with wait as materialized (
         select mail_wait(m.email, $1, $5, $6, interval '1 hour') as seconds, m.email
         from invitation i join member m on m.organization_id = i.organization_id and m.id = i.member_id
         where i.organization_id = $1 and i.id = $2),
       renewed as (
         update invitation set generation = generation + 1, expires_at = clock_timestamp() + make_interval(secs => $7), grantor_kind = $3, grantor_id = $4,
           answered_at = null, resent_by = $8, resent_at = case when $8::uuid is not null then clock_timestamp() end
         from wait where organization_id = $1 and id = $2 and wait.seconds is null
         returning organization_id, id, generation, wait.email),
       queued as (insert into delivery (organization_id, id, invitation_id, generation, recipient) select organization_id, $9, id, generation, email from renewed)
       select seconds from wait`,
      [
        renewal.organizationId,
        renewal.invitationId,
        renewal.grantor.kind,
        renewal.grantor.id,
        renewal.mailLimits.recipient,
        renewal.mailLimits.organization,
        renewal.lifetimeSeconds,
        renewal.resentBy,
        renewal.deliveryId,
      ],
    ),
  );
  return { waitSeconds: row.seconds };
}

/** From here on the invitation stands on somebody else's authority: whoever changed what it carries. */
export async function changeGrantor(
  db: Database,
  organizationId: string,
  memberId: string,
  grantor: Grantor,
): Promise<void> {
  await db.rows(
    'update invitation set grantor_kind = $3, grantor_id = $4 where organization_id = $1 and member_id = $2',
    [organizationId, memberId, grantor.kind, grantor.id],
  );
}

export async function markAnswered(db: Database, organizationId: string, id: string): Promise<void> {
  await db.rows('update invitation set answered_at = clock_timestamp() where organization_id = $1 and id = $2', [
    organizationId,
    id,
  ]);
}

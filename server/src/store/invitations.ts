import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import type { Holdings } from '@latchkey/core/holdings.ts';
import type { Member } from '@latchkey/core/member.ts';
import type { Organization } from '@latchkey/core/organization.ts';
import type { AuditEvent } from './audit-events.ts';
import { type Database, first, only } from './database.ts';
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
  locale: string;
  holdings: Holdings;
  grantor: Grantor;
  lifetimeSeconds: number;
  mailLimits: MailLimits;
  event: AuditEvent;
}

export type InvitationInsert =
  | { outcome: 'inserted' }
  | { outcome: 'address_known' }
  | { outcome: 'too_much_mail'; waitSeconds: number };

// One statement, so that inviting is one round trip and one commit: it takes no lock that other invitations wait for.
const insertText = `
  with wait as materialized (select mail_wait($5, $1, $11, $12, interval '1 hour') as seconds),
  new_member as (
    insert into member (organization_id, id, email, locale, is_owner, all_features_access, status)
    select $1, $2, $5, $6, $22, $7, 'pending' from wait where seconds is null
    on conflict (organization_id, email) where status <> 'removed' do nothing
    returning id),
  new_grant as (insert into member_grant (organization_id, member_id, permissions) select $1, id, $8 from new_member),
  new_invitation as (
    insert into invitation (organization_id, id, member_id, expires_at, grantor_kind, grantor_id)
    select $1, $3, id, now() + make_interval(secs => $13), $9, $10 from new_member),
  new_delivery as (insert into delivery (organization_id, id, invitation_id, generation, recipient) select $1, $4, $3, 1, $5 from new_member),
  new_event as (
    insert into audit_event (id, organization_id, action, actor_kind, actor_id, target_kind, target_id, target_digest, details, request_id)
    select $14, $1, $15, $16, $17, 'member', id, (select sha256(audit_salt || convert_to($5, 'UTF8')) from installation), $18, $19 from new_member),
  new_person as (
    insert into audit_person (event_id, organization_id, target_email, actor_name, ip, user_agent)
    select $14, $1, $5, $20, $21, $23 from new_member)
  select wait.seconds, new_member.id from wait left join new_member on true`;

/** Writes member, grants, invitation, delivery and audit event together, unless the address is known or gets too much mail. */
export async function insertInvitation(db: Database, invitation: NewInvitation): Promise<InvitationInsert> {
  const { event } = invitation;
  const row = only(
    await db.rows<{ seconds: number | null; id: string | null }>(insertText, [
      invitation.organizationId,
      invitation.memberId,
      invitation.invitationId,
      invitation.deliveryId,
      invitation.email,
      invitation.locale,
      invitation.holdings.everything,
      [...invitation.holdings.permissions],
      invitation.grantor.kind,
      invitation.grantor.id,
      invitation.mailLimits.recipient,
      invitation.mailLimits.organization,
      invitation.lifetimeSeconds,
      event.id,
      event.action,
      event.actorKind,
      event.actorId,
      JSON.stringify(event.details),
      event.requestId,
      event.actorName,
      event.ip,
      invitation.holdings.owner,
      event.userAgent,
    ]),
  );
  if (row.seconds !== null) return { outcome: 'too_much_mail', waitSeconds: row.seconds };
  return { outcome: row.id === null ? 'address_known' : 'inserted' };
}

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

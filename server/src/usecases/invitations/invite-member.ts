import { requireCeiling } from '@latchkey/core/actor.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import type { Holdings } from '@latchkey/core/holdings.ts';
import { decideInvite, type NamedInInvitation } from '@latchkey/core/invitation.ts';
import { externalIdTaken, requireNoAddress } from '@latchkey/core/member.ts';
import { planOf, requireInPlan } from '@latchkey/core/plan.ts';
import { findInvitationOfMember, type NewInvitation, renewInvitation } from '../../store/invitations.ts';
import {
  findMember,
  hasExternalId,
  updateGrants,
  updateMemberFields,
  updateOwnership,
  updateStatus,
} from '../../store/members.ts';
import { auditEvent, type Call, type Outcome, record } from '../call.ts';
import { grantsDetail } from '../members/grants-detail.ts';
import { newHoldings, type RequestedGrants, readRequestedGrants } from '../members/requested-grants.ts';
import { requireNobodysId } from '../members/require-nobodys-id.ts';
import { underLock } from '../under-lock.ts';
import { grantorOf } from './grantor.ts';
import { tooMuchMail } from './too-much-mail.ts';

type Operation = Api['inviteMember'];

/** Makes a pending member with the permissions chosen, and queues the mail: one statement where the address is new. */
export async function inviteMember(
  call: Call,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const email = canonicalEmail(body.email);
  const holdings = requestedOffer(call, body);
  if (body.external_id !== undefined) requireNoAddress(body.external_id);
  await requireNobodysId(call, body.external_id);
  const { id } = await invite(call, email, holdings, { locale: body.locale, externalId: body.external_id });
  return {
    body: {
      status: 'OK',
      email: body.email,
      all_features_access: body.all_features_access,
      privileges: body.privileges ?? [],
      id,
    },
  };
}

/** What a request offers, whoever it is for. @throws Problem where it cannot be read, or this caller may not offer it */
export function requestedOffer({ actor, catalogue }: Call, request: RequestedGrants): Holdings {
  const holdings = newHoldings(request, readRequestedGrants(catalogue, request));
  requireCeiling(actor, holdings, 'privileges');
  requireInPlan(catalogue, planOf(catalogue, actor.organization), holdings.permissions);
  return holdings;
}

/** Who was invited; `unchanged` where they were already, by the same offer. */
export interface Invited {
  id: string;
  outcome: 'invited' | 'unchanged';
}

/** @param email in canonical form */
export async function invite(
  call: Call,
  email: string,
  holdings: Holdings,
  named: NamedInInvitation,
): Promise<Invited> {
  const { actor, catalogue } = call;
  const memberId = call.newId();
  const invitation = newInvitation(call, {
    memberId,
    email,
    externalId: named.externalId ?? null,
    holdings,
    locale: named.locale ?? actor.organization.locale,
  });
  const inserted = await call.writeInvitation(call.db, invitation);
  // A retry sends nothing, so it is answered however much mail the address has had.
  const known =
    inserted.outcome === 'known' ||
    (inserted.outcome === 'too_much_mail' &&
      (await findMember(call.db, catalogue, actor.organization.id, email)) !== undefined);
  if (inserted.outcome === 'too_much_mail' && !known) throw tooMuchMail(call.mailLimits, inserted.waitSeconds);
  const invited: Invited = known ? await inviteKnown(call, invitation, named) : { id: memberId, outcome: 'invited' };
  call.mailQueued();
  return invited;
}

/** The rows of a new invitation by this caller. */
export function newInvitation(
  call: Call,
  person: { memberId: string; email: string; externalId: string | null; holdings: Holdings; locale: string },
): NewInvitation {
  const { actor } = call;
  return {
    organizationId: actor.organization.id,
    memberId: person.memberId,
    invitationId: call.newId(),
    deliveryId: call.newId(),
    email: person.email,
    externalId: person.externalId,
    locale: person.locale,
    holdings: person.holdings,
    grantor: grantorOf(actor),
    lifetimeSeconds: call.invitationSeconds,
    event: auditEvent(call, {
      action: 'member.invited',
      target: { kind: 'member', id: person.memberId, email: person.email },
      details: grantsDetail(person.holdings),
    }),
  };
}

/** A retry, a new offer to somebody who declined or let it expire, or a refusal. */
function inviteKnown(call: Call, invitation: NewInvitation, named: NamedInInvitation): Promise<Invited> {
  return underLock(call, async (locked) => {
    const { actor, catalogue, db } = locked;
    const organizationId = actor.organization.id;
    requireCeiling(actor, invitation.holdings, 'privileges');
    const member = await findMember(db, catalogue, organizationId, invitation.email);
    if (!member) {
      const { externalId } = named;
      if (externalId !== undefined && (await hasExternalId(db, organizationId, externalId))) throw externalIdTaken();
      // Whoever stood in the way was removed in the meantime, so the address is free again.
      return insertAfterAll(locked, invitation, named);
    }
    if (decideInvite(member, invitation.holdings, named) === 'repeat') return { id: member.id, outcome: 'unchanged' };

    requireCeiling(actor, member.holdings, 'email');
    const standing = await findInvitationOfMember(db, catalogue, organizationId, member.id);
    if (!standing) throw new Error(`member ${member.id} is ${member.status} without an invitation`);
    // Before the member's row is touched: others may hold the recipient's lock and wait for that row.
    const { waitSeconds } = await renewInvitation(db, {
      ...invitation,
      invitationId: standing.id,
      mailLimits: call.mailLimits,
      resentBy: null,
    });
    if (waitSeconds !== null) throw tooMuchMail(call.mailLimits, waitSeconds);
    await updateStatus(db, organizationId, member.id, 'pending', invitation.locale);
    await updateGrants(db, organizationId, member.id, invitation.holdings);
    if (named.externalId !== undefined)
      await updateMemberFields(db, organizationId, member.id, { ...member, externalId: named.externalId });
    // A new offer is what it says: whoever was once to become an owner does not become one by it.
    if (member.holdings.owner) await updateOwnership(db, organizationId, member.id, false);
    await record(locked, {
      action: 'member.invited',
      target: { kind: 'member', id: member.id, email: member.email },
      details: { ...grantsDetail(invitation.holdings), again_after: member.status },
    });
    return { id: member.id, outcome: 'invited' };
  });
}

async function insertAfterAll(call: Call, invitation: NewInvitation, named: NamedInInvitation): Promise<Invited> {
  const inserted = await call.writeInvitation(call.db, invitation);
  if (inserted.outcome === 'too_much_mail') throw tooMuchMail(call.mailLimits, inserted.waitSeconds);
  if (inserted.outcome === 'known') return inviteKnown(call, invitation, named);
  return { id: invitation.memberId, outcome: 'invited' };
}

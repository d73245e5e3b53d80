import type { Catalogue } from './catalogue/catalogue.ts';
import { covers, type Holdings, holds, sameHoldings } from './holdings.ts';
import { type Member, type MemberStatus, memberNotFound, ownerProtected } from './member.ts';
import { type Problem, problem } from './problem.ts';

/** What an invitation request means, given who is there: a new member, the same request once more, or a new offer. */
export type InviteDecision = 'repeat' | 'renew';

/** What an invitation request may leave open. */
export interface NamedInInvitation {
  locale: string | undefined;
  externalId: string | undefined;
}

/**
 * Inviting an address that is known already (design §5): the same offer to somebody still pending is a retry and changes
 * nothing; after `declined` or `expired` it is a new invitation; anything else exists already.
 * What the request leaves open is the same, whatever it is.
 * @throws Problem `duplicate_parameter`, reason `already_member` or `already_invited`
 */
export function decideInvite(
  member: Member,
  offered: Holdings,
  { locale, externalId }: NamedInInvitation,
): InviteDecision {
  if (member.status === 'active')
    throw duplicate('already_member', 'This person is a member already; update their permissions instead.');
  if (member.status !== 'pending') return 'renew';
  const sameNames =
    (locale ?? member.locale) === member.locale && (externalId ?? member.externalId) === member.externalId;
  if (sameNames && sameHoldings(member.holdings, offered)) return 'repeat';
  throw duplicate(
    'already_invited',
    'This person is invited already, with other permissions, in another language or with another external_id; update the member, or cancel the invitation first.',
  );
}

const duplicate = (reason: string, message: string): Problem =>
  problem('duplicate_parameter', 'email', reason, message);

/** @throws Problem where this member's invitation can be neither resent nor cancelled: they have joined */
export function requireNotJoined(member: Member, action: 'resend' | 'cancel'): void {
  if (member.status !== 'active') return;
  if (member.holdings.owner) throw ownerProtected();
  const instead = action === 'cancel' ? '; revoke their access instead' : '';
  throw problem(
    'invalid_parameter',
    'action',
    'already_joined',
    `This person has joined already, so there is no invitation to ${action}${instead}.`,
  );
}

/** What a link leads to. `replaced`: a newer mail was sent; `cancelled`: the membership was taken back. */
export type LinkState = 'pending' | 'joined' | 'declined' | 'expired' | 'cancelled' | 'replaced';

export function linkState(
  invitation: { generation: number },
  status: MemberStatus | 'removed',
  generation: number,
): LinkState {
  if (status === 'removed') return 'cancelled';
  if (status === 'active') return 'joined';
  if (generation !== invitation.generation) return 'replaced';
  return status;
}

const deadLinks: Record<Exclude<LinkState, 'pending' | 'joined'>, string> = {
  declined: 'This invitation was declined.',
  expired: 'This invitation has expired.',
  cancelled: 'This invitation was cancelled.',
  replaced: 'A newer invitation was sent; use the link in that mail.',
};

export const unknownLink = (): Problem =>
  problem('document_not_found', 'token', 'invitation_unknown', 'There is no invitation for this link.');

/** The refusal of a link that can no longer be answered. Reasons: invitation_declined, _expired, _cancelled, _replaced. */
export function deadLink(state: Exclude<LinkState, 'pending' | 'joined'>): Problem {
  return problem('document_not_found', 'token', `invitation_${state}`, deadLinks[state]);
}

/**
 * Whoever invited must still be able to when the invitation is accepted (design §7): still there, still allowed to manage
 * members, still holding all that is given.
 * @param grantor what the grantor holds now; undefined where they are gone
 * @throws Problem `permission_denied`, reason `grantor_not_entitled`
 */
export function requireEntitledGrantor(catalogue: Catalogue, grantor: Holdings | undefined, offered: Holdings): void {
  if (grantor && holds(grantor, catalogue.administration.members) && covers(grantor, offered)) return;
  throw problem(
    'permission_denied',
    'token',
    'grantor_not_entitled',
    'Whoever sent this invitation may no longer give this access. Ask the organization to send it again.',
  );
}

/** @throws Problem `not_enough_credits`, reason `seat_limit` */
export function requireSeat(seats: number | null, activeMembers: number): void {
  if (seats === null || activeMembers < seats) return;
  throw problem(
    'not_enough_credits',
    'seats',
    'seat_limit',
    `The plan has ${seats} ${seats === 1 ? 'seat' : 'seats'}, and all are taken.`,
  );
}

/** Revoking removes any member but an owner, joined or not. */
export function requireRevocable(member: Member | undefined): asserts member is Member {
  if (!member) throw memberNotFound();
  if (member.holdings.owner) throw ownerProtected();
}

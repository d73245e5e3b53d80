import { accessInWords } from '@latchkey/core/access-in-words.ts';
import { linkState } from '@latchkey/core/invitation.ts';
import { composeInvitationMail } from '../mail/invitation-mail.ts';
import { messageId } from '../mail/message-id.ts';
import type { OutgoingMail } from '../mail/transport.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  grantorName,
  markFailed,
  markSent,
  postpone,
} from '../store/deliveries.ts';
import { findInvitation, type InvitationRecord } from '../store/invitations.ts';
import type { Services } from '../usecases/call.ts';
import type { ClaimedMessage, ClaimMessages } from './mail-worker.ts';

type Needed = Pick<Services, 'db' | 'catalogue' | 'links'>;

/** The mails of invitations: one for each generation, as long as that can be answered. */
export function invitationMessages(services: Needed, from: string): ClaimMessages {
  return async (limit, leaseSeconds) => {
    const claimed = await claimDeliveries(services.db, limit, leaseSeconds);
    return claimed.map((delivery) => invitationMessage(services, from, delivery));
  };
}

function invitationMessage(services: Needed, from: string, delivery: ClaimedDelivery): ClaimedMessage {
  const { db } = services;
  const { organization_id: organizationId, id, attempts } = delivery;
  return {
    id,
    attempts,
    compose: () => composed(services, from, delivery),
    markSent: () => markSent(db, organizationId, id),
    markFailed: (reason) => markFailed(db, organizationId, id, reason),
    postpone: (reason, delaySeconds) => postpone(db, organizationId, id, reason, delaySeconds),
  };
}

async function composed(
  { db, catalogue, links }: Needed,
  from: string,
  delivery: ClaimedDelivery,
): Promise<OutgoingMail | { notSent: string }> {
  const { organization_id: organizationId, generation, recipient: to } = delivery;
  const invitation = await findInvitation(db, catalogue, organizationId, delivery.invitation_id);
  if (!invitation) return { notSent: 'the invitation is gone' };
  const state = stateOf(invitation, generation);
  if (state !== 'pending') return { notSent: `the invitation is ${state}` };

  const { member, organization } = invitation;
  const content = composeInvitationMail({
    to,
    locale: member.locale,
    organizationName: organization.name,
    inviterName: (await grantorName(db, organizationId, invitation.grantor)) ?? organization.name,
    link: links.url({ organizationId, invitationId: invitation.id, generation, purpose: 'mailed' }),
    expiresAt: invitation.expiresAt,
    sentAt: delivery.created_at,
    access: accessInWords(catalogue, member.holdings, member.locale),
  });
  return {
    ...content,
    messageId: messageId(`${invitation.id}.${generation}`, from),
    from,
    to,
    date: delivery.created_at,
  };
}

const stateOf = (invitation: InvitationRecord, generation: number) =>
  linkState(invitation, invitation.removed ? 'removed' : invitation.member.status, generation);

import { requireCeiling } from '@latchkey/core/actor.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { requireNotJoined } from '@latchkey/core/invitation.ts';
import { memberNotFound } from '@latchkey/core/member.ts';
import { findInvitationOfMember, renewInvitation } from '../../store/invitations.ts';
import { findMember, updateStatus } from '../../store/members.ts';
import { type Call, record } from '../call.ts';
import type { Change } from '../members/change.ts';
import { underLock } from '../under-lock.ts';
import { grantorOf } from './grantor.ts';
import { tooMuchMail } from './too-much-mail.ts';

/**
 * A new link and a new deadline for somebody pending, expired or declined; the old link dies at once. The invitation
 * stands on the caller's authority from then on. Repeated by the same credential within 60 seconds it changes nothing.
 */
export async function resendInvitation(call: Call, address: string): Promise<Change> {
  const email = canonicalEmail(address);
  const change = await underLock(call, async (locked): Promise<Change> => {
    const { actor, catalogue, db } = locked;
    const organizationId = actor.organization.id;
    const member = await findMember(db, catalogue, organizationId, email);
    if (!member) throw memberNotFound();
    requireNotJoined(member, 'resend');
    requireCeiling(actor, member.holdings, 'email');
    const invitation = await findInvitationOfMember(db, catalogue, organizationId, member.id);
    if (!invitation) throw new Error(`member ${member.id} is ${member.status} without an invitation`);
    if (invitation.justResentBy === actor.id && member.status === 'pending') return { outcome: 'unchanged' };

    const { waitSeconds } = await renewInvitation(db, {
      organizationId,
      invitationId: invitation.id,
      deliveryId: call.newId(),
      grantor: grantorOf(actor),
      lifetimeSeconds: call.invitationSeconds,
      mailLimits: call.mailLimits,
      resentBy: actor.id,
    });
    if (waitSeconds !== null) throw tooMuchMail(call.mailLimits, waitSeconds);
    await updateStatus(db, organizationId, member.id, 'pending');
    await record(locked, {
      action: 'invitation.resent',
      target: { kind: 'member', id: member.id, email },
      details: { was: member.status },
    });
    return { outcome: 'done' };
  });
  call.mailQueued();
  return change;
}

import { requireCeiling } from '@latchkey/core/actor.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { requireNotJoined } from '@latchkey/core/invitation.ts';
import { memberNotFound } from '@latchkey/core/member.ts';
import { findMember, removeMember, wasJustRemoved } from '../../store/members.ts';
import { type Call, record } from '../call.ts';
import type { Change } from '../members/change.ts';
import { grantsDetail } from '../members/grants-detail.ts';
import { underLock } from '../under-lock.ts';

/** Removes somebody who has not joined. Repeated by the same credential within 10 minutes it answers the same again. */
export async function cancelInvitation(call: Call, address: string): Promise<Change> {
  const email = canonicalEmail(address);
  return underLock(call, async (locked) => {
    const { actor, catalogue, db } = locked;
    const organizationId = actor.organization.id;
    const member = await findMember(db, catalogue, organizationId, email);
    if (!member) {
      if (await wasJustRemoved(db, organizationId, email, 'cancelled', actor.id)) return { outcome: 'unchanged' };
      throw memberNotFound();
    }
    requireNotJoined(member, 'cancel');
    requireCeiling(actor, member.holdings, 'email');
    await removeMember(db, organizationId, member.id, 'cancelled', actor.id);
    await record(locked, {
      action: 'invitation.cancelled',
      target: { kind: 'member', id: member.id, email },
      details: { was: member.status, ...grantsDetail(member.holdings) },
    });
    return { outcome: 'done' };
  });
}

import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { deadLink, requireEntitledGrantor, requireSeat } from '@latchkey/core/invitation.ts';
import { planOf } from '@latchkey/core/plan.ts';
import { markAnswered } from '../../store/invitations.ts';
import { updateStatus } from '../../store/members.ts';
import { accessRevision, countActiveMembers, recordAccessChange } from '../../store/organizations.ts';
import { type Outcome, type PublicCall, recordAnswer } from '../call.ts';
import { grantorHoldings } from './grantor.ts';
import { answerUnderLock } from './linked-invitation.ts';

type Operation = Api['acceptInvitation'];

/**
 * Makes the pending member active: the one place where anybody joins. Of many at once exactly one does it, and the others
 * get the same answer. Whoever invited must still be entitled to; a seat is taken here, counted under the lock.
 */
export function acceptInvitation(
  call: PublicCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  return answerUnderLock(call, body.token, async (locked, { link, invitation, state }, organization) => {
    const { catalogue, db } = locked;
    const { member } = invitation;
    const reply: Reply<Operation> = {
      status: 'OK',
      state: 'joined',
      email: member.email,
      organization: { name: organization.name },
      redirect_url: organization.redirectUrl,
    };
    if (state === 'joined') return { body: reply, revision: await accessRevision(db, organization.id) };
    if (state !== 'pending') throw deadLink(state);

    requireEntitledGrantor(
      catalogue,
      await grantorHoldings(db, catalogue, organization, invitation.grantor),
      member.holdings,
    );
    const { seats } = planOf(catalogue, organization);
    if (seats !== null) requireSeat(seats, await countActiveMembers(db, organization.id, seats));

    await updateStatus(db, organization.id, member.id, 'active');
    await markAnswered(db, organization.id, invitation.id);
    const revision = await recordAccessChange(db, organization.id, { memberId: member.id });
    await recordAnswer(locked, organization.id, member, {
      action: 'invitation.accepted',
      target: { kind: 'member', id: member.id, email: member.email },
      details: { link: link.purpose },
    });
    return { body: reply, revision };
  });
}

import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { deadLink } from '@latchkey/core/invitation.ts';
import { problem } from '@latchkey/core/problem.ts';
import { markAnswered } from '../../store/invitations.ts';
import { updateStatus } from '../../store/members.ts';
import { type Outcome, type PublicCall, recordAnswer } from '../call.ts';
import { answerUnderLock } from './linked-invitation.ts';

type Operation = Api['declineInvitation'];

/** Answers a pending invitation with no. */
export function declineInvitation(
  call: PublicCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  return answerUnderLock(call, body.token, async (locked, { link, invitation, state }, organization) => {
    const { member } = invitation;
    const reply: Reply<Operation> = {
      status: 'OK',
      state: 'declined',
      email: member.email,
      organization: { name: organization.name },
    };
    if (state === 'declined') return { body: reply };
    if (state === 'joined')
      throw problem(
        'invalid_parameter',
        'token',
        'already_joined',
        'You have joined already; leave the organization instead.',
      );
    if (state !== 'pending') throw deadLink(state);

    await updateStatus(locked.db, organization.id, member.id, 'declined');
    await markAnswered(locked.db, organization.id, invitation.id);
    await recordAnswer(locked, organization.id, member, {
      action: 'invitation.declined',
      target: { kind: 'member', id: member.id, email: member.email },
      details: { link: link.purpose },
    });
    return { body: reply };
  });
}

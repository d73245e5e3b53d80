import { requireCeiling } from '@latchkey/core/actor.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Params, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { memberNotFound } from '@latchkey/core/member.ts';
import { problem } from '@latchkey/core/problem.ts';
import { findInvitationOfMember } from '../../store/invitations.ts';
import { findMember } from '../../store/members.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { underLock } from '../under-lock.ts';

type Operation = Api['revealInvitationLink'];

/** Shows the link of a pending invitation to whoever could give all that it carries, and records that. */
export function revealInvitationLink(
  call: Call,
  { params }: { params: Params<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const email = canonicalEmail(params.email);
  return underLock(call, async (locked) => {
    const { actor, catalogue, db } = locked;
    const organizationId = actor.organization.id;
    const member = await findMember(db, catalogue, organizationId, email);
    if (!member) throw memberNotFound();
    requireCeiling(actor, member.holdings, 'email');
    const invitation =
      member.status === 'pending' ? await findInvitationOfMember(db, catalogue, organizationId, member.id) : undefined;
    if (!invitation) throw notPending(member.status);
    await record(locked, { action: 'invitation.link_revealed', target: { kind: 'member', id: member.id, email } });
    const link = call.links.url({
      organizationId,
      invitationId: invitation.id,
      generation: invitation.generation,
      purpose: 'revealed',
    });
    return { body: { status: 'OK', email: params.email, link, expires_at: invitation.expiresAt.toISOString() } };
  });
}

const notPending = (status: string) =>
  problem(
    'invalid_parameter',
    'email',
    'not_pending',
    `There is no open invitation: this member is ${status}.${status === 'active' ? '' : ' Resend the invitation first.'}`,
  );

import { accessInWords } from '@latchkey/core/access-in-words.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { grantorName } from '../../store/deliveries.ts';
import type { Outcome, PublicCall } from '../call.ts';
import { linkedInvitation } from './linked-invitation.ts';

type Operation = Api['inspectInvitation'];

/** What the join page shows. Only a live link says what it gives. */
export async function inspectInvitation(
  call: PublicCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { invitation, state } = await linkedInvitation(call, body.token);
  const { member, organization } = invitation;
  const inviter = await grantorName(call.db, organization.id, invitation.grantor);
  return {
    body: {
      state,
      email: member.email,
      organization: { name: organization.name },
      inviter: { name: inviter ?? organization.name },
      locale: member.locale,
      expires_at: invitation.expiresAt.toISOString(),
      ...(state === 'pending' && { access: accessInWords(call.catalogue, member.holdings, member.locale) }),
      redirect_url: state === 'joined' ? organization.redirectUrl : null,
    },
  };
}

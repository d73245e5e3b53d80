import type { Api } from '@latchkey/core/api/index.ts';
import type { Params, Reply } from '@latchkey/core/api/operation.ts';
import { problem } from '@latchkey/core/problem.ts';
import { nearest } from '@latchkey/core/suggestion.ts';
import type { Call, Outcome } from '../call.ts';
import { cancelInvitation } from './cancel-invitation.ts';
import { resendInvitation } from './resend-invitation.ts';

type Operation = Api['resendOrCancelInvitation'];

const actions = { resend: resendInvitation, cancel: cancelInvitation };

/** One path for both on the wire (wire.md §1.6). @throws Problem `invalid_parameter`, reason `unknown_action` */
export async function resendOrCancelInvitation(
  call: Call,
  { params }: { params: Params<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { action, email } = params;
  if (action !== 'resend' && action !== 'cancel') {
    const candidates = ['resend', 'cancel', 'revoke'];
    throw problem(
      'invalid_parameter',
      'action',
      'unknown_action',
      'The action is one of resend, cancel and revoke.',
      nearest(action, candidates),
    );
  }
  await actions[action](call, email);
  return { body: { status: 'OK', email } };
}

import { Problem } from '@latchkey/core/problem.ts';
import { type PublicCall, recordAnswer } from '../call.ts';

/** Who is invited, and where. */
interface Invited {
  id: string;
  email: string;
  organizationId: string;
}

/**
 * `permission_denied`, reason `signed_in_as_another`. An organization is to know of it, so it is written down by whoever
 * answers the request, when all else that the request did is undone.
 */
export class SignedInAsAnother extends Problem {
  readonly invited: Invited;

  constructor(signedInAs: string, invited: Invited) {
    const message = `${signedInAs} is signed in in this browser, and the invitation is for ${invited.email}. Sign out first.`;
    super('permission_denied', message, [{ path: 'token', reason: 'signed_in_as_another', message }]);
    this.invited = invited;
  }

  record(call: PublicCall): Promise<void> {
    const { id, email, organizationId } = this.invited;
    return recordAnswer(
      call,
      organizationId,
      { id, email },
      {
        action: 'invitation.accepted',
        outcome: 'refused',
        target: { kind: 'member', id, email },
        details: { reason: 'signed_in_as_another' },
      },
    );
  }
}

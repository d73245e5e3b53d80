import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { membershipsOf } from '../../store/identities.ts';
import type { Outcome, SessionCall } from '../call.ts';

export async function getSession({ db, signedIn }: SessionCall): Promise<Outcome<Reply<Api['getSession']>>> {
  const memberships = await membershipsOf(db, signedIn.identityId);
  return {
    body: {
      id: signedIn.sessionId,
      email: signedIn.email,
      method: signedIn.method,
      signed_in_at: signedIn.signedInAt.toISOString(),
      expires_at: signedIn.expiresAt.toISOString(),
      organizations: memberships.map(({ organization_id, organization_name, member_id, email, is_owner }) => ({
        id: organization_id,
        name: organization_name,
        member_id,
        email,
        is_owner,
      })),
    },
  };
}

import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { signInLinkState, unknownSignInLink } from '@latchkey/core/sign-in-link.ts';
import { findSignInLink } from '../../store/sign-in-links.ts';
import type { Outcome, PublicCall } from '../call.ts';

type Operation = Api['inspectSignIn'];

/** What the sign-in page shows. */
export async function inspectSignIn(
  call: PublicCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const id = call.signIn.read(body.token);
  const link = id === undefined ? undefined : await findSignInLink(call.db, id);
  if (!link) throw unknownSignInLink();
  return { body: { state: signInLinkState(link), email: link.email, expires_at: link.expires_at.toISOString() } };
}

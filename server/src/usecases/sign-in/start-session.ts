import { problem } from '@latchkey/core/problem.ts';
import { mostSessions } from '@latchkey/core/session.ts';
import { hashSessionSecret, makeSessionSecret } from '@latchkey/core/session-secret.ts';
import type { Identity } from '../../store/identities.ts';
import { deleteSession, endSessionsBeyond, insertSession, type SignInMethod } from '../../store/sessions.ts';
import type { PublicCall, StartedSession } from '../call.ts';
import { recordAtMemberships } from './record-at-memberships.ts';

/**
 * Begins a session, and says so in the audit log of every organization that it opens. Where the person has as many as there can
 * be, the one that was left alone the longest ends. To be called within a transaction.
 * @throws Problem `permission_denied`, reason `no_membership`, for somebody who is no active member of anything
 */
export async function startSession(
  call: PublicCall,
  identity: Identity,
  method: SignInMethod,
): Promise<StartedSession & { email: string }> {
  const memberships = await recordAtMemberships(call, identity.id, 'member.signed_in', { method });
  if (memberships.length === 0) throw noMembership();
  // The cookie is about to be written over: what it carried must not stay behind as a session that nobody can see.
  const before = call.page?.signedIn;
  if (before) await deleteSession(call.db, before.identityId, before.sessionId);
  const secret = makeSessionSecret(call.newKeyBytes());
  const id = call.newId();
  const expiresAt = await insertSession(call.db, {
    id,
    identityId: identity.id,
    secretHash: hashSessionSecret(secret),
    method,
    ip: call.origin.ip,
    userAgent: call.origin.userAgent,
    lifetimeSeconds: call.signIn.sessionSeconds,
  });
  await endSessionsBeyond(call.db, identity.id, id, mostSessions);
  return { email: identity.email, secret, expiresAt };
}

const noMembership = () =>
  problem(
    'permission_denied',
    'email',
    'no_membership',
    'Whoever this signs in is not an active member of any organization any more.',
  );

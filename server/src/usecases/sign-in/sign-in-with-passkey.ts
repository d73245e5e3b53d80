import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { isCounterAhead, passkeyCopied, passkeyRefused } from '@latchkey/core/passkey.ts';
import { findPasskeyByCredential, lockPasskeyCounter, notePasskeyUse, useChallenge } from '../../store/passkeys.ts';
import type { Outcome, PublicCall } from '../call.ts';
import { readPasskeyAnswer } from '../passkeys/passkey-answer.ts';
import { recordAtMemberships } from './record-at-memberships.ts';
import { startSession } from './start-session.ts';

type Operation = Api['signInWithPasskey'];

/**
 * Begins a session for whoever's passkey signed a challenge of ours. The challenge is used up even where the answer is
 * wrong, which is why that is no part of the transaction.
 * @throws Problem `permission_denied`, reason `passkey_refused`, `passkey_copied` or `no_membership`
 */
export async function signInWithPasskey(
  call: PublicCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const answer = readPasskeyAnswer(body.response, ['authenticatorData', 'signature', 'userHandle']);
  if (!(await useChallenge(call.db, answer.challenge, null))) throw passkeyRefused();
  const passkey = await findPasskeyByCredential(call.db, Buffer.from(answer.id, 'base64url'));
  if (!passkey) throw passkeyRefused();
  // Only now: what it imports takes a while to load.
  const { checkedUse } = await import('../passkeys/checked-use.ts');
  const shown = await checkedUse(call.signIn.origin, answer, passkey);

  const { id, identity_id: identityId, identity_email: email, name } = passkey;
  const signedIn = await call.db.transaction(async (db) => {
    const locked = { ...call, db };
    const counter = await lockPasskeyCounter(db, identityId, id);
    if (counter === undefined) throw passkeyRefused();
    if (!isCounterAhead(shown.counter, counter)) {
      await recordAtMemberships(locked, identityId, 'member.passkey_copied', { name }, 'refused');
      return undefined;
    }
    await notePasskeyUse(db, identityId, id, shown);
    return startSession(locked, { id: identityId, email }, 'passkey');
  });
  // Only now, since a refusal inside would take the audit event back.
  if (!signedIn) throw passkeyCopied();
  return { body: { status: 'OK', email, expires_at: signedIn.expiresAt.toISOString() }, session: signedIn };
}

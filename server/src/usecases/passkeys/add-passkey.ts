import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { passkeyExists, passkeyRefused, requireRoomForPasskey } from '@latchkey/core/passkey.ts';
import { countPasskeysLocked, insertPasskey, useChallenge } from '../../store/passkeys.ts';
import { holdSession } from '../../store/sessions.ts';
import type { Outcome, SessionCall } from '../call.ts';
import { recordAtMemberships } from '../sign-in/record-at-memberships.ts';
import { sessionEnded } from '../sign-in/session-ended.ts';
import { readPasskeyAnswer } from './passkey-answer.ts';

type Operation = Api['addPasskey'];

/**
 * Keeps the public key of an authenticator that answered a challenge of ours. The challenge is used up even where the answer
 * is wrong, which is why that is no part of the transaction.
 * @throws Problem `permission_denied`, reason `passkey_refused` or `too_many_passkeys`; `duplicate_parameter`
 */
export async function addPasskey(
  call: SessionCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { identityId, sessionId } = call.signedIn;
  const answer = readPasskeyAnswer(body.response, ['attestationObject']);
  if (!(await useChallenge(call.db, answer.challenge, identityId))) throw passkeyRefused();
  // Only now: what it imports takes a while to load.
  const { checkedKey } = await import('./checked-key.ts');
  const { credentialId, ...checked } = await checkedKey(call.signIn.origin, answer);

  const passkey = { id: call.newId(), name: body.name, ...checked, transports: answer.transports };
  return call.db.transaction(async (db) => {
    requireRoomForPasskey(await countPasskeysLocked(db, identityId));
    // Whoever was removed, or signed out, while we waited keeps nothing by which to come back.
    if (!(await holdSession(db, identityId, sessionId))) throw sessionEnded();
    const addedAt = await insertPasskey(db, { identityId, credentialId, ...passkey });
    if (!addedAt) throw passkeyExists();
    await recordAtMemberships({ ...call, db }, identityId, 'member.passkey_added', { name: body.name });
    return {
      body: {
        id: passkey.id,
        name: passkey.name,
        created_at: addedAt.toISOString(),
        last_used_at: null,
        backed_up: passkey.backedUp,
      },
    };
  });
}

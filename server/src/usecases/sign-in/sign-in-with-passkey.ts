import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { passkeyRefused, requireCounterAhead } from '@latchkey/core/passkey.ts';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import {
  findPasskeyByCredential,
  lockPasskeyCounter,
  notePasskeyUse,
  type PasskeyRow,
  useChallenge,
} from '../../store/passkeys.ts';
import type { Outcome, PublicCall } from '../call.ts';
import { type PasskeyAnswer, readPasskeyAnswer } from '../passkeys/passkey-answer.ts';
import { relyingParty } from '../passkeys/relying-party.ts';
import { userHandle } from '../passkeys/user-handle.ts';
import { startSession } from './start-session.ts';

type Operation = Api['signInWithPasskey'];
type Answer = PasskeyAnswer<'authenticatorData' | 'signature' | 'userHandle'>;

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
  const shown = await checkedUse(call.signIn.origin, answer, passkey);

  const { id, identity_id: identityId, identity_email: email } = passkey;
  return call.db.transaction(async (db) => {
    const counter = await lockPasskeyCounter(db, identityId, id);
    if (counter === undefined) throw passkeyRefused();
    requireCounterAhead(shown.counter, counter);
    await notePasskeyUse(db, identityId, id, shown);
    const session = await startSession({ ...call, db }, { id: identityId, email }, 'passkey');
    return { body: { status: 'OK', email, expires_at: session.expiresAt.toISOString() }, session };
  });
}

async function checkedUse(origin: string, { id, challenge, crossOrigin, parts }: Answer, passkey: PasskeyRow) {
  if (crossOrigin || parts.userHandle !== userHandle(passkey.identity_id)) throw passkeyRefused();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: parts },
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: origin,
      expectedRPID: relyingParty(origin).id,
      requireUserVerification: true,
      // Counters are compared under the row's lock, once the signature is known to be right; 0 passes whatever is shown.
      credential: { id, publicKey: new Uint8Array(passkey.public_key), counter: 0 },
    });
    if (!verified) throw passkeyRefused();
    return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp };
  } catch {
    // The library throws plain errors for whatever is wrong, from the first byte that makes no sense to a wrong origin.
    throw passkeyRefused();
  }
}

import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { passkeyExists, passkeyRefused, requireFreshSignIn, requireRoomForPasskey } from '@latchkey/core/passkey.ts';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject, isoCBOR } from '@simplewebauthn/server/helpers';
import { countPasskeysLocked, insertPasskey, useChallenge } from '../../store/passkeys.ts';
import { holdSession } from '../../store/sessions.ts';
import type { Outcome, SessionCall } from '../call.ts';
import { recordAtMemberships } from '../sign-in/record-at-memberships.ts';
import { sessionEnded } from '../sign-in/session-ended.ts';
import { type PasskeyAnswer, readPasskeyAnswer } from './passkey-answer.ts';
import { relyingParty } from './relying-party.ts';
import { signatureAlgorithms } from './signature-algorithms.ts';

type Operation = Api['addPasskey'];

/**
 * Keeps the public key of an authenticator that answered a challenge of ours. The challenge is used up even where the answer
 * is wrong, which is why that is no part of the transaction.
 * @throws Problem `permission_denied`, reason `sign_in_again`, `passkey_refused` or `too_many_passkeys`; `duplicate_parameter`
 */
export async function addPasskey(
  call: SessionCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { identityId, sessionId } = call.signedIn;
  requireFreshSignIn(call.signedIn);
  const answer = readPasskeyAnswer(body.response, ['attestationObject']);
  if (!(await useChallenge(call.db, answer.challenge, identityId))) throw passkeyRefused();
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

async function checkedKey(origin: string, { id, challenge, crossOrigin, parts }: PasskeyAnswer<'attestationObject'>) {
  if (crossOrigin) throw passkeyRefused();
  try {
    const { registrationInfo: found } = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { ...parts, attestationObject: withoutAttestation(parts.attestationObject) },
      },
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: origin,
      expectedRPID: relyingParty(origin).id,
      requireUserVerification: true,
      supportedAlgorithmIDs: signatureAlgorithms,
    });
    if (found?.credential.id !== id) throw passkeyRefused();
    const { publicKey, counter } = found.credential;
    return { credentialId: Buffer.from(id, 'base64url'), publicKey, counter, backedUp: found.credentialBackedUp };
  } catch {
    // The library throws plain errors for whatever is wrong, from the first byte that makes no sense to a wrong origin.
    throw passkeyRefused();
  }
}

/**
 * Takes away what an authenticator says about its make. We ask for nothing of the kind; checking what comes all the same
 * would ask for lists of revoked certificates at addresses that the answer brings.
 */
function withoutAttestation(attestationObject: string): string {
  const authData = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url'))).get('authData');
  const plain = new Map<string, string | Uint8Array | Map<string, string>>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, string>()],
    ['authData', authData],
  ]);
  return Buffer.from(isoCBOR.encode(plain)).toString('base64url');
}

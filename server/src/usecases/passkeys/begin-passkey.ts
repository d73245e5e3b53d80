import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { challengeSeconds, requireRoomForPasskey } from '@latchkey/core/passkey.ts';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { listPasskeyRows } from '../../store/passkeys.ts';
import type { Outcome, SessionCall } from '../call.ts';
import { newChallenge } from './new-challenge.ts';
import { relyingParty } from './relying-party.ts';
import { signatureAlgorithms } from './signature-algorithms.ts';
import { userHandle } from './user-handle.ts';

/**
 * What the browser is to ask of an authenticator: a key that finds its person by itself, and that makes sure it is them.
 * @throws Problem `permission_denied`, reason `too_many_passkeys`
 */
export async function beginPasskey(call: SessionCall): Promise<Outcome<Reply<Api['beginPasskey']>>> {
  const { db, signIn, signedIn } = call;
  const passkeys = await listPasskeyRows(db, signedIn.identityId);
  requireRoomForPasskey(passkeys.length);
  const options = {
    rp: relyingParty(signIn.origin),
    user: { id: userHandle(signedIn.identityId), name: signedIn.email, displayName: signedIn.email },
    challenge: await newChallenge(call, signedIn.identityId),
    pubKeyCredParams: signatureAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: challengeSeconds * 1000,
    excludeCredentials: passkeys.map(({ credential_id, transports }) => ({
      type: 'public-key',
      id: credential_id.toString('base64url'),
      transports,
    })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  } satisfies PublicKeyCredentialCreationOptionsJSON;
  return { body: { options } };
}

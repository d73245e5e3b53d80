import { passkeyRefused } from '@latchkey/core/passkey.ts';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { PasskeyRow } from '../../store/passkeys.ts';
import type { PasskeyAnswer } from './passkey-answer.ts';
import { relyingParty } from './relying-party.ts';
import { userHandle } from './user-handle.ts';

type Answer = PasskeyAnswer<'authenticatorData' | 'signature' | 'userHandle'>;

/** What an authenticator says of itself where it signed for this origin. @throws Problem reason `passkey_refused` */
export async function checkedUse(origin: string, { id, challenge, crossOrigin, parts }: Answer, passkey: PasskeyRow) {
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

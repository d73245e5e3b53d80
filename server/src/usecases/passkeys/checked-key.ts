import { passkeyRefused } from '@latchkey/core/passkey.ts';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject, isoCBOR } from '@simplewebauthn/server/helpers';
import type { PasskeyAnswer } from './passkey-answer.ts';
import { relyingParty } from './relying-party.ts';
import { signatureAlgorithms } from './signature-algorithms.ts';

/** What to keep of the key that an authenticator made for this origin. @throws Problem reason `passkey_refused` */
export async function checkedKey(
  origin: string,
  { id, challenge, crossOrigin, parts }: PasskeyAnswer<'attestationObject'>,
) {
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

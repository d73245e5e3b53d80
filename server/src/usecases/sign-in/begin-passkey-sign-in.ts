import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { challengeSeconds } from '@latchkey/core/passkey.ts';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Outcome, PublicCall } from '../call.ts';
import { newChallenge } from '../passkeys/new-challenge.ts';
import { relyingParty } from '../passkeys/relying-party.ts';

/** Names no passkey: the authenticator knows its own, and nobody learns who has one. */
export async function beginPasskeySignIn(call: PublicCall): Promise<Outcome<Reply<Api['beginPasskeySignIn']>>> {
  const options = {
    rpId: relyingParty(call.signIn.origin).id,
    challenge: await newChallenge(call, null),
    timeout: challengeSeconds * 1000,
    allowCredentials: [],
    userVerification: 'required',
  } satisfies PublicKeyCredentialRequestOptionsJSON;
  return { body: { options } };
}

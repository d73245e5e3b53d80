import { challengeSeconds } from '@latchkey/core/passkey.ts';
import { insertChallenge } from '../../store/passkeys.ts';
import type { PublicCall } from '../call.ts';

/** What a browser is to sign, once and soon, in base64url. @param identityId who adds a passkey; null for signing in */
export async function newChallenge(call: PublicCall, identityId: string | null): Promise<string> {
  const bytes = call.newKeyBytes();
  await insertChallenge(call.db, { bytes, identityId, lifetimeSeconds: challengeSeconds });
  return Buffer.from(bytes).toString('base64url');
}

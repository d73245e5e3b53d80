import { hashKeySecret, keyHint, makeKeySecret } from '@latchkey/core/key-secret.ts';
import type { StoredSecret } from '../../store/keys.ts';
import type { Services } from '../call.ts';

/** A new key: the secret for whoever asked, once, and what is stored of it. */
export function newSecret(
  services: Pick<Services, 'newKeyBytes'>,
  kind: 'api_key' | 'partner_key',
): { secret: string; stored: StoredSecret } {
  const secret = makeKeySecret(kind, services.newKeyBytes());
  return { secret, stored: storedSecret(secret) };
}

export const storedSecret = (secret: string): StoredSecret => ({ hash: hashKeySecret(secret), hint: keyHint(secret) });

import { createECDH, hkdfSync } from 'node:crypto';
import type { JWK } from 'jose';
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint';
import { SignJWT } from 'jose/jwt/sign';
import { importJWK } from 'jose/key/import';
import type { Tokens } from './usecases/call.ts';

const algorithm = 'ES256';
const periodMilliseconds = 30 * 24 * 3600 * 1000;
/** The order of the curve P-256 (FIPS 186-5). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

interface SigningKey {
  secret: JWK;
  open: Awaited<ReturnType<Tokens['publicKeys']>>[number];
}

/**
 * Tokens signed by ES256, the one algorithm that every platform verifies. The key of each period of 30 days is derived from
 * the secret, so all nodes have it and none stores it; the set of public keys shows it a period ahead and behind. Keys of
 * older secrets are shown too, so that a new secret invalidates nothing; take an old one away to kill what it signed.
 * @param issuer who verifiers insist on as `iss`
 */
export function accessTokens(issuer: string, secrets: readonly string[]): Tokens {
  const [newest] = secrets;
  if (newest === undefined) throw new Error('tokens need a secret');
  const keys = new Map<string, Promise<SigningKey>>();
  const keyOf = (secret: string, period: number): Promise<SigningKey> => {
    const id = `${secrets.indexOf(secret)}/${period}`;
    const key = keys.get(id) ?? deriveSigningKey(secret, period);
    keys.set(id, key);
    return key;
  };
  return {
    async sign(now, claims) {
      const { secret, open } = await keyOf(newest, periodOf(now));
      return new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: 'access+jwt', kid: open.kid })
        .setIssuer(issuer)
        .sign(await importJWK(secret, algorithm));
    },
    async publicKeys(now) {
      const periods = [0, -1, 1].map((offset) => periodOf(now) + offset);
      const shown = await Promise.all(secrets.flatMap((secret) => periods.map((period) => keyOf(secret, period))));
      return shown.map(({ open }) => open);
    },
  };
}

const periodOf = (now: number): number => Math.floor(now / periodMilliseconds);

async function deriveSigningKey(secret: string, period: number): Promise<SigningKey> {
  // 128 bits more than the order has make the remainder as good as uniform (FIPS 186-5, A.2.1).
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', `latchkey/access-token/${period}`, 48));
  const scalar = (BigInt(`0x${bytes.toString('hex')}`) % (order - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(d);
  const point = pair.getPublicKey();
  const coordinates = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const kid = await calculateJwkThumbprint(coordinates);
  return {
    secret: { ...coordinates, d: d.toString('base64url') },
    open: { ...coordinates, kid, alg: algorithm, use: 'sig' },
  };
}

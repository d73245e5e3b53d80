import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A token taken apart, to be put together otherwise. */
export const partsOf = (token: string): [string, string, string] => token.split('.') as [string, string, string];
export const decoded = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());
export const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export interface Forger {
  key: CryptoKey;
  open: JWK & { kid: string };
  /** Signs what it is told to, as a server would. */
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

/** Somebody with a key pair, of the right kind or another. */
export async function forger(algorithm = 'ES256', kid = 'forged'): Promise<Forger> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return {
    key: privateKey,
    open: { ...(await exportJWK(publicKey)), kid },
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ: 'access+jwt', kid, ...header }).sign(privateKey),
  };
}

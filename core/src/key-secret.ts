import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The secret part of an api key or a partner key: `lk_` or `lkp_`, 43 characters that hold 256 random bits, and 6 that
 * check them, so that a mistyped key is known as such without a look-up and secret scanners can be sure of a find.
 */
const prefixes = { api_key: 'lk_', partner_key: 'lkp_' } as const;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 43;
const checksumLength = 6;

/** @param random 32 random bytes */
export function makeKeySecret(kind: keyof typeof prefixes, random: Uint8Array): string {
  const body = prefixes[kind] + base62(BigInt(`0x${Buffer.from(random).toString('hex')}`), secretLength);
  return body + checksum(body);
}

/** False only for what carries our prefix and a wrong checksum: a key brought along by an operator has any form it likes. */
export function isWellFormedKeySecret(secret: string): boolean {
  if (!/^lkp?_/.test(secret)) return true;
  return checksum(secret.slice(0, -checksumLength)) === secret.slice(-checksumLength);
}

/** What is stored instead of the secret. 256 random bits need no slow hash. */
export const hashKeySecret = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest();

/** The few characters by which people tell their keys apart. */
export const keyHint = (secret: string): string => `…${secret.slice(-4)}`;

const checksum = (body: string): string => base62(BigInt(crc32(body)), checksumLength);

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = (alphabet[Number(rest % 62n)] ?? '') + text;
  return text;
}

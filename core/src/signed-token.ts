import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Tokens that are derived rather than stored: what they stand for, and an HMAC-SHA-256 over it, in base64url. A copy of the
 * database makes none without the secret.
 */
const macLength = 32;

export const signToken = (key: Buffer, payload: Buffer): string =>
  Buffer.concat([payload, mac(key, payload)]).toString('base64url');

/** What a token stands for, or undefined for anything that none of the keys signed, to the last bit. @param length of the payload, in bytes */
export function readToken(keys: readonly Buffer[], token: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== length + macLength || bytes.toString('base64url') !== token) return undefined;
  const payload = bytes.subarray(0, length);
  const signature = bytes.subarray(length);
  return keys.some((key) => timingSafeEqual(mac(key, payload), signature)) ? payload : undefined;
}

export const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

export const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const mac = (key: Buffer, payload: Buffer): Buffer => createHmac('sha256', key).update(payload).digest();

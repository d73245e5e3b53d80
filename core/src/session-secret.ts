import { createHash } from 'node:crypto';

/** What a session's cookie carries: 256 random bits in base64url. @param random 32 random bytes */
export const makeSessionSecret = (random: Uint8Array): string => Buffer.from(random).toString('base64url');

/** What is stored instead of the secret. 256 random bits need no slow hash. */
export const hashSessionSecret = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest();

import { deriveKey } from './invitation-link.ts';
import { type Problem, problem } from './problem.ts';
import { readToken, signToken, uuidBytes, uuidOf } from './signed-token.ts';

/** A sign-in link's token is derived from its row's id: a copy of the database signs nobody in. */
const version = 1;
const payloadLength = 1 + 16;

/** One key for one purpose: no invitation's token can be a sign-in link's. */
export const signInKey = (secret: string): Buffer => deriveKey(secret, 'latchkey/sign-in-link');

/** Base64url, 66 characters. @param key from {@link signInKey} */
export const signSignInLink = (key: Buffer, id: string): string =>
  signToken(key, Buffer.concat([Buffer.from([version]), uuidBytes(id)]));

/** The id of the link that a token opens, or undefined for what none of the keys signed. */
export function readSignInLink(keys: readonly Buffer[], token: string): string | undefined {
  const payload = readToken(keys, token, payloadLength);
  return payload?.readUInt8(0) === version ? uuidOf(payload.subarray(1)) : undefined;
}

export type SignInLinkState = 'open' | 'used' | 'expired';

export const signInLinkState = (link: { used: boolean; expired: boolean }): SignInLinkState =>
  link.used ? 'used' : link.expired ? 'expired' : 'open';

const deadLinks: Record<Exclude<SignInLinkState, 'open'>, string> = {
  used: 'This link has signed somebody in already; ask for another one.',
  expired: 'This link has expired; ask for another one.',
};

/** @throws Problem `document_not_found`, reason `sign_in_link_used` or `sign_in_link_expired` */
export function requireOpenLink(state: SignInLinkState): void {
  if (state !== 'open') throw problem('document_not_found', 'token', `sign_in_link_${state}`, deadLinks[state]);
}

export const unknownSignInLink = (): Problem =>
  problem('document_not_found', 'token', 'sign_in_link_unknown', 'This is no sign-in link of this server.');

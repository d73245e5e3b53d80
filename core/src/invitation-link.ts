import { hkdfSync } from 'node:crypto';
import { readToken, signToken, uuidBytes, uuidOf } from './signed-token.ts';

/**
 * The token of an invitation link (design §7). It is derived, never stored: an HMAC over organization, invitation,
 * generation and purpose. A retried mail therefore carries the same link, raising the generation kills it, and a copy of
 * the database opens nothing without the secret.
 *
 * A `mailed` link proves the mailbox; a `revealed` one, copied by an administrator, lets a person in but proves nothing.
 */
export const linkPurposes = ['mailed', 'revealed'] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

export interface InvitationLink {
  organizationId: string;
  invitationId: string;
  generation: number;
  purpose: LinkPurpose;
}

const version = 1;
const payloadLength = 1 + 1 + 16 + 16 + 4;

/** Base64url, 94 characters. @param key from {@link linkKey} */
export const signInvitationLink = (key: Buffer, link: InvitationLink): string => signToken(key, encode(link));

/** The link a token stands for, or undefined for anything that none of the keys signed, to the last bit. */
export function readInvitationLink(keys: readonly Buffer[], token: string): InvitationLink | undefined {
  const payload = readToken(keys, token, payloadLength);
  return payload && decode(payload);
}

/** One key for one purpose, so that no other use of the secret can make a link. */
export const linkKey = (secret: string): Buffer => deriveKey(secret, 'latchkey/invitation-link');

export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));

const encode = (link: InvitationLink): Buffer => {
  const generation = Buffer.alloc(4);
  generation.writeUInt32BE(link.generation);
  const kind = Buffer.from([version, linkPurposes.indexOf(link.purpose)]);
  return Buffer.concat([kind, uuidBytes(link.organizationId), uuidBytes(link.invitationId), generation]);
};

function decode(payload: Buffer): InvitationLink | undefined {
  const purpose = linkPurposes[payload.readUInt8(1)];
  if (payload.readUInt8(0) !== version || purpose === undefined) return undefined;
  return {
    organizationId: uuidOf(payload.subarray(2, 18)),
    invitationId: uuidOf(payload.subarray(18, 34)),
    generation: payload.readUInt32BE(34),
    purpose,
  };
}

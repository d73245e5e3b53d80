import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

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
const macLength = 32;

/** Base64url, 94 characters. @param key from {@link linkKey} */
export function signInvitationLink(key: Buffer, link: InvitationLink): string {
  const payload = encode(link);
  return Buffer.concat([payload, mac(key, payload)]).toString('base64url');
}

/** The link a token stands for, or undefined for anything that none of the keys signed, to the last bit. */
export function readInvitationLink(keys: readonly Buffer[], token: string): InvitationLink | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== payloadLength + macLength || bytes.toString('base64url') !== token) return undefined;
  const payload = bytes.subarray(0, payloadLength);
  const signature = bytes.subarray(payloadLength);
  return keys.some((key) => timingSafeEqual(mac(key, payload), signature)) ? decode(payload) : undefined;
}

/** One key for one purpose, so that no other use of the secret can make a link. */
export const linkKey = (secret: string): Buffer => deriveKey(secret, 'latchkey/invitation-link');

export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));

function encode(link: InvitationLink): Buffer {
  const payload = Buffer.alloc(payloadLength);
  payload.writeUInt8(version, 0);
  payload.writeUInt8(linkPurposes.indexOf(link.purpose), 1);
  payload.write(link.organizationId.replaceAll('-', ''), 2, 'hex');
  payload.write(link.invitationId.replaceAll('-', ''), 18, 'hex');
  payload.writeUInt32BE(link.generation, 34);
  return payload;
}

function decode(payload: Buffer): InvitationLink | undefined {
  const purpose = linkPurposes[payload.readUInt8(1)];
  if (payload.readUInt8(0) !== version || purpose === undefined) return undefined;
  return {
    organizationId: uuid(payload.subarray(2, 18)),
    invitationId: uuid(payload.subarray(18, 34)),
    generation: payload.readUInt32BE(34),
    purpose,
  };
}

const mac = (key: Buffer, payload: Buffer): Buffer => createHmac('sha256', key).update(payload).digest();

const uuid = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

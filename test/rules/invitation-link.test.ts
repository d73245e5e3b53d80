import {
  deriveKey,
  type InvitationLink,
  linkKey,
  linkPurposes,
  readInvitationLink,
  signInvitationLink,
} from '@latchkey/core/invitation-link.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const key = linkKey('a-secret-of-32-characters-and-more');
const links: fc.Arbitrary<InvitationLink> = fc.record({
  organizationId: fc.uuid(),
  invitationId: fc.uuid(),
  generation: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  purpose: fc.constantFrom(...linkPurposes),
});

test('a token is read back to what it was made of', () => {
  fc.assert(
    fc.property(links, (link) => {
      const token = signInvitationLink(key, link);
      expect(token).toMatch(/^[A-Za-z0-9_-]{94}$/);
      expect(readInvitationLink([key], token)).toEqual(link);
    }),
  );
});

test('a token is derived: made again it is the same, so that a retried mail carries the same link', () => {
  fc.assert(
    fc.property(links, (link) => {
      expect(signInvitationLink(key, link)).toBe(signInvitationLink(key, { ...link }));
    }),
  );
});

test('organization, invitation, generation and purpose each make another token', () => {
  fc.assert(
    fc.property(links, links, (link, other) => {
      for (const part of ['organizationId', 'invitationId', 'generation', 'purpose'] as const) {
        if (link[part] === other[part]) continue;
        expect(signInvitationLink(key, { ...link, [part]: other[part] })).not.toBe(signInvitationLink(key, link));
      }
    }),
  );
});

test('a token with any one bit changed is none', () => {
  fc.assert(
    fc.property(links, fc.nat({ max: 70 * 8 - 1 }), (link, bit) => {
      const bytes = Buffer.from(signInvitationLink(key, link), 'base64url');
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(readInvitationLink([key], bytes.toString('base64url'))).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('a token written in another way than ours is none, even where it decodes to the same bytes', () => {
  fc.assert(
    fc.property(links, (link) => {
      const token = signInvitationLink(key, link);
      const others = [
        ` ${token}`,
        `${token} `,
        `${token}=`,
        `${token}==`,
        `${token.slice(0, 40)}\n${token.slice(40)}`,
        Buffer.from(token, 'base64url').toString('base64'),
        token.slice(0, -1),
        `${token}A`,
        token.toLowerCase(),
      ].filter((other) => other !== token);
      for (const other of others) expect(readInvitationLink([key], other), JSON.stringify(other)).toBeUndefined();
    }),
  );
});

test('whatever is sent as a token is read as none, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(readInvitationLink([key], text)).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 70, maxLength: 70 }), (bytes) => {
      expect(readInvitationLink([key], Buffer.from(bytes).toString('base64url'))).toBeUndefined();
    }),
  );
});

test('only the secrets that are known open a token: the newest and those behind it', () => {
  fc.assert(
    fc.property(links, fc.string({ minLength: 1 }), (link, other) => {
      const token = signInvitationLink(key, link);
      const another = linkKey(`${other}-another`);
      expect(readInvitationLink([another], token)).toBeUndefined();
      expect(readInvitationLink([another, key], token)).toEqual(link);
      expect(readInvitationLink([], token)).toBeUndefined();
    }),
  );
});

test('a key that was derived for another purpose opens nothing', () => {
  const secret = 'a-secret-of-32-characters-and-more';
  const link = {
    organizationId: crypto.randomUUID(),
    invitationId: crypto.randomUUID(),
    generation: 1,
    purpose: 'mailed',
  } as const;
  for (const purpose of ['latchkey/idempotency', 'latchkey/fingerprint', ''])
    expect(readInvitationLink([deriveKey(secret, purpose)], signInvitationLink(key, link))).toBeUndefined();
});

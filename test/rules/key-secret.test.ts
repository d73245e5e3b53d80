import { hashKeySecret, isWellFormedKeySecret, keyHint, makeKeySecret } from '@latchkey/core/key-secret.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const kinds = fc.constantFrom('api_key' as const, 'partner_key' as const);
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('a secret has a prefix by its kind, 43 characters that hold all 256 bits, and 6 that check them', () => {
  fc.assert(
    fc.property(kinds, bytes, (kind, random) => {
      const secret = makeKeySecret(kind, random);
      expect(secret).toMatch(kind === 'api_key' ? /^lk_[0-9A-Za-z]{49}$/ : /^lkp_[0-9A-Za-z]{49}$/);
      expect(isWellFormedKeySecret(secret)).toBe(true);
    }),
  );
  expect(makeKeySecret('api_key', new Uint8Array(32))).toMatch(/^lk_0{43}/);
  expect(isWellFormedKeySecret(makeKeySecret('api_key', new Uint8Array(32).fill(255)))).toBe(true);
});

test('other bytes make another secret', () => {
  fc.assert(
    fc.property(kinds, bytes, bytes, (kind, one, other) => {
      fc.pre(Buffer.compare(one, other) !== 0);
      expect(makeKeySecret(kind, one)).not.toBe(makeKeySecret(kind, other));
    }),
  );
});

test('one wrong character, two swapped ones or a missing one are found', () => {
  fc.assert(
    fc.property(kinds, bytes, fc.nat(), fc.constantFrom(...'0123456789ABCDEFabcdef'), (kind, random, at, letter) => {
      const secret = makeKeySecret(kind, random);
      const place = 4 + (at % (secret.length - 5));
      const [before, a, b, after] = [secret.slice(0, place), secret[place], secret[place + 1], secret.slice(place + 2)];
      if (a !== letter) expect(isWellFormedKeySecret(`${before}${letter}${b}${after}`)).toBe(false);
      if (a !== b) expect(isWellFormedKeySecret(`${before}${b}${a}${after}`)).toBe(false);
      expect(isWellFormedKeySecret(`${before}${a}${after}`)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('the kind is part of what is checked', () => {
  fc.assert(
    fc.property(bytes, (random) => {
      expect(isWellFormedKeySecret(makeKeySecret('api_key', random).replace('lk_', 'lkp_'))).toBe(false);
    }),
  );
});

test('a key that an operator brought along has any form it likes', () => {
  for (const secret of ['xkeysib-abc', 'correct horse battery staple', 'LK_x', 'lk-x'])
    expect(isWellFormedKeySecret(secret)).toBe(true);
  for (const secret of ['lk_', 'lkp_', 'lk_short', 'lk_ключ']) expect(isWellFormedKeySecret(secret)).toBe(false);
});

test('what is stored is a hash, and what is shown are four characters', () => {
  fc.assert(
    fc.property(kinds, bytes, (kind, random) => {
      const secret = makeKeySecret(kind, random);
      expect(hashKeySecret(secret)).toHaveLength(32);
      expect(hashKeySecret(secret)).toEqual(hashKeySecret(secret));
      expect(keyHint(secret)).toBe(`…${secret.slice(-4)}`);
    }),
  );
});

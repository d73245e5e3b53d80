import { bitsetOf, decodeBitset, encodeBitset, hasBit, wordsFor } from '@latchkey/core/access/bitset.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const bits = fc.uniqueArray(fc.integer({ min: 0, max: 300 }));

test('a set has the bits it was made of, and no others', () => {
  fc.assert(
    fc.property(bits, (chosen) => {
      const set = bitsetOf(chosen, wordsFor(301));
      for (let bit = 0; bit < 400; bit++) expect(hasBit(set, bit)).toBe(chosen.includes(bit));
    }),
  );
});

test('what is written is read again, in as many words as asked for', () => {
  fc.assert(
    fc.property(bits, fc.integer({ min: 1, max: 12 }), (chosen, words) => {
      const text = encodeBitset(bitsetOf(chosen, wordsFor(301)));
      expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
      const read = decodeBitset(text, words);
      expect(read).toHaveLength(words);
      expect(read).toEqual(
        bitsetOf(
          chosen.filter((bit) => bit < words * 32),
          words,
        ),
      );
    }),
  );
});

test('equal sets are written alike, however many words they have', () => {
  fc.assert(
    fc.property(bits, fc.integer({ min: 0, max: 5 }), (chosen, more) => {
      expect(encodeBitset(bitsetOf(chosen, wordsFor(301) + more))).toBe(encodeBitset(bitsetOf(chosen, wordsFor(301))));
    }),
  );
});

test('the lowest bits come first, and nothing is written for nothing', () => {
  expect(encodeBitset(bitsetOf([], 4))).toBe('');
  expect(encodeBitset(bitsetOf([0], 1))).toBe('AQ');
  expect(encodeBitset(bitsetOf([31], 1))).toBe('AAAAgA');
  expect(encodeBitset(bitsetOf([32], 2))).toBe('AAAAAAE');
  expect([wordsFor(0), wordsFor(1), wordsFor(32), wordsFor(33)]).toEqual([1, 1, 1, 2]);
});

test('what is not base64url is refused', () => {
  for (const text of ['*', 'a', 'é', 'AQ.AQ']) expect(() => decodeBitset(text, 1), text).toThrow();
});

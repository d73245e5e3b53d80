import { KeyTable } from '@latchkey/core/access/key-table.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const scope = fc.constantFrom(0, 1, 2, 2 ** 31, 2 ** 32 - 1);
/** A text may have halves of surrogate pairs, too. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
/** Short ones, empty, of any script, and such as go on in further entries. */
const key = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', 'ba', '\u00ff', '\u0100', '\0', '\0\0', 'mei@example.com', '\ud800', '\ufffd'),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ unit: 'binary-ascii', maxLength: 200 }),
  fc.string({ unit: anyUnit, maxLength: 200 }),
  fc.string({ minLength: 900, maxLength: 1000 }),
);
/** Such as differ only at the end, before and after the place where they go on. */
const alike = fc
  .tuple(
    fc.constantFrom('x', 'é', '\u0179', '\udc00'),
    fc.constantFrom(14, 16, 18, 28, 30, 32, 36, 72, 130),
    fc.array(fc.string({ unit: fc.constantFrom('x', 'y', '\0', 'é', '\u0179'), maxLength: 5 }), { maxLength: 5 }),
  )
  .map(([unit, count, ends]) => ends.map((end) => unit.repeat(count) + end));
const keys = fc.array(fc.oneof(fc.tuple(key), alike), { maxLength: 12 }).map((some) => [...some.flat(), '']);
const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** What follows the two words that are written is as wide as what a server keeps of a member. */
const payloadWords = fc.integer({ min: 2, max: 7 });

type Step = { kind: 'put' | 'find' | 'delete'; scope: number; key: string; words: [number, number] };
/** Of a few keys each, so that they meet again. */
const steps = keys.chain((some) =>
  fc.array(
    fc.record({
      kind: fc.constantFrom<Step['kind']>('put', 'put', 'find', 'delete'),
      scope,
      key: fc.constantFrom(...some),
      words: fc.tuple(word, word),
    }),
    { maxLength: 300 },
  ),
);

const nameOf = (one: { scope: number; key: string }): string => `${one.scope}\u0001${JSON.stringify(one.key)}`;

function put(table: KeyTable, { scope: of, key: text, words }: Step): void {
  const slot = table.put(of, text);
  for (const [index, value] of words.entries()) table.setWord(slot, index, value);
}

const wordsAt = (table: KeyTable, slot: number): [number, number] => [table.word(slot, 0), table.word(slot, 1)];

describe('a table without a limit', () => {
  test('is a Map from scope and text to words, for any texts, whatever the seed', () => {
    fc.assert(
      fc.property(steps, payloadWords, word, (run, width, seed) => {
        const table = new KeyTable({ payloadWords: width, seed });
        const model = new Map<string, Step>();
        for (const step of run) {
          const name = nameOf(step);
          const slot = table.find(step.scope, step.key);
          expect(slot >= 0).toBe(model.has(name));
          if (slot >= 0) expect(wordsAt(table, slot)).toEqual(model.get(name)?.words);
          if (step.kind === 'put') {
            const fresh = table.put(step.scope, step.key);
            expect(wordsAt(table, fresh)).toEqual(model.get(name)?.words ?? [0, 0]);
            put(table, step);
            model.set(name, step);
          }
          if (step.kind === 'delete') expect(table.delete(step.scope, step.key)).toBe(model.delete(name));
          expect(table.size).toBe(model.size);
        }
        for (const step of model.values()) expect(wordsAt(table, table.find(step.scope, step.key))).toEqual(step.words);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps 200,000 keys through growing, and forgets those that are taken out', () => {
    const table = new KeyTable({ payloadWords: 1, seed: 42 });
    const name = (index: number): string => `member-${index}@example.com`;
    for (let index = 0; index < 200_000; index++) table.setWord(table.put(index % 7, name(index)), 0, index);
    for (let index = 0; index < 200_000; index += 2) expect(table.delete(index % 7, name(index))).toBe(true);
    for (let index = 0; index < 200_000; index++) {
      const slot = table.find(index % 7, name(index));
      if (index % 2 === 0) expect(slot).toBe(-1);
      else expect(table.word(slot, 0)).toBe(index);
      if (index % 1000 === 1) expect(table.find((index + 1) % 7, name(index))).toBe(-1);
    }
    expect(table.size).toBe(100_000);
  });

  test('takes no more room for having been emptied and filled again and again, with texts of any length', () => {
    const table = new KeyTable({ payloadWords: 2, seed: 1 });
    const name = (round: number, index: number): string =>
      `${round}-${index}${index % 10 === 0 ? '-of-a-long-name'.repeat(1 + (index % 7)) : ''}@example.com`;
    const fill = (round: number): void => {
      for (let index = 0; index < 20_000; index++) table.put(1, name(round, index));
    };
    const empty = (round: number): void => {
      for (let index = 0; index < 20_000; index++) table.delete(1, name(round, index));
    };
    for (let round = 10; round < 13; round++) {
      fill(round);
      empty(round);
    }
    const bytes = table.bytes;
    for (let round = 13; round < 30; round++) {
      fill(round);
      empty(round);
    }
    expect(table.size).toBe(0);
    expect(table.bytes).toBeLessThan(bytes * 1.5);
  });

  test('says of long texts too what they take: all of it is in its arrays', () => {
    const bytesOf = (length: number): number => {
      const table = new KeyTable({ payloadWords: 2, seed: 1 });
      for (let index = 0; index < 20_000; index++) table.put(1, `${index}`.padEnd(length, 'x'));
      return table.bytes;
    };
    const short = bytesOf(36);
    expect(bytesOf(60) - short).toBeGreaterThan(20_000 * 24);
    expect(bytesOf(1000) - short).toBeGreaterThan(20_000 * 964);
    expect(bytesOf(1000) - short).toBeLessThan(20_000 * 964 * 1.5);
  });

  test('keeps texts of any length and any characters, which differ in one character at the end', () => {
    const table = new KeyTable({ payloadWords: 1, seed: 1 });
    const texts = [
      '',
      'a',
      'x'.repeat(36),
      'x'.repeat(37),
      'x'.repeat(30_000),
      'é',
      'xé',
      '\0',
      'x'.repeat(35),
      '\ud800',
      ...[17, 18, 19, 36, 37, 80].flatMap((count) => ['é'.repeat(count), '\u0179'.repeat(count)]),
    ];
    const all = texts.flatMap((text) => [text, `${text}y`, `${text}ÿ`, `${text}\u0179`]);
    for (const [index, text] of new Set(all).values().toArray().entries())
      table.setWord(table.put(1, text), 0, index + 1);
    for (const [index, text] of new Set(all).values().toArray().entries())
      expect(table.word(table.find(1, text), 0), JSON.stringify(text.slice(0, 50))).toBe(index + 1);
    expect(table.size).toBe(new Set(all).size);
    for (const text of new Set(all)) expect(table.delete(1, text)).toBe(true);
    expect(table.size).toBe(0);
  });
});

test.each([
  ['short', ''],
  ['long', 'a-name-that-goes-on-in-further-entries'],
])('tells %s texts apart whose hashes are the same', (_, beginning) => {
  const table = new KeyTable({ payloadWords: 1, seed: 1 });
  // Among so many, some ten pairs have the same 32 bits.
  const numbers = Array.from({ length: 300_000 }, (_, index) => (index * 30_000_000_091) % 10 ** 12);
  for (const number of numbers) table.put(1, beginning + `${number}`.padStart(12, '0'));
  expect(table.size).toBe(300_000);
});

describe('a table with a limit', () => {
  test('forgets, but never answers with what was not put there last, and never holds more than about its limit', () => {
    fc.assert(
      fc.property(steps, payloadWords, fc.integer({ min: 1, max: 20 }), word, (run, width, maximum, seed) => {
        const table = new KeyTable({ payloadWords: width, maximum, seed });
        const model = new Map<string, Step>();
        for (const step of run) {
          const name = nameOf(step);
          if (step.kind === 'put') {
            put(table, step);
            model.set(name, step);
            // What was put is there at least until something else is.
            expect(wordsAt(table, table.find(step.scope, step.key))).toEqual(step.words);
          } else if (step.kind === 'delete') {
            const was = table.delete(step.scope, step.key);
            if (was) expect(model.has(name)).toBe(true);
            model.delete(name);
            expect(table.find(step.scope, step.key)).toBe(-1);
          } else {
            const slot = table.find(step.scope, step.key);
            if (slot >= 0) expect(wordsAt(table, slot)).toEqual(model.get(name)?.words);
          }
          expect(table.size).toBeLessThanOrEqual(Math.min(maximum, model.size));
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([1000, 10_000, 300_000])('of %i keys holds about that many, however many come', (maximum) => {
    const table = new KeyTable({ payloadWords: 1, maximum, seed: 7 });
    for (let index = 0; index < maximum * 3; index++) table.put(1, `key-${index}`);
    expect(table.size).toBeLessThanOrEqual(maximum * 1.01 + 256);
    expect(table.size).toBeGreaterThan(maximum * 0.9);
  });

  test('holds fewer than its limit where texts are very long, so that its memory is bounded, and as many again after them', () => {
    const maximum = 20_000;
    const filled = (keyOf: (index: number) => string, table = new KeyTable({ payloadWords: 5, maximum, seed: 7 })) => {
      for (let index = 0; index < maximum * 2; index++) table.setWord(table.put(1, keyOf(index)), 0, index);
      expect(table.word(table.find(1, keyOf(maximum * 2 - 1)), 0)).toBe(maximum * 2 - 1);
      return table;
    };
    const short = filled((index) => `${index}@example.com`);
    const long = filled((index) => `${index}${'x'.repeat(980)}`);
    expect(long.bytes).toBeLessThan(short.bytes * 2.2);
    expect(long.size).toBeLessThan(maximum / 10);
    expect(long.size).toBeGreaterThan(maximum / 30);
    filled((index) => `${index}@example.com`, long);
    expect(long.size).toBe(maximum);
    expect(long.bytes).toBeLessThan(short.bytes * 2.2);
    const usual = filled((index) => `${index}${'x'.repeat(40)}@example.com`);
    expect(usual.size, 'texts that take one further entry each').toBe(maximum);
  });

  test('holds one text that is longer than everything it may hold, until something else comes', () => {
    const table = new KeyTable({ payloadWords: 1, maximum: 2, seed: 7 });
    const long = 'x'.repeat(10_000);
    for (const name of ['a', 'b', long]) table.setWord(table.put(1, name), 0, name.length);
    expect(table.size).toBe(1);
    expect(table.word(table.find(1, long), 0)).toBe(10_000);
    table.put(1, 'a');
    expect(table.find(1, 'a')).toBeGreaterThanOrEqual(0);
    expect(table.size).toBeLessThanOrEqual(2);
  });

  test('forgets one for another even where all were asked for', () => {
    const maximum = 20_000;
    const table = new KeyTable({ payloadWords: 1, maximum, seed: 7 });
    for (let index = 0; index < maximum; index++) table.put(1, `key-${index}`);
    for (let more = 0; more < 20; more++) {
      for (let index = 0; index < maximum; index++) table.find(1, `key-${index}`);
      table.put(1, `another-${more}`);
      expect(table.size).toBe(maximum);
      expect(table.find(1, `another-${more}`)).toBeGreaterThanOrEqual(0);
    }
  });

  test('asked for twice as many in random order still knows about half: there is no cliff', () => {
    const maximum = 20_000;
    const rates = [1.1, 1.5, 2, 4].map((times) => {
      const table = new KeyTable({ payloadWords: 1, maximum, seed: 3 });
      const random = generator(times * 1000);
      let hits = 0;
      const warm = maximum * times * 4;
      const counted = 100_000;
      for (let asked = 0; asked < warm + counted; asked++) {
        const name = `member-${Math.floor(random() * maximum * times)}`;
        const found = table.find(1, name) >= 0;
        if (!found) table.put(1, name);
        else if (asked >= warm) hits++;
      }
      return hits / counted;
    });
    for (const [index, times] of [1.1, 1.5, 2, 4].entries()) {
      expect(rates[index], `${times} times: ${rates}`).toBeGreaterThan((1 / times) * 0.9);
      expect(rates[index], `${times} times: ${rates}`).toBeLessThan((1 / times) * 1.1);
    }
  });

  test('keeps those who are asked for again and again while strangers come and go', () => {
    const table = new KeyTable({ payloadWords: 1, maximum: 8192, seed: 9 });
    const often = Array.from({ length: 500 }, (_, index) => `often-${index}`);
    for (const name of often) table.put(1, name);
    let lost = 0;
    for (let index = 0; index < 100_000; index++) {
      table.put(1, `stranger-${index}`);
      const name = often[index % often.length] as string;
      if (table.find(1, name) < 0) {
        lost++;
        table.put(1, name);
      }
    }
    expect(lost).toBeLessThan(10);
  });
});

function generator(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { KeyTable } from '@latchkey/core/access/key-table.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const scope = fc.constantFrom(0, 1, 2, 2 ** 31, 2 ** 32 - 1);
/** Short ones that meet again, empty, of any script, long, and halves of surrogate pairs, which a text may have too. */
const key = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', 'ba', '\u00ff', '\u0100', '\0', '\0\0', 'mei@example.com', '\ud800', '\ufffd'),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ minLength: 900, maxLength: 1000 }),
);
const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

type Step = { kind: 'put' | 'find' | 'delete'; scope: number; key: string; words: [number, number] };
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step['kind']>('put', 'put', 'find', 'delete'),
    scope,
    key,
    words: fc.tuple(word, word),
  }),
  { maxLength: 300 },
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
      fc.property(steps, word, (run, seed) => {
        const table = new KeyTable({ payloadWords: 2, seed });
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

  test('takes no more room for having been emptied and filled again and again', () => {
    const table = new KeyTable({ payloadWords: 2, seed: 1 });
    const fill = (round: number): void => {
      for (let index = 0; index < 20_000; index++) table.put(1, `${round}-${index}@example.com`);
    };
    const empty = (round: number): void => {
      for (let index = 0; index < 20_000; index++) table.delete(1, `${round}-${index}@example.com`);
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

describe('a table with a limit', () => {
  test('forgets, but never answers with what was not put there last, and never holds more than about its limit', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), word, (run, maximum, seed) => {
        const table = new KeyTable({ payloadWords: 2, maximum, seed });
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

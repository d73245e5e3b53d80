import type { Evaluation } from '@latchkey/core/access/evaluation.ts';
import { readPlainQuestion, readPlainQuestions } from '@latchkey/core/access/plain-questions.ts';
import { readJsonBody } from '@latchkey/core/strict-json.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

interface Entity {
  type: string;
  id: string;
}

const text = fc.oneof(
  fc.constantFrom('user', 'feature', 'mei@example.com', 'contacts', 'view', '', ' ', 'x'.repeat(1000)),
  fc.string({ maxLength: 8 }),
);
const entity = fc.record({ type: text, id: text });
const question = fc.record({ subject: entity, action: fc.record({ name: text }), resource: entity });
const partial = fc.record(
  { subject: entity, action: fc.record({ name: text }), resource: entity },
  { requiredKeys: [] },
);
const batch = fc
  .tuple(partial, fc.array(fc.oneof(question, partial), { minLength: 1, maxLength: 4 }))
  .map(([top, evaluations]) => ({ ...top, evaluations }));

/** A JSON text as somebody may write it: members in any order, with any space between, a few characters changed. */
const written = (value: fc.Arbitrary<object>): fc.Arbitrary<string> =>
  fc.tuple(value, fc.constantFrom('', ' ', '\n', '\t', '  ')).chain(([one, space]) => {
    const tokens = JSON.stringify(one)
      .split(/("(?:[^"\\]|\\.)*"|[{}[\],:])/)
      .filter((token) => token !== '');
    const odd = [
      '',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      'null',
      '1',
      '"type"',
      '"id"',
      '"subject"',
      '"name"',
      '"type":"user"',
      '"evaluations":[]',
      '\u00e9',
      '\ufeff',
      '\x7f',
      '\x01',
      '\0',
      '"a":1',
      '"\\u0061"',
    ];
    const change = fc.record({
      at: fc.nat(tokens.length),
      drop: fc.nat(3),
      put: fc.array(fc.oneof(fc.constantFrom(...odd), fc.constantFrom(...tokens)), { maxLength: 4 }),
    });
    return fc.array(change, { maxLength: 2 }).map((changes) => {
      const changed = [...tokens];
      for (const { at, drop, put } of changes) changed.splice(at, drop, ...put);
      return changed.join(space);
    });
  });

const whole = (own: Partial<Evaluation>): own is Evaluation =>
  Object.values(own).every((part) => typeof part === 'string' && part.length <= 1000);

function flat({
  subject,
  action,
  resource,
}: {
  subject?: Entity;
  action?: { name: string };
  resource?: Entity;
}): Partial<Evaluation> {
  return {
    subjectType: subject?.type as string,
    subjectId: subject?.id as string,
    action: action?.name as string,
    resourceType: resource?.type as string,
    resourceId: resource?.id as string,
  };
}

/** As a reader of JSON would, that is as strict as every other operation; undefined for what it refuses. */
function slowly(body: Buffer): object | undefined {
  try {
    return readJsonBody(body) as object;
  } catch {
    return undefined;
  }
}

test('what is read straight from the bytes is what JSON says, for any text', () => {
  let read = 0;
  fc.assert(
    fc.property(written(question), (json) => {
      const body = Buffer.from(json);
      const plain = readPlainQuestion(body);
      if (plain === undefined) return;
      read++;
      const value = slowly(body);
      expect(value, json).toBeTypeOf('object');
      expect(plain, json).toEqual(flat(value as never));
      expect(whole(plain)).toBe(true);
    }),
    { numRuns: 20_000 },
  );
  expect(read).toBeGreaterThan(1000);
});

test('and so are many at once, each completed by what stands at the top', () => {
  let read = 0;
  fc.assert(
    fc.property(written(batch), fc.integer({ min: 1, max: 5 }), (json, atMost) => {
      const body = Buffer.from(json);
      const plain = readPlainQuestions(body, atMost);
      if (plain === undefined) return;
      read++;
      const value = slowly(body) as { evaluations: object[] } | undefined;
      expect(value, json).toBeTypeOf('object');
      expect(plain, json).toEqual(value?.evaluations.map((own) => flat({ ...value, ...own } as never)));
      expect(plain.length).toBeLessThanOrEqual(atMost);
    }),
    { numRuns: 20_000 },
  );
  expect(read).toBeGreaterThan(500);
});

test('the plain form is understood however it is spaced and ordered', () => {
  fc.assert(
    fc.property(question, fc.constantFrom(0, 1, 2, '\t'), fc.boolean(), (one, space, backwards) => {
      const ordered = backwards ? Object.fromEntries(Object.entries(one).reverse()) : one;
      const json = JSON.stringify(ordered, null, space);
      const isPlain = !/\\/.test(json);
      expect(readPlainQuestion(Buffer.from(json))).toEqual(isPlain ? flat(one) : undefined);
    }),
  );
});

test.each([
  '{"subject":{"type":,"type":"user","id":"a"},"action":{"name":"b"},"resource":{"type":"c","id":"d"}}',
  '{"subject":{"id":,"type":"user","id":"a"},"action":{"name":"b"},"resource":{"type":"c","id":"d"}}',
  '{"subject" "action":{"name":"b"},"subject":{"type":"user","id":"a"},"resource":{"type":"c","id":"d"}}',
  '{"subject":{"type" "id":"a","type":"user"},"action":{"name":"b"},"resource":{"type":"c","id":"d"}}',
  '{"subject":{"type":"user","id":"a"},"action":{"name":"b"},"resource":{"type":"c","id":"d"}}}',
  '{"subject":{"type":"user","id":"a"},"action":{"name":"b"},"resource":{"type":"c","id":"d"},}',
  '{"subject":{"type":"user","id":"a"},"action":{"name":"b"},"resource":{"type":"c","id":"d"}',
])('%s is not of the plain form', (json) => {
  expect(readPlainQuestion(Buffer.from(json))).toBeUndefined();
});

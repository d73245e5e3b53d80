import { describe, expect, test } from 'vitest';
import type { Answer } from '../client.ts';
import { ask, record1, record2, refused, valid, world, write } from './asking.ts';

describe('pages', () => {
  const who = valid.subject;
  const pageOf = async (page: object, more: object = {}): Promise<Answer> => ask('subject', { ...who, ...more, page });

  test('hold up to their limit: 0, 1, the default, and any that is beyond what is answered at once', async () => {
    const all = (await ask('subject', who)).body;
    expect(all.page).toEqual({ next_token: '', count: all.results.length });
    expect(all.results.length).toBeGreaterThanOrEqual(2);
    const none = (await pageOf({ limit: 0 })).body;
    expect(none).toEqual({ page: { next_token: expect.stringMatching(/./), count: 0 }, results: [] });
    expect((await pageOf({ limit: 1 })).body.results).toEqual(all.results.slice(0, 1));
    for (const limit of [1000, 1001, 1_000_000, 2 ** 31, 2 ** 53, 1e300])
      expect((await pageOf({ limit })).body, `${limit}`).toEqual(all);
    expect((await pageOf({})).body).toEqual(all);
    expect((await pageOf({ token: '' })).body).toEqual(all);
  });

  test.each(['subject', 'resource', 'action'] as const)(
    'of %s follow each other, whatever their limit',
    async (endpoint) => {
      const all = (await ask(endpoint, valid[endpoint])).body.results;
      for (const limit of [1, 2, 3, 1000]) {
        const found: unknown[] = [];
        let token = '';
        do {
          const { body } = await ask(endpoint, { ...valid[endpoint], page: { token, limit } });
          expect(body.page.count).toBe(body.results.length);
          expect(body.results.length).toBeLessThanOrEqual(limit);
          found.push(...body.results);
          token = body.page.next_token;
        } while (token !== '');
        expect(found).toEqual(all);
      }
    },
  );

  test('belong to their question: a token is refused with another one, or with another limit', async () => {
    const context = { a: 1, b: { c: [1, 2] } };
    const token = (await pageOf({ limit: 1 }, { context })).body.page.next_token;
    expect((await pageOf({ token, limit: 1 }, { context: { b: { c: [1, 2] }, a: 1 } })).status).toBe(200);
    expect((await pageOf({ token }, { context })).status).toBe(200);
    for (const changed of [
      { context: undefined },
      { context: { a: 2 } },
      { context: { ...context, b: { c: [2, 1] } } },
      { action: write },
      { resource: record2 },
      { resource: { ...record1, properties: { status: 'archived' } } },
      { subject: { type: 'user', properties: {} } },
    ])
      await refused('subject', { ...who, context, ...changed, page: { token, limit: 1 } });
    for (const limit of [0, 2, 1000]) await refused('subject', { ...who, context, page: { token, limit } });
    await refused('resource', { ...valid.resource, page: { token } });
  });

  test('a forged token is refused, or opens nothing but what may be asked for', async () => {
    const token = (await pageOf({ limit: 1 })).body.page.next_token;
    const parts = JSON.parse(Buffer.from(token, 'base64url').toString());
    const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = [
      'x',
      'AAAA',
      '....',
      '😀',
      'x'.repeat(2000),
      ...['null', '[]', '{}', '5', '"a"', '[[],[],[]]', '\xff'].map((text) =>
        Buffer.from(text, 'latin1').toString('base64url'),
      ),
    ];
    for (const other of [
      [parts[0], 1, 'not-an-id'],
      [parts[0], 1, "' or 1=1"],
      [parts[0], 1, 5],
      [parts[0], 1, null],
      [parts[0], -1, parts[2]],
      [parts[0], '1', parts[2]],
      ['x', 1, parts[2]],
      [parts[0], 1.5, parts[2]],
      [parts[0], 1, 'a\0b'],
    ])
      forged.push(encoded(other));
    for (const page of forged.map((token) => ({ token })))
      for (const endpoint of ['subject', 'resource', 'action'] as const)
        await refused(endpoint, { ...valid[endpoint], page });
    const all = (await ask('subject', who)).body.results;
    const huge = await pageOf({ token: encoded([parts[0], 1e9, '00000000-0000-0000-0000-000000000000']) });
    expect(huge.body.results).toEqual(all);
  });
});

test('nothing of all this was a fault', () => {
  expect(world.logged()).not.toContain('"level":50');
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  for (const name of ['mei', 'tomas', 'noor']) {
    await world.join(`${name}@example.com`, { permissions: ['contacts:view'] });
    await world.invite(`${name}-friend@example.com`);
  }
});
afterAll(() => world?.stop());

const lists = [
  '/organization/invited/users?sort=created',
  '/organization/invited/users?sort=-created',
  '/organization/invited/users?sort=email',
  '/organization/invited/users?sort=-email',
  '/organization/deliveries?',
  '/organization/activities?',
];

test('a cursor is good for the list and the order that gave it, and for no other', async () => {
  const cursors = await Promise.all(
    lists.map(async (list) => (await world.owner.get(`${list}&limit=1`)).body.cursor as string),
  );
  for (const [from, cursor] of cursors.entries()) {
    for (const [to, list] of lists.entries()) {
      const answer = await world.owner.get(`${list}&limit=1&cursor=${cursor}`);
      if (from === to) expect(answer.status, list).toBe(200);
      else expect(answer, `${lists[from]} on ${list}`).toMatchObject(invalidCursor);
    }
  }
});

const invalidCursor = {
  status: 400,
  body: { code: 'invalid_parameter', details: [{ path: 'cursor', reason: 'invalid_cursor' }] },
};

test('random bytes, other JSON and forged positions are no cursor', async () => {
  const forged = [
    'AAAA',
    'x'.repeat(1000),
    ...[
      '',
      'null',
      '[]',
      '{}',
      '"members/created"',
      '["members/created"]',
      '["members/created","owners"]',
      '["members/created","owners","not-an-id"]',
      '["members/created","owners",5]',
      '["members/created","owners",null]',
      '["members/created","owners",["0198c0de-0000-7000-8000-000000000001"]]',
      '["members/created","owners","0198c0de-0000-7000-8000-000000000001","more"]',
      '["members/email","owners","a\\u0000b"]',
      '["deliveries","not-an-id"]',
      '["activities","0198c0de-0000-7000-8000-00000000000"]',
      `${'['.repeat(400)}${']'.repeat(300)}`,
      '\xff\xfe',
    ].map((text) => Buffer.from(text, 'latin1').toString('base64url')),
  ].filter(Boolean);
  for (const list of lists) {
    for (const cursor of forged)
      expect(await world.owner.get(`${list}&cursor=${cursor}`), `${cursor} on ${list}`).toMatchObject(invalidCursor);
    for (const [cursor, code] of [
      ['', 'out_of_range'],
      ['x'.repeat(1001), 'out_of_range'],
      ['a.b', 'invalid_parameter'],
      ['a%20b', 'invalid_parameter'],
    ])
      expect(await world.owner.get(`${list}&cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { code, details: [{ path: 'cursor' }] },
      });
  }
});

test('a limit is a whole number from 1 to what the list allows', async () => {
  for (const list of lists) {
    const maximum = list.includes('users') ? 1000 : 100;
    for (const limit of [
      '0',
      '-1',
      '1e9',
      '1.5',
      ' 1',
      '01',
      '0x10',
      'ten',
      '',
      'NaN',
      '١',
      maximum + 1,
      9999,
      10000,
    ]) {
      const answer = await world.owner.get(`${list}&limit=${limit}`);
      expect(answer, `${list}&limit=${limit}`).toMatchObject({ status: 400, body: { details: [{ path: 'limit' }] } });
    }
    expect((await world.owner.get(`${list}&limit=${maximum}`)).status).toBe(200);
  }
});

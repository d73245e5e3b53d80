import { api, type OperationName } from '@latchkey/core/api/index.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pictureOf } from '../bad-input/database-picture.ts';
import { send } from '../bad-input/send.ts';
import { type ValidRequest, validRequests } from '../bad-input/valid-requests.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let posts: ValidRequest[];
beforeAll(async () => {
  world = await startWorld();
  posts = (await validRequests(world)).filter(
    ({ operation }) => operation.method === 'POST' && operation.tag !== 'Sign-in',
  );
});
afterAll(() => world?.stop());

const key = (name: OperationName): Record<string, string> => ({ 'idempotency-key': `key-for-${name}` });

test('every POST with an Idempotency-Key happens once, and a repetition gets the first answer', async () => {
  expect(posts.map(({ name }) => name).sort()).toEqual(
    Object.entries(api)
      // What signs in is done once by itself: links and challenges are used up.
      .filter(([, { method, tag }]) => method === 'POST' && tag !== 'Sign-in')
      .map(([name]) => name)
      .sort(),
  );
  // Who leaves cannot repeat it: their key no longer belongs to a member, which is asked first.
  const once: OperationName[] = ['leaveOrganization'];
  for (const request of posts) {
    const first = await send(world, request, { headers: key(request.name) });
    expect(first.status, `${request.name}: ${first.text}`).toBe(request.operation.reply.status);
    if (once.includes(request.name)) continue;
    const picture = await pictureOf(world.database);
    const again = await send(world, request, { headers: key(request.name) });
    expect([again.status, again.text], request.name).toEqual([first.status, first.text]);
    expect(again.headers.get('latchkey-revision'), request.name).toBe(first.headers.get('latchkey-revision'));
    expect(await pictureOf(world.database), request.name).toEqual(picture);
  }
});

test('a created api key is replayed whole, and is kept sealed', async () => {
  const create = () =>
    world.owner.post(
      '/organization/api-keys',
      { name: 'again', all_features_access: true },
      { 'idempotency-key': 'sealed' },
    );
  const [first, second] = [(await create()).body, (await create()).body];
  expect(second).toEqual(first);
  expect((await world.as(second.key).get('/account')).status).toBe(200);
  const [row] = await world.database.sql<{ reply: Buffer }>(
    `select reply from idempotency_record where key = 'sealed'`,
  );
  expect(row?.reply.toString('latin1')).not.toContain(first.key);
});

test('the same key for another request is refused', async () => {
  const invite = (email: string) =>
    world.owner.post(
      '/organization/user/invitation/send',
      { email, all_features_access: true },
      { 'idempotency-key': 'twice' },
    );
  expect((await invite('first@example.com')).status).toBe(200);
  expect(await invite('second@example.com')).toMatchObject({
    status: 400,
    body: { code: 'duplicate_request', details: [{ path: 'idempotency-key', reason: 'key_reused' }] },
  });
  const other = await world.owner.post(
    '/organization/api-keys',
    { name: 'x', all_features_access: true },
    { 'idempotency-key': 'twice' },
  );
  expect(other.body.code).toBe('duplicate_request');
});

test('the same word of another credential is another key', async () => {
  const mei = await world.join('mei2@example.com', { all: true });
  const create = (by = world.owner) =>
    by.post('/organization/api-keys', { name: 'mine', all_features_access: true }, { 'idempotency-key': 'same-word' });
  const [adas, meis] = [await create(), await create(mei.client)];
  expect(meis.status).toBe(201);
  expect(meis.body.id).not.toBe(adas.body.id);
});

test('a refused request does not use its key up', async () => {
  const invite = (email: string) =>
    world.owner.post(
      '/organization/user/invitation/send',
      { email, all_features_access: true },
      { 'idempotency-key': 'later' },
    );
  expect((await invite('ada@example.com')).status).toBe(400);
  expect((await invite('someone@example.com')).status).toBe(200);
});

test('of many at once with one key exactly one does it', async () => {
  const create = () =>
    world.owner.post(
      '/organization/api-keys',
      { name: 'raced', all_features_access: true },
      { 'idempotency-key': 'race' },
    );
  const answers = await Promise.all(Array.from({ length: 20 }, create));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.key)).size).toBe(1);
  const { api_keys } = (await world.owner.get('/organization/api-keys')).body;
  expect(api_keys.filter(({ name }: { name: string }) => name === 'raced')).toHaveLength(1);
});

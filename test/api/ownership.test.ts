import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Person, startWorld, type World } from '../world.ts';

let world: World;
let mei: Person;
beforeEach(async () => {
  world = await startWorld();
  mei = await world.join('mei@example.com', { permissions: ['contacts:view'] });
});
afterEach(() => world?.stop());

const give = (email: string, by = world.owner) => by.post('/organization/ownership/give', { email });
const owners = async (): Promise<string[]> =>
  (await world.owner.get('/organization/invited/users')).body.users
    .filter((user: { is_owner: boolean }) => user.is_owner)
    .map((user: { email: string }) => user.email);

test('an owner makes an active member an owner, and stays one', async () => {
  const answer = await give('MEI@example.com');
  expect(answer).toMatchObject({ status: 200, body: { status: 'OK', email: 'MEI@example.com' } });
  expect(answer.headers.get('latchkey-revision')).toBe('1');
  expect(await owners()).toEqual(['ada@example.com', 'mei@example.com']);
  const again = await give(mei.email);
  expect(again.status, 'who is an owner already stays one').toBe(200);
  expect(again.headers.get('latchkey-revision'), 'and nothing changed').toBe('1');
});

test('ownership is given only to who has joined', async () => {
  await world.invite('pia@example.com');
  expect(await give('pia@example.com')).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', details: [{ path: 'email', reason: 'not_active' }] },
  });
  expect((await give('nobody@example.com')).status).toBe(404);
});

test('ownership is given only by an owner: not by all features, nor by a partner once there is an owner', async () => {
  const all = await world.join('all@example.com', { all: true });
  expect((await give(mei.email, all.client)).status).toBe(403);
  expect((await give(mei.email, world.partnerIn(world.organizationId))).status).toBe(403);
  expect(await owners()).toEqual(['ada@example.com']);
});

test('an owner’s weaker key is no owner', async () => {
  const { key } = (
    await world.owner.post('/organization/api-keys', {
      name: 'weaker',
      all_features_access: false,
      privileges: [{ feature: 'user_management', permissions: ['all'] }],
    })
  ).body;
  for (const path of ['/organization/ownership/step-down', '/organization/leave'])
    expect((await world.as(key).post(path)).status, path).toBe(403);
  expect((await give(mei.email, world.as(key))).status).toBe(403);
});

test('whoever steps down stays a member with the permissions they were given', async () => {
  await give(mei.email);
  const answer = await mei.client.post('/organization/ownership/step-down', undefined, {});
  expect(answer).toMatchObject({ status: 200, body: { status: 'OK', email: 'mei@example.com' } });
  expect(answer.headers.get('latchkey-revision')).toBe('2');
  expect((await world.owner.get('/organization/user/mei@example.com/permissions')).body).toMatchObject({
    is_owner: false,
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
  });
  expect(await mei.client.post('/organization/ownership/step-down')).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', details: [{ reason: 'not_an_owner' }] },
  });
});

test('the last active owner can neither step down nor leave', async () => {
  await world.database.sql(`insert into member (organization_id, id, email, status, locale, is_owner, suspended_at)
    values ('${world.organizationId}', gen_random_uuid(), 'suspended@example.com', 'active', 'en', true, now())`);
  for (const path of ['/organization/ownership/step-down', '/organization/leave'])
    expect(await world.owner.post(path), path).toMatchObject({
      status: 403,
      body: { code: 'permission_denied', details: [{ path: 'owner', reason: 'last_owner' }] },
    });
  await give(mei.email);
  expect((await world.owner.post('/organization/ownership/step-down')).status).toBe(200);
});

test('whoever leaves is gone, and their bound key holds nothing from then on', async () => {
  const answer = await mei.client.post('/organization/leave');
  expect(answer).toMatchObject({ status: 200, body: { status: 'OK', email: 'mei@example.com' } });
  expect(answer.headers.get('latchkey-revision')).toBe('1');
  expect((await world.owner.get('/organization/user/mei@example.com/permissions')).status).toBe(404);
  expect((await mei.client.get('/organization/me')).status).toBe(403);
  expect((await mei.client.post('/organization/leave')).status).toBe(403);
});

test('a key that an owner made goes on when they leave', async () => {
  await give(mei.email);
  const { key } = (await mei.client.post('/organization/api-keys', { name: 'shop', all_features_access: true })).body;
  await mei.client.post('/organization/leave');
  expect((await world.as(key).get('/organization/invited/users')).status).toBe(200);
  expect((await give('ada@example.com', world.as(key))).status, 'but it is no owner any more').toBe(403);
});

test('giving, stepping down and leaving each leave one audit event', async () => {
  await give(mei.email);
  await mei.client.post('/organization/ownership/step-down');
  await mei.client.post('/organization/leave');
  const { logs } = (await world.owner.get('/organization/activities?email=mei@example.com')).body;
  expect(logs.map((log: { action: string }) => log.action)).toEqual([
    'member.left',
    'ownership.stepped_down',
    'ownership.given',
  ]);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, Client } from '../client.ts';
import { short } from '../races/race.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
/** Ada, who owns, in a browser that was left open for an hour. */
let leftOpen: Client;
beforeAll(async () => {
  world = await startWorld();
  const zoe = await world.join('zoe@example.com', { permissions: ['contacts:view'] });
  await world.join('olga@example.com', { owner: true, all: true });
  await world.invite('pia@example.com');
  keyId = zoe.keyId;
  leftOpen = (await world.signIn('olga@example.com')).client;
  await world.database.sql(`update session set created_at = now() - interval '61 minutes'`);
});
afterAll(() => world?.stop());

let keyId: string;
const key = { name: 'Reports', all_features_access: true };
const lasting: [string, string, (by: Client) => Promise<Answer>][] = [
  ['making a key', 'api_key.created', (by) => by.post('/organization/api-keys', key)],
  ['rotating a key', 'api_key.rotated', (by) => by.post(`/organization/api-keys/${keyId}/rotate`, {})],
  ['adopting a key', 'api_key.adopted', (by) => by.post(`/organization/api-keys/${keyId}/adopt`)],
  [
    'looking at an invitation’s link',
    'invitation.link_revealed',
    (by) => by.post('/organization/user/invitation/link/pia@example.com'),
  ],
  [
    'giving ownership',
    'ownership.given',
    (by) => by.post('/organization/ownership/give', { email: 'zoe@example.com' }),
  ],
];

describe.each(lasting)('%s', (_, action, act) => {
  test('in a session needs a sign-in of the last hour; the attempt is in the log', async () => {
    expect(short(await act(leftOpen))).toBe('403 sign_in_again');
    const { logs } = (await world.owner.get(`/organization/activities?action=${action}&outcome=refused`)).body;
    expect(logs).toMatchObject([{ actor: { kind: 'member', name: 'olga@example.com' } }]);
  });

  test('is done in a session that has just begun, and with a key of any age', async () => {
    const { client: fresh } = await world.signIn('olga@example.com');
    for (const by of [fresh, world.owner]) expect(short(await act(by))).toMatch(/^20[01]$/);
  });
});

test('a repetition by an Idempotency-Key gives no secret to a browser that was left open', async () => {
  const { client: fresh } = await world.signIn('olga@example.com');
  const make = (by: Client) => by.post('/organization/api-keys', key, { 'idempotency-key': 'once' });
  expect((await make(fresh)).status).toBe(201);
  expect(short(await make(leftOpen))).toBe('403 sign_in_again');
});

test('all else goes on in a browser that was left open', async () => {
  for (const path of ['/organization/api-keys', '/organization/invited/users?limit=1', '/session'])
    expect((await leftOpen.get(path)).status).toBe(200);
  expect((await leftOpen.put('/organization/user/invitation/resend/pia@example.com')).status).toBe(200);
  expect((await leftOpen.delete(`/organization/api-keys/${keyId}`)).status).toBe(200);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Client, client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const soon = (): string => new Date(Date.now() + 3_600_000).toISOString();
const later = (): string => new Date(Date.now() + 7_200_000).toISOString();

/** A key of Ada’s with everything, within limits. */
async function limitedKey(limits: {
  expires_at?: string;
  allowed_ips?: string[];
}): Promise<{ id: string; key: Client }> {
  const made = await world.owner.post('/organization/api-keys', {
    name: 'limited',
    all_features_access: true,
    ...limits,
  });
  expect(made.status).toBe(201);
  return { id: made.body.id, key: world.as(made.body.key) };
}

const make = (by: Client, limits: object = {}): Promise<Answer> =>
  by.post('/organization/api-keys', { name: 'child', all_features_access: true, ...limits });

const ceiling = (path: string) => ({ status: 403, body: { details: [{ path, reason: 'grant_ceiling' }] } });

test('a key that ends makes keys that end no later, by itself where nothing is said', async () => {
  const end = soon();
  const { key } = await limitedKey({ expires_at: end });
  expect(await make(key)).toMatchObject({ status: 201, body: { expires_at: end } });
  expect(await make(key, { expires_at: null })).toMatchObject(ceiling('expires_at'));
  expect(await make(key, { expires_at: later() })).toMatchObject(ceiling('expires_at'));
});

test('a key for some addresses makes keys for no others', async () => {
  const { key } = await limitedKey({ allowed_ips: ['127.0.0.0/8'] });
  const child = await make(key);
  const list = await world.owner.get('/organization/api-keys');
  const listed = list.body.api_keys.find(({ id }: { id: string }) => id === child.body.id);
  expect(listed.allowed_ips).toEqual(['127.0.0.0/8']);
  expect((await make(key, { allowed_ips: ['127.0.0.1', '127.1.0.0/16'] })).status).toBe(201);
  for (const allowed_ips of [[], ['0.0.0.0/0'], ['127.0.0.1', '203.0.113.7'], ['::1'], ['126.0.0.0/7']]) {
    expect(await make(key, { allowed_ips }), allowed_ips.join()).toMatchObject(ceiling('allowed_ips'));
  }
});

test('a limited key gets the secret of no key that goes further, but may rotate itself', async () => {
  const { id, key } = await limitedKey({ expires_at: soon(), allowed_ips: ['127.0.0.1'] });
  const free = await make(world.owner);
  expect(await key.post(`/organization/api-keys/${free.body.id}/rotate`)).toMatchObject(ceiling('expires_at'));
  expect((await key.post(`/organization/api-keys/${id}/rotate`)).status).toBe(200);
});

test('a partner key that ends makes neither partner keys nor organizations’ keys that last longer', async () => {
  const end = soon();
  const made = await world.partner.post('/corporate/partner-keys', { name: 'limited', expires_at: end });
  const limited = client(world.base, { 'partner-key': made.body.key });
  expect(await limited.post('/corporate/partner-keys', { name: 'child', expires_at: null })).toMatchObject(
    ceiling('expires_at'),
  );
  const key = await limited.post('/corporate/subAccount/key', { id: world.organizationId, name: 'for the product' });
  const list = await world.owner.get('/organization/api-keys');
  expect(list.body.api_keys.find(({ id }: { id: string }) => id === key.body.id).expires_at).toBe(end);
});

test('T11: an adopted key never acts as the owner who adopted it, for somebody else knows its secret', async () => {
  const tomas = await world.join('tomas@example.com', { all: true });
  await world.join('friend@example.com', { permissions: ['contacts:view'] });
  const made = await make(tomas.client);
  await world.owner.put('/organization/user/invitation/revoke/tomas@example.com');
  expect((await world.as(made.body.key).get('/organization/invited/users')).status).toBe(403);

  expect((await world.owner.post(`/organization/api-keys/${made.body.id}/adopt`)).status).toBe(200);
  const adopted = world.as(made.body.key);
  expect((await adopted.get('/organization/invited/users')).status).toBe(200);
  for (const path of ['/organization/ownership/step-down', '/organization/leave']) {
    expect((await adopted.post(path)).status, path).toBe(403);
  }
  expect((await adopted.post('/organization/ownership/give', { email: 'friend@example.com' })).status).toBe(403);

  const child = await make(adopted);
  expect((await world.as(child.body.key).post('/organization/leave')).status).toBe(403);
  const rotated = await world.owner.post(`/organization/api-keys/${made.body.id}/rotate`);
  expect((await world.as(rotated.body.key).post('/organization/leave')).status).toBe(403);
});

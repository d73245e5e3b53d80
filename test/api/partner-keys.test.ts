import { afterAll, beforeAll, expect, test } from 'vitest';
import { client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const with_ = (key: string, organizationId?: string) =>
  client(world.base, { 'partner-key': key, ...(organizationId && { 'organization-id': organizationId }) });
const create = async (body: object = {}) =>
  (await world.partner.post('/corporate/partner-keys', { name: 'Second', ...body })).body as {
    id: string;
    name: string;
    key: string;
  };
const keys = async () =>
  (await world.partner.get('/corporate/partner-keys')).body.partner_keys as {
    id: string;
    name: string;
    hint: string;
  }[];

test('another key of the same partner acts as the first one does', async () => {
  const { id, key } = await create();
  expect(key).toMatch(/^lkp_[0-9A-Za-z]{49}$/);
  expect((await with_(key).get('/corporate/partner-keys')).status).toBe(200);
  expect((await with_(key, world.organizationId).get('/account')).body.organization_id).toBe(world.organizationId);
  expect(await keys()).toContainEqual(expect.objectContaining({ id, name: 'Second', hint: `…${key.slice(-4)}` }));
  expect(JSON.stringify(await keys())).not.toContain(key);
});

test('rotation keeps the key and ends the old secret after the overlap', async () => {
  const { id, key } = await create();
  const rotated = (await world.partner.post(`/corporate/partner-keys/${id}/rotate`, { overlap_seconds: 60 })).body;
  expect(rotated.id).toBe(id);
  expect((await with_(key).get('/corporate/partner-keys')).status).toBe(200);
  await world.partner.post(`/corporate/partner-keys/${id}/rotate`, { overlap_seconds: 0 });
  for (const dead of [key, rotated.key])
    expect(await with_(dead).get('/corporate/partner-keys')).toMatchObject({
      status: 401,
      body: { message: 'Key not found' },
    });
});

test('a partner key cannot delete itself, but another can', async () => {
  const { id, key } = await create();
  expect(await with_(key).delete(`/corporate/partner-keys/${id}`)).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', details: [{ path: 'id', reason: 'own_key' }] },
  });
  expect((await world.partner.delete(`/corporate/partner-keys/${id}`)).status).toBe(200);
  expect((await with_(key).get('/corporate/partner-keys')).status).toBe(401);
  expect((await world.partner.delete(`/corporate/partner-keys/${id}`)).status).toBe(404);
});

test('expiry and addresses hold for partner keys likewise', async () => {
  const { id, key } = await create({ expires_at: new Date(Date.now() + 60_000).toISOString() });
  await world.database.sql(`update partner_key set expires_at = now() where id = $1`, [id]);
  expect((await with_(key).get('/corporate/partner-keys')).body.message).toBe('Key has expired');
  const elsewhere = await create({ allowed_ips: ['203.0.113.7'] });
  expect((await with_(elsewhere.key).get('/corporate/partner-keys')).body.message).toContain('unrecognised IP address');
});

test('an api key cannot reach what is the partner’s, and a partner key is none as an api key', async () => {
  for (const [method, path] of [
    ['GET', '/corporate/partner-keys'],
    ['POST', '/corporate/partner-keys'],
    ['POST', '/corporate/subAccount'],
  ] as const)
    expect(await world.owner.send(method, path, method === 'POST' ? {} : undefined), path).toMatchObject({
      status: 403,
      body: { code: 'permission_denied', message: 'Access forbidden.' },
    });
  expect((await world.as(world.partnerKey).get('/account')).status).toBe(401);
});

test('with a valid api key, partner-key and organization-id are not looked at', async () => {
  const copied = client(world.base, {
    'api-key': world.ownerKey,
    'partner-key': world.ownerKey,
    'organization-id': 'nonsense',
  });
  expect((await copied.get('/account')).body).toMatchObject({
    organization_id: world.organizationId,
    email: 'ada@example.com',
  });
});

test('what a partner does with keys is written down, with the name and the id of the key', async () => {
  const { id, name } = await create();
  await world.partner.post(`/corporate/partner-keys/${id}/rotate`);
  await world.partner.delete(`/corporate/partner-keys/${id}`);
  const rows = await world.database.sql<{ action: string; details: object }>(
    'select action, details from audit_event where target_id = $1 order by id',
    [id],
  );
  const details = { key_id: id, key_name: name };
  expect(rows).toMatchObject([
    { action: 'partner_key.created', details },
    { action: 'partner_key.rotated', details },
    { action: 'partner_key.deleted', details },
  ]);
});

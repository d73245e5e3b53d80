import { hashKeySecret, isWellFormedKeySecret } from '@latchkey/core/key-secret.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../client.ts';
import { type Person, startWorld, type World } from '../world.ts';

let world: World;
/** Manages keys and members, and views contacts. */
let tomas: Person;
beforeAll(async () => {
  world = await startWorld();
  tomas = await world.join('tomas@example.com', {
    permissions: ['smtp_api:api_keys', 'user_management:all', 'contacts:view'],
  });
});
afterAll(() => world?.stop());

const manager = [{ feature: 'user_management', permissions: ['all'] }];
const create = (body: object = {}, by: Client = world.owner) =>
  by.post('/organization/api-keys', { name: 'For the shop', all_features_access: false, privileges: manager, ...body });
const listed = async (id: string) =>
  (await world.owner.get('/organization/api-keys')).body.api_keys.find((key: { id: string }) => key.id === id);
const works = async (key: string): Promise<boolean> => (await world.as(key).get('/account')).status === 200;

test('a key is made with privileges of its own, and works at once', async () => {
  const answer = await create();
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    key: expect.stringMatching(/^lk_[0-9A-Za-z]{49}$/),
    name: 'For the shop',
    expires_at: null,
  });
  expect(isWellFormedKeySecret(answer.body.key)).toBe(true);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const key = world.as(answer.body.key);
  expect((await key.get('/organization/invited/users')).status).toBe(200);
  expect((await key.get('/organization/api-keys')).status).toBe(403);
  expect((await key.get('/organization/me')).body).toMatchObject({
    id: answer.body.id,
    name: 'For the shop',
    member: { email: 'ada@example.com' },
    privileges: manager,
  });
});

test('the secret is shown once: neither list, log, audit nor database has it, only its hash', async () => {
  const { id, key } = (await create()).body;
  const hint = `…${key.slice(-4)}`;
  expect(await listed(id)).toMatchObject({
    name: 'For the shop',
    hint,
    bound: false,
    all_features_access: false,
    privileges: manager,
  });
  expect(JSON.stringify((await world.owner.get('/organization/api-keys')).body)).not.toContain(key);
  expect(JSON.stringify((await world.owner.get('/organization/activities?limit=100')).body)).not.toContain(key);
  expect(world.logged()).not.toContain(key);
  const tables = await world.database.sql<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public'`,
  );
  for (const { name } of tables) {
    const found = await world.database.sql(`select 1 from ${name} t where t::text like '%' || $1 || '%' limit 1`, [
      key,
    ]);
    expect(found, name).toEqual([]);
  }
  const hashed = await world.database.sql('select 1 from key_secret where hash = $1', [hashKeySecret(key)]);
  expect(hashed).toHaveLength(1);
});

test('whatever happens to a key, the audit log says which one, by name and id, and never its secret or its hash', async () => {
  const { id, key } = (await create({ name: 'Nightly “export”' })).body;
  const rotated = (await world.owner.post(`/organization/api-keys/${id}/rotate`, {})).body.key;
  await world.owner.post(`/organization/api-keys/${id}/adopt`);
  await world.owner.delete(`/organization/api-keys/${id}`);
  const made = (await world.partner.post('/corporate/subAccount/key', { id: world.organizationId, name: 'By partner' }))
    .body;
  const { logs } = (await world.owner.get('/organization/activities?limit=5')).body;
  const named = [id, 'Nightly “export”'];
  expect(
    logs.map(({ action, details }: { action: string; details: Record<string, unknown> }) => [
      action,
      [details.key_id, details.key_name],
    ]),
  ).toEqual([
    ['api_key.created', [made.id, 'By partner']],
    ['api_key.deleted', named],
    ['api_key.adopted', named],
    ['api_key.rotated', named],
    ['api_key.created', named],
  ]);
  const exported = (await world.owner.get('/organization/activities/export?action=api_key.deleted')).body;
  expect(exported).toContain('Nightly “export”');
  const written = JSON.stringify(logs) + exported;
  for (const secret of [key, rotated, made.key])
    for (const form of [secret, hashKeySecret(secret).toString('hex'), hashKeySecret(secret).toString('base64')])
      expect(written).not.toContain(form);
});

test('nobody makes a key that holds more than they do', async () => {
  const refused = {
    status: 403,
    body: { code: 'permission_denied', details: [{ path: 'privileges', reason: 'grant_ceiling' }] },
  };
  expect(await create({ privileges: [{ feature: 'phone', permissions: ['all'] }] }, tomas.client)).toMatchObject(
    refused,
  );
  expect(await create({ all_features_access: true }, tomas.client)).toMatchObject(refused);
  expect((await create({ privileges: manager }, tomas.client)).status).toBe(201);
  const noRight = await world.join('noor@example.com', { permissions: ['user_management:all'] });
  expect((await create({}, noRight.client)).body).toEqual({ code: 'permission_denied', message: 'Access forbidden.' });
});

test('a member’s key is bound to them: it acts within what they hold now', async () => {
  const lena = await world.join('lena@example.com', { permissions: ['smtp_api:api_keys', 'user_management:all'] });
  const { id, key } = (await create({}, lena.client)).body;
  expect(await listed(id)).toMatchObject({ bound: true, member: { id: lena.id, email: lena.email } });
  expect((await world.as(key).get('/organization/invited/users')).status).toBe(200);
  await world.owner.post('/organization/user/update/permissions', {
    email: lena.email,
    all_features_access: false,
    privileges: [{ feature: 'user_management', permissions: ['none'] }],
  });
  expect((await world.as(key).get('/organization/invited/users')).status).toBe(403);
});

test('a key of one that stands by itself stands by itself too, and belongs to the same member', async () => {
  const first = (await create({ privileges: [...manager, { feature: 'smtp_api', permissions: ['api_keys'] }] })).body;
  const second = (await create({}, world.as(first.key))).body;
  expect(await listed(second.id)).toMatchObject({ bound: false, member: { email: 'ada@example.com' } });
});

test('privileges are needed unless a key has everything', async () => {
  expect((await create({ all_features_access: true, privileges: [{}] })).status).toBe(201);
  for (const privileges of [[], [{}], [{ feature: 'contacts', permissions: ['none'] }]])
    expect((await create({ privileges })).body.code, JSON.stringify(privileges)).toBe('missing_parameter');
  expect((await create({ privileges: [{ feature: 'contact', permissions: ['view'] }] })).body.details[0]).toMatchObject(
    { suggestion: 'contacts' },
  );
});

test('a key may end: from then on it is refused', async () => {
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  const { id, key, ...rest } = (await create({ expires_at })).body;
  expect(rest.expires_at).toBe(expires_at);
  expect(await works(key)).toBe(true);
  await world.database.sql(`update api_key set expires_at = now() - interval '1 second' where id = $1`, [id]);
  expect(await world.as(key).get('/account')).toMatchObject({
    status: 401,
    body: { code: 'unauthorized', message: 'Key has expired' },
  });
  for (const past of ['2020-01-01T00:00:00Z', new Date(Date.now() - 1000).toISOString()])
    expect((await create({ expires_at: past })).body.details[0]).toMatchObject({
      path: 'expires_at',
      reason: 'not_in_the_future',
    });
  for (const none of ['tomorrow', '2099-02-30T00:00:00Z', '2099-01-01', '2099-01-01T25:00:00Z', '2099-01-01T00:00:00'])
    expect((await create({ expires_at: none })).body.details?.[0].path, none).toBe('expires_at');
  expect((await create({ expires_at: null })).status).toBe(201);
});

test('a key may be good from some addresses only', async () => {
  const here = (await create({ allowed_ips: ['127.0.0.0/8', '::1'] })).body;
  const elsewhere = (await create({ allowed_ips: ['203.0.113.0/24', '2001:db8::/32'] })).body;
  expect(await works(here.key)).toBe(true);
  const refused = await world.as(elsewhere.key).get('/account');
  expect(refused.status).toBe(401);
  expect(refused.body.message).toMatch(/^We have detected you are using an unrecognised IP address 127\.0\.0\.1\./);
  for (const range of [
    '127.0.0.1/33',
    '::1/129',
    'localhost',
    '127.0.0',
    '127.0.0.1/8/8',
    '127.0.0.1/-1',
    'fe80::1%eth0',
    '',
  ])
    expect((await create({ allowed_ips: ['127.0.0.1', range] })).body.details[0], range).toMatchObject({
      path: 'allowed_ips[1]',
      reason: 'invalid_ip',
    });
});

test('rotation gives the same key a new secret; the old one stays valid for the overlap and dies then', async () => {
  const { id, key } = (await create()).body;
  const answer = await world.owner.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 60 });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const valid = Date.parse(answer.body.old_key_valid_until) - Date.now();
  expect(valid).toBeGreaterThan(50_000);
  expect(valid).toBeLessThan(61_000);
  expect([await works(key), await works(answer.body.key)]).toEqual([true, true]);
  expect((await world.as(answer.body.key).get('/organization/me')).body.id).toBe(id);
  expect(await listed(id)).toMatchObject({ hint: `…${answer.body.key.slice(-4)}` });
  await world.database.sql(
    `update key_secret set valid_until = now() where api_key_id = $1 and valid_until is not null`,
    [id],
  );
  expect([await works(key), await works(answer.body.key)]).toEqual([false, true]);

  const at_once = (await world.owner.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 0 })).body;
  expect([await works(answer.body.key), await works(at_once.key)]).toEqual([false, true]);
  const standard = (await world.owner.post(`/organization/api-keys/${id}/rotate`, {})).body;
  expect(Date.parse(standard.old_key_valid_until) - Date.now()).toBeGreaterThan(86_000_000);
  expect((await world.owner.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 604_801 })).body.code).toBe(
    'out_of_range',
  );
});

test('a second rotation does not prolong the first secret', async () => {
  const { id, key } = (await create()).body;
  await world.owner.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 0 });
  await world.owner.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 600 });
  expect(await works(key)).toBe(false);
});

test('an invitation by a key that was rotated since can be accepted', async () => {
  const { id, key } = (await create()).body;
  await world.as(key).post('/organization/user/invitation/send', {
    email: 'pia@example.com',
    all_features_access: false,
    privileges: manager,
  });
  const token = await world.token('pia@example.com');
  await world.owner.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 0 });
  expect((await world.anonymous.post('/organization/user/invitation/accept', { token })).status).toBe(200);
});

test('an owner adopts the key of a member: it belongs to the owner and stands by itself', async () => {
  const gus = await world.join('gus@example.com', { permissions: ['smtp_api:api_keys', 'user_management:all'] });
  const { id, key } = (await create({}, gus.client)).body;
  expect((await gus.client.post(`/organization/api-keys/${id}/adopt`, undefined)).status, 'only an owner').toBe(403);
  await world.owner.put('/organization/user/invitation/revoke/gus@example.com');
  expect((await world.as(key).get('/organization/invited/users')).status).toBe(403);
  const answer = await world.owner.post(`/organization/api-keys/${id}/adopt`);
  expect(answer).toMatchObject({ status: 200, body: { status: 'OK', id } });
  expect(answer.headers.get('latchkey-revision')).toMatch(/^\d+$/);
  expect(await listed(id)).toMatchObject({ bound: false, member: { email: 'ada@example.com' } });
  expect((await world.as(key).get('/organization/invited/users')).status).toBe(200);
});

test('a deleted key is refused from the next request on, and is not listed', async () => {
  const { id, key } = (await create()).body;
  const answer = await world.owner.delete(`/organization/api-keys/${id}`);
  expect(answer).toMatchObject({ status: 200, body: { status: 'OK', id } });
  expect(await world.as(key).get('/account')).toMatchObject({ status: 401, body: { message: 'Key not found' } });
  expect(await listed(id)).toBeUndefined();
  for (const again of [
    await world.owner.delete(`/organization/api-keys/${id}`),
    await world.owner.post(`/organization/api-keys/${id}/rotate`),
  ])
    expect(again).toMatchObject({
      status: 404,
      body: { code: 'document_not_found', details: [{ path: 'id', reason: 'unknown_key' }] },
    });
});

test('nobody rotates or deletes a key that holds more than they do', async () => {
  const { id } = (await create({ all_features_access: true })).body;
  for (const answer of [
    await tomas.client.post(`/organization/api-keys/${id}/rotate`),
    await tomas.client.delete(`/organization/api-keys/${id}`),
  ])
    expect(answer).toMatchObject({ status: 403, body: { details: [{ path: 'id', reason: 'grant_ceiling' }] } });
});

// The last one here, since it stops the server.
test('when a key was last used is noted, at the latest when the server stops', async () => {
  const { id, key } = (await create()).body;
  expect((await listed(id)).last_used_at).toBeNull();
  await works(key);
  await world.server.stop();
  const [row] = await world.database.sql<{ last_used_at: Date }>('select last_used_at from api_key where id = $1', [
    id,
  ]);
  expect(Math.abs((row?.last_used_at.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
});

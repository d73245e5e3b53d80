import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AccessTokens, Latchkey } from '../../client/src/index.ts';
import { accessTokens } from '../../server/src/access-tokens.ts';
import { records } from '../authzen/records.ts';
import { startWorld, type World } from '../world.ts';
import { decoded, partsOf } from './forge.ts';

const issuer = 'https://access.example.com';
const audience = 'shop';
let world: World;
let api: Latchkey;
beforeAll(async () => {
  world = await startWorld({ PUBLIC_URL: issuer });
  api = new Latchkey({ url: world.base, apiKey: world.ownerKey });
});
afterAll(() => world?.stop());

const issue = (body: object, headers: Record<string, string> = {}) =>
  world.owner.post('/access/token', { audience, ...body }, headers);
const at = (server: World) => (url: string) => fetch(url.replace(issuer, `http://127.0.0.1:${server.server.port}`));
const noActiveMember = {
  status: 404,
  body: { code: 'document_not_found', details: [{ path: 'member', reason: 'no_active_member' }] },
};

test('another implementation of the standard verifies the tokens with the published keys', async () => {
  const {
    token,
    expires_at: expiresAt,
    revision,
  } = await api.issueAccessToken({ member: 'ada@example.com', audience, ttl: 120 });
  const keys = createRemoteJWKSet(new URL(`${world.base}/access/jwks`));
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer,
    audience,
    algorithms: ['ES256'],
    typ: 'access+jwt',
  });
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'access+jwt', kid: expect.any(String) });
  expect(payload).toMatchObject({ iss: issuer, aud: audience, org: world.organizationId, rev: revision });
  expect(new Date((payload.exp as number) * 1000).toISOString()).toBe(new Date(expiresAt).toISOString());
  expect((payload.exp as number) - (payload.iat as number)).toBe(120);
  await expect(jwtVerify(token, keys, { issuer, audience: 'other' })).rejects.toThrow();
  const { keys: published } = (await world.anonymous.get('/access/jwks')).body;
  expect(published).toHaveLength(3);
  for (const key of published) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
});

test('who waits, is suspended, has left or whose time is over gets none', async () => {
  await world.invite('pia@example.com');
  const tomas = await world.join('tomas@example.com', { all: true });
  const zoe = await world.join('zoe@example.com', { all: true });
  const late = await world.join('late@example.com', { all: true });
  await world.owner.put(`/organization/user/${tomas.email}`, { suspended: true });
  await world.owner.put(`/organization/user/invitation/revoke/${zoe.email}`);
  await world.database.sql(`update member set access_expires_at = now() where email = $1`, [late.email]);
  for (const member of [
    'pia@example.com',
    tomas.email,
    tomas.id,
    zoe.email,
    zoe.id,
    late.email,
    'nobody@example.com',
    'x',
  ])
    expect(await issue({ member }), member).toMatchObject(noActiveMember);
  await world.owner.put(`/organization/user/${tomas.email}`, { suspended: false });
  expect((await issue({ member: tomas.email })).status).toBe(201);
});

test('the token of somebody whose time is limited ends with it', async () => {
  const { email } = await world.join('limited@example.com', { all: true });
  const ends = new Date(Date.now() + 30_500);
  await world.owner.put(`/organization/user/${email}`, { access_expires_at: ends.toISOString() });
  const { body } = await issue({ member: email, ttl: 900 });
  const { exp } = decoded(partsOf(body.token)[1]) as { exp: number };
  expect(exp * 1000).toBeLessThanOrEqual(ends.getTime());
  expect(exp * 1000).toBeGreaterThan(ends.getTime() - 1_000);
});

test('a token is of the moment, whatever a node remembers', async () => {
  const { email } = await world.join('moment@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  const tokens = new AccessTokens({ issuer, audience, fetch: at(world) });
  const may = async () => (await tokens.verify((await issue({ member: email })).body.token)).can('contacts', 'export');
  expect(await may()).toBe(true);
  await api.access.check({ member: email, feature: 'contacts', permission: 'export' });
  // Behind the back of everything that keeps something.
  await world.database.sql(
    `update member_grant set permissions = '{contacts:view}' where member_id = (select id from member where email = $1)`,
    [email],
  );
  expect(await may()).toBe(false);
});

test('a repeated request gets the token that the first one got, also when the member has left since', async () => {
  const { email } = await world.join('repeated@example.com', { all: true });
  const key = { 'idempotency-key': 'token-1' };
  const first = await issue({ member: email, ttl: 5 }, key);
  await world.owner.put(`/organization/user/invitation/revoke/${email}`);
  const again = await issue({ member: email, ttl: 5 }, key);
  expect(again.body).toEqual(first.body);
  expect(await issue({ member: email, ttl: 5 })).toMatchObject(noActiveMember);
  const tokens = new AccessTokens({ issuer, audience, fetch: at(world), now: () => Date.parse(first.body.expires_at) });
  await expect(tokens.verify(again.body.token)).rejects.toMatchObject({ code: 'unauthorized' });
});

test('only who may ask about access has tokens issued', async () => {
  const mei = await world.join('mei@example.com', { permissions: ['contacts:view'] });
  const asked = { member: 'ada@example.com', audience };
  expect((await mei.client.post('/access/token', asked)).status).toBe(403);
  const checker = await world.join('checker@example.com', { permissions: ['access:check'] });
  expect((await checker.client.post('/access/token', asked)).status).toBe(201);
  expect((await world.anonymous.post('/access/token', asked)).status).toBe(401);
});

test.each([
  [{}, 'member'],
  [{ member: 'ada@example.com', audience: '' }, 'audience'],
  [{ member: 'ada@example.com', audience: null }, 'audience'],
  [{ member: 'ada@example.com', ttl: 4 }, 'ttl'],
  [{ member: 'ada@example.com', ttl: 901 }, 'ttl'],
])('a request that is not right is refused: %j', async (body, path) => {
  expect(await issue(body)).toMatchObject({ status: 400, body: { details: [{ path }] } });
});

test('a full token stays below 1 KB, of the built-in catalogue and of one with 500 permissions', async () => {
  const sizes: Record<string, number> = {};
  const measure = async (name: string, server: World) => {
    await server.owner.put('/organization/user/ada@example.com', { external_id: 'x'.repeat(100) });
    const { body } = await server.owner.post('/access/token', {
      member: 'ada@example.com',
      audience: 'https://shop.example.com',
    });
    const access = await new AccessTokens({ issuer, audience: 'https://shop.example.com', fetch: at(server) }).verify(
      body.token,
    );
    const { permissions } = (await server.anonymous.get('/access/vocabulary')).body as {
      permissions: Record<string, object>;
    };
    const names = Object.entries(permissions).flatMap(([feature, own]) =>
      Object.keys(own).map((one) => [feature, one] as const),
    );
    expect(names.every(([feature, permission]) => access.can(feature, permission))).toBe(true);
    sizes[`${name}, ${names.length} permissions`] = body.token.length;
  };
  await measure('built-in', world);
  const large = await startWorld({ PUBLIC_URL: issuer }, withPermissions(500));
  onTestFinished(() => large.stop());
  await measure('large', large);
  console.log('bytes of a full token:', sizes);
  for (const size of Object.values(sizes)) expect(size).toBeLessThan(1024);
});

function withPermissions(count: number): CatalogueFile {
  const of = (feature: number) =>
    Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`permission-${feature}-${index}`, { label: 'x' }]));
  const features = Object.fromEntries(
    Array.from({ length: count / 10 }, (_, index) => [`feature-${index}`, { label: 'x', permissions: of(index) }]),
  );
  return {
    ...records,
    features: { ...features, ...records.features },
    aliases: {},
    plans: { all: { label: 'All', seats: null, features: 'all' } },
  };
}

const month = 30 * 24 * 3_600_000;

test('keys change every 30 days and secrets with their operator, and what was signed before stays valid', async () => {
  const claims = { aud: audience, sub: 'x' };
  const start = 700 * month;
  const signer = accessTokens(issuer, ['old-secret']);
  const token = await signer.sign(start, claims);
  const verifies = async (given: string, keys: Awaited<ReturnType<typeof signer.publicKeys>>) =>
    jwtVerify(given, createLocalJWKSet({ keys }), { issuer, audience }).then(
      () => true,
      () => false,
    );
  // Published before it is used, and for a period after.
  for (const [now, valid] of [
    [-2 * month, false],
    [-1, true],
    [0, true],
    [month - 1, true],
    [2 * month - 1, true],
    [2 * month, false],
  ] as const)
    expect(await verifies(token, await signer.publicKeys(start + now)), String(now / month)).toBe(valid);
  const kidOf = (given: string) => decoded(partsOf(given)[0]).kid;
  expect(kidOf(await signer.sign(start + month - 1, claims))).toBe(kidOf(token));
  expect(kidOf(await signer.sign(start + month, claims))).not.toBe(kidOf(token));

  // Every node derives the same, whatever it was started with before.
  expect(await accessTokens(issuer, ['old-secret']).publicKeys(start)).toEqual(await signer.publicKeys(start));
  const rotated = accessTokens(issuer, ['new-secret', 'old-secret']);
  const published = await rotated.publicKeys(start);
  expect(published).toHaveLength(6);
  expect(await verifies(token, published)).toBe(true);
  const fresh = await rotated.sign(start, claims);
  expect(kidOf(fresh)).not.toBe(kidOf(token));
  expect(await verifies(fresh, published)).toBe(true);
  expect(await verifies(fresh, await signer.publicKeys(start))).toBe(false);
  expect(await verifies(token, await accessTokens(issuer, ['new-secret']).publicKeys(start))).toBe(false);
});

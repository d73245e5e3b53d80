import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import { catalogueFingerprint } from '@latchkey/core/catalogue/fingerprint.ts';
import { loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startWorld, type World } from '../world.ts';
import { plannedCatalogue } from './planned-catalogue.ts';

let world: World;
let mei: Person;
beforeAll(async () => {
  world = await startWorld({}, plannedCatalogue);
  mei = await world.join('mei@example.com', { permissions: ['contacts:view'] });
});
afterAll(() => world?.stop());

test('GET /account says whose key this is', async () => {
  expect((await world.owner.get('/account')).body).toEqual({
    organization_id: world.organizationId,
    companyName: 'My organization',
    email: 'ada@example.com',
    plan: [{ type: 'enterprise', label: 'Enterprise' }],
    seats: { used: 2, limit: null },
    locale: 'en',
    redirect_url: null,
    access_revision: 0,
  });
  expect((await mei.client.get('/account')).body).toMatchObject({ email: 'mei@example.com' });
});

test('GET /organization/me says what this key may do in the end', async () => {
  expect((await mei.client.get('/organization/me')).body).toEqual({
    kind: 'api_key',
    id: mei.keyId,
    name: 'mei@example.com’s key',
    member: {
      id: mei.id,
      email: 'mei@example.com',
      is_owner: false,
      external_id: null,
      suspended: false,
      access_expires_at: null,
    },
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
    organization: { id: world.organizationId, name: 'My organization' },
  });
  expect((await world.owner.get('/organization/me')).body).toMatchObject({
    all_features_access: true,
    member: { is_owner: true },
  });
  expect((await world.partnerIn(world.organizationId).get('/organization/me')).body).toMatchObject({
    kind: 'partner_key',
    member: null,
    all_features_access: true,
  });
});

test('GET /organization/features is the catalogue with labels, and what the plan has of it', async () => {
  const { body } = await mei.client.get('/organization/features?locale=fr_FR');
  expect(body.catalogue).toEqual({
    name: 'built-in',
    fingerprint: catalogueFingerprint(loadCatalogue(plannedCatalogue)),
  });
  expect(body.features.map(({ feature }: { feature: string }) => feature)).toEqual(
    Object.keys(builtInCatalogue.features),
  );
  expect(body.features[0]).toMatchObject({ label: 'Campagnes e-mail', area: 'marketing', deprecated: false });
  expect(body.aliases['api_keys:all']).toEqual([{ feature: 'smtp_api', permissions: ['api_keys'] }]);
  expect(
    (await mei.client.get('/organization/features')).body.features[0].label,
    'else the organization’s language',
  ).toBe('Email campaign');
  expect(
    (await mei.client.get('/organization/features?locale=ja')).body.features[0].label,
    'English where that language lacks',
  ).toBe('Email campaign');

  const { id } = (
    await world.partner.post('/corporate/subAccount', { companyName: 'Small', email: 'o@example.org', plan: 'small' })
  ).body;
  const small = (await world.partnerIn(id).get('/organization/features')).body;
  expect(small.plan).toEqual({ name: 'small', label: 'Small', seats: 2 });
  const inPlan = small.features.flatMap(
    (feature: { feature: string; permissions: { permission: string; in_plan: boolean }[] }) =>
      feature.permissions.filter(({ in_plan }) => in_plan).map(({ permission }) => `${feature.feature}:${permission}`),
  );
  expect(inPlan).toEqual([
    'contacts:view',
    'contacts:export',
    'smtp_api:api_keys',
    'user_management:all',
    'phone:all',
    'access:check',
  ]);
});

test('PUT /organization changes what is named, and what is not named stays', async () => {
  const change = (body: object, by = world.owner) => by.put('/organization', body);
  expect((await change({ name: 'Ada & Söhne' })).body).toEqual({
    status: 'OK',
    name: 'Ada & Söhne',
    locale: 'en',
    redirect_url: null,
  });
  expect((await change({ redirect_url: 'https://example.com' })).body).toMatchObject({
    name: 'Ada & Söhne',
    redirect_url: 'https://example.com/',
  });
  expect((await change({ locale: 'fr' })).body).toMatchObject({ locale: 'fr', redirect_url: 'https://example.com/' });
  expect((await change({ redirect_url: null })).body).toMatchObject({ redirect_url: null });
  expect((await world.owner.get('/account')).body).toMatchObject({ companyName: 'Ada & Söhne', locale: 'fr' });
  expect((await change({})).body).toMatchObject({ code: 'missing_parameter', details: [{ path: 'name' }] });
  expect((await change({ name: 'Mine' }, mei.client)).status).toBe(403);
});

test.each([
  'http://example.com/',
  'javascript:alert(1)',
  'https://user@example.com/',
  'https://user:password@example.com/',
  'http://localhost.evil.example/',
  'http://127.0.0.1.evil.example/',
  '//example.com',
  'https://',
])('people are sent on nowhere unsafe: %s', async (redirect_url) => {
  expect(await world.owner.put('/organization', { redirect_url })).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', details: [{ path: 'redirect_url' }] },
  });
});

test.each(['', ' ', '\n', 'a\u0007b', 'a\u0085b', '\u00a0', 'x'.repeat(201)])('%j is no name', async (name) => {
  const answer = await world.owner.put('/organization', { name });
  expect(answer).toMatchObject({ status: 400, body: { details: [{ path: 'name' }] } });
});

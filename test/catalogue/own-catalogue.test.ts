import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { acme } from './acme.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({}, acme);
});
afterAll(() => world?.stop());

const invite = (email: string, privileges: unknown, by = world.owner) =>
  by.post('/organization/user/invitation/send', { email, all_features_access: false, privileges });
const read = async (email: string) => (await world.owner.get(`/organization/user/${email}/permissions`)).body;

test('a team’s own features are given, listed and read', async () => {
  expect((await invite('mei@example.com', [{ feature: 'invoices', permissions: ['view', 'pay'] }])).status).toBe(200);
  expect(await read('mei@example.com')).toMatchObject({
    privileges: [{ feature: 'invoices', permissions: ['view', 'pay'] }],
  });
  const { users } = (await world.owner.get('/organization/invited/users')).body;
  expect(users.map((user: { feature_access: object }) => user.feature_access)).toEqual([
    { billing: 'owner', support: 'owner' },
    { billing: 'custom', support: 'none' },
  ]);
  const { body } = await world.owner.get('/organization/features?locale=fr');
  expect(body).toMatchObject({
    catalogue: { name: 'acme' },
    plan: { name: 'company' },
    features: [{ feature: 'invoices', label: 'Factures' }, {}, {}],
  });
});

test('the built-in features are unknown there', async () => {
  expect(await invite('x@example.com', [{ feature: 'contacts', permissions: ['view'] }])).toMatchObject({
    status: 400,
    body: { details: [{ reason: 'unknown_feature' }] },
  });
});

test('a team’s own aliases are followed', async () => {
  await invite('lin@example.com', [
    { feature: 'invoices', permissions: ['read'] },
    { feature: 'helpdesk', permissions: ['all'] },
  ]);
  expect(await read('lin@example.com')).toMatchObject({
    privileges: [
      { feature: 'invoices', permissions: ['view'] },
      { feature: 'tickets', permissions: ['read', 'answer'] },
    ],
  });
});

test('the catalogue says which permissions administer Latchkey itself', async () => {
  const people = await world.join('people@example.com', { permissions: ['team:people', 'invoices:view'] });
  const keys = await world.join('keys@example.com', { permissions: ['team:keys'] });
  const log = await world.join('log@example.com', { permissions: ['team:log'] });
  const paths = ['/organization/invited/users', '/organization/api-keys', '/organization/activities'];
  const may = (who: typeof people) => Promise.all(paths.map(async (path) => (await who.client.get(path)).status));
  expect(await may(people)).toEqual([200, 403, 403]);
  expect(await may(keys)).toEqual([403, 200, 403]);
  expect(await may(log)).toEqual([403, 403, 200]);
  expect(
    (await invite('by-people@example.com', [{ feature: 'invoices', permissions: ['view'] }], people.client)).status,
  ).toBe(200);
});

test('a team’s own plans have seats and mask, but never what administers Latchkey', async () => {
  const { id } = (
    await world.partner.post('/corporate/subAccount', { companyName: 'Solo', email: 'olga@example.org', plan: 'solo' })
  ).body;
  const there = world.partnerIn(id);
  expect((await there.get('/account')).body).toMatchObject({
    plan: [{ type: 'solo', label: 'Solo' }],
    seats: { used: 0, limit: 1 },
  });
  expect(
    (await invite('a@example.org', [{ feature: 'invoices', permissions: ['pay'] }], there)).body.details[0].reason,
  ).toBe('not_in_plan');
  expect((await invite('b@example.org', [{ feature: 'team', permissions: ['people'] }], there)).status).toBe(200);
  expect(
    (
      await world.partner.post('/corporate/subAccount', {
        companyName: 'X',
        email: 'o@example.org',
        plan: 'enterprise',
      })
    ).status,
  ).toBe(400);
});

import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import { loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import type { PermissionName } from '@latchkey/core/permission.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { plannedCatalogue } from './planned-catalogue.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({}, plannedCatalogue);
});
afterAll(() => world?.stop());

const read = (email: string, query = '') =>
  world.owner.get(`/organization/user/${encodeURIComponent(email)}/permissions${query}`);

test('a member is read in machine names, in the catalogue’s order, with the version as ETag', async () => {
  const mei = await world.join('mei@example.com', { permissions: ['phone:all', 'contacts:export', 'contacts:view'] });
  const answer = await read('MEI@example.com');
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.body).toEqual({
    email: 'mei@example.com',
    status: 'active',
    privileges: [
      { feature: 'contacts', permissions: ['view', 'export'] },
      { feature: 'phone', permissions: ['all'] },
    ],
    id: mei.id,
    is_owner: false,
    all_features_access: false,
    version: 1,
  });
  expect(answer.headers.get('etag')).toBe('"1"');
  expect((await read('mei@example.com', '?view=keys')).body).toEqual(answer.body);
});

test('the documented human form has labels, and None for each feature without access', async () => {
  await world.join('lena@example.com', { permissions: ['contacts:view', 'contacts:forms', 'companies:settings'] });
  const { privileges } = (await read('lena@example.com', '?view=labels')).body;
  expect(privileges).toContainEqual({ feature: 'Contacts', permissions: ['View', 'Contact forms'] });
  expect(privileges).toContainEqual({ feature: 'Companies', permissions: ['Settings'] });
  expect(privileges).toContainEqual({ feature: 'User management', permissions: ['None'] });
  expect(privileges).toContainEqual({ feature: 'Senders, Domains & Dedicated IPs', permissions: ['None'] });
  const current = Object.values(builtInCatalogue.features).filter(({ deprecated }) => !deprecated);
  expect(privileges, 'each feature once, deprecated ones only where held').toHaveLength(current.length);
});

test('a deprecated feature is read where somebody holds it', async () => {
  await world.join('fb@example.com', { permissions: ['facebook_ads:schedule_pause'] });
  expect((await read('fb@example.com')).body.privileges).toEqual([
    { feature: 'facebook_ads', permissions: ['schedule_pause'] },
  ]);
  expect((await read('fb@example.com', '?view=labels')).body.privileges).toContainEqual({
    feature: 'Facebook Ads',
    permissions: ['Schedule / pause'],
  });
});

test('owners, and who has all features, hold every permission of the catalogue', async () => {
  await world.join('all@example.com', { all: true });
  const everything = Object.entries(builtInCatalogue.features).map(([feature, { permissions }]) => ({
    feature,
    permissions: Object.keys(permissions),
  }));
  expect((await read('ada@example.com')).body).toMatchObject({
    is_owner: true,
    all_features_access: true,
    privileges: everything,
  });
  expect((await read('all@example.com')).body).toMatchObject({
    is_owner: false,
    all_features_access: true,
    privileges: everything,
  });
});

test('what the plan masks is named apart, and stays given', async () => {
  const { id } = (
    await world.partner.post('/corporate/subAccount', { companyName: 'Small', email: 'o@example.org', plan: 'small' })
  ).body;
  await world.join('mia@example.org', { permissions: ['contacts:view', 'contacts:import', 'user_management:all'] }, id);
  expect((await world.partnerIn(id).get('/organization/user/mia@example.org/permissions')).body).toMatchObject({
    privileges: [
      { feature: 'contacts', permissions: ['view', 'import'] },
      { feature: 'user_management', permissions: ['all'] },
    ],
    not_in_plan: [{ feature: 'contacts', permissions: ['import'] }],
  });
});

test.each(['pending', 'declined', 'expired'])('somebody %s is read too, with what they are offered', async (status) => {
  const email = `${status}@example.com`;
  const token = await world.invite(email, { permissions: ['contacts:view'] });
  if (status === 'declined') await world.anonymous.post('/organization/user/invitation/decline', { token });
  if (status === 'expired')
    await world.database.sql(
      `update invitation set expires_at = now() where member_id = (select id from member where email = $1)`,
      [email],
    );
  expect((await read(email)).body).toMatchObject({
    status,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
  });
});

test('what is read can be written back to somebody else, and reads the same there', async () => {
  const names = [...loadCatalogue(builtInCatalogue).permissions];
  await world.join('to@example.com', { permissions: ['landing_pages:all'] });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.subarray(names, { minLength: 1 }), async (permissions: PermissionName[]) => {
      const email = `from-${++run}@example.com`;
      await world.join(email, { permissions });
      const from = (await read(email)).body.privileges;
      const cleared = Object.keys(builtInCatalogue.features)
        .filter((feature) => !from.some((held: { feature: string }) => held.feature === feature))
        .map((feature) => ({ feature, permissions: [] }));
      const written = await world.owner.post('/organization/user/update/permissions', {
        email: 'to@example.com',
        all_features_access: false,
        privileges: [...from, ...cleared],
      });
      expect(written.status).toBe(200);
      expect((await read('to@example.com')).body.privileges).toEqual(from);
    }),
    { numRuns: 30 },
  );
});

test('somebody who is not there, or an address that is none', async () => {
  expect(await read('nobody@example.com')).toMatchObject({
    status: 404,
    body: { code: 'document_not_found', details: [{ path: 'email', reason: 'unknown_member' }] },
  });
  for (const email of ['nobody', 'a@b', '@example.com', 'a b@example.com', 'a@example..com'])
    expect(await read(email), email).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_parameter',
        message: 'Invalid email address',
        details: [{ path: 'email', reason: 'invalid_email' }],
      },
    });
});

test('a view that there is not is refused', async () => {
  expect(await read('ada@example.com', '?view=words')).toMatchObject({
    status: 400,
    body: { details: [{ path: 'view', reason: 'not_one_of' }] },
  });
});

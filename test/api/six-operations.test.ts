import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const send = '/organization/user/invitation/send';

test('a person is invited, joins, is listed, updated, read and revoked', async () => {
  const { owner } = world;
  const invited = await owner.post(send, {
    email: ' Mei@Example.com',
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view', 'export'] }],
  });
  expect(invited).toMatchObject({ status: 200, body: { status: 'OK', all_features_access: false } });

  const token = await world.token('mei@example.com');
  const joined = await world.anonymous.post('/organization/user/invitation/accept', { token });
  expect(joined).toMatchObject({
    status: 200,
    body: { status: 'OK', state: 'joined', email: 'mei@example.com', redirect_url: null },
  });
  expect(joined.headers.get('latchkey-revision')).toBe('1');

  const list = await owner.get('/organization/invited/users');
  expect(list.body.users).toMatchObject([
    {
      email: 'ada@example.com',
      is_owner: true,
      status: 'active',
      feature_access: { marketing: 'owner', crm: 'owner' },
    },
    { email: 'mei@example.com', is_owner: false, status: 'active', feature_access: { marketing: 'none', crm: 'none' } },
  ]);

  const updated = await owner.post('/organization/user/update/permissions', {
    email: 'mei@example.com',
    all_features_access: false,
    privileges: [
      { feature: 'sales_platform', permissions: ['manage_others_deals_tasks_companies'] },
      { feature: 'contacts', permissions: ['view'] },
    ],
  });
  expect(updated.status).toBe(200);
  const read = await owner.get('/organization/user/mei%40example.com/permissions');
  expect(read.body).toMatchObject({
    email: 'mei@example.com',
    status: 'active',
    privileges: [
      { feature: 'contacts', permissions: ['view'] },
      { feature: 'sales_platform', permissions: ['manage_others_deals_tasks'] },
      { feature: 'companies', permissions: ['manage_other_companies'] },
    ],
  });

  const revoked = await owner.put('/organization/user/invitation/revoke/mei@example.com');
  expect(revoked).toMatchObject({ status: 200, body: { status: 'OK', email: 'mei@example.com' } });
  expect((await owner.put('/organization/user/invitation/revoke/mei@example.com')).status).toBe(200);
  expect((await owner.get('/organization/user/mei@example.com/permissions')).status).toBe(404);
});

import { expect, test } from 'vitest';
import { startWorld } from '../world.ts';

const invitations = '/organization/user/invitation';

test('somebody who declined to become an owner and is invited again with less becomes what the new invitation says', async () => {
  const world = await startWorld();
  const created = await world.partner.post('/corporate/subAccount', {
    companyName: 'Olga’s',
    email: 'olga@example.com',
  });
  const operator = world.partnerIn(created.body.id);
  const token = () => world.token('olga@example.com', created.body.id);
  await world.anonymous.post(`${invitations}/decline`, { token: await token() });

  const less = { all_features_access: false, privileges: [{ feature: 'contacts', permissions: ['view'] }] };
  expect((await operator.post(`${invitations}/send`, { email: 'olga@example.com', ...less })).status).toBe(200);
  expect((await world.anonymous.post(`${invitations}/accept`, { token: await token() })).status).toBe(200);
  const read = await operator.get('/organization/user/olga@example.com/permissions');
  expect(read.body).toMatchObject({
    status: 'active',
    is_owner: false,
    all_features_access: false,
    privileges: less.privileges,
  });
  await world.stop();
});

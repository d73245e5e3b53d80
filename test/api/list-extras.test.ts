import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { plannedCatalogue } from './planned-catalogue.ts';

let world: World;
const page = (query: string) => world.owner.get(`/organization/invited/users?${query}`);
const emails = async (query: string): Promise<string[]> =>
  (await page(query)).body.users.map(({ email }: { email: string }) => email);

beforeAll(async () => {
  world = await startWorld({}, plannedCatalogue);
  await world.join('noor@example.com', {});
  await world.join('olga@example.com', { owner: true });
  await world.join('everything@example.com', { all: true });
  await world.join('mei@example.com', { permissions: ['contacts:view', 'phone:all'] });
  await world.join('tomas@example.com', { permissions: ['contacts:export'] });
  await world.join('lucy@example.com', { permissions: ['phone:all'] });
  await world.invite('pia@example.com', { permissions: ['contacts:export'] });
  const declined = await world.invite('dec@example.com', { permissions: ['phone:all'] });
  await world.anonymous.post('/organization/user/invitation/decline', { token: declined });
  const joined = await world.invite('ines@example.com', { permissions: ['phone:all'] });
  await world.anonymous.post('/organization/user/invitation/accept', { token: joined });
  await world.invite('exp@example.com', { permissions: ['contacts:view'] });
  await world.database.sql(
    `update invitation set expires_at = now() - interval '1 second' where member_id = (select id from member where email = 'exp@example.com')`,
  );
});
afterAll(() => world?.stop());

test('feature= lists whoever holds any permission of it in the end', async () => {
  const all = ['ada', 'olga', 'everything'];
  expect(await emails('feature=contacts')).toEqual([...all, 'mei', 'tomas', 'pia', 'exp'].map(at));
  expect(await emails('feature=phone&status=active')).toEqual([...all, 'mei', 'lucy', 'ines'].map(at));
  expect(await emails('feature=contacts&search=mei')).toEqual(['mei'].map(at));
  expect(await emails('feature=contacts&permission=contacts:export')).toEqual([...all, 'tomas', 'pia'].map(at));
});

test('feature= pages through with a cursor', async () => {
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await page(`feature=contacts&limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...body.users.map(({ email }: { email: string }) => email));
    cursor = body.cursor ?? '';
  } while (cursor);
  expect(seen).toEqual(await emails('feature=contacts'));
});

test('a feature that there is not, or a permission of another one, is refused by name', async () => {
  expect(await page('feature=contact')).toMatchObject({
    status: 400,
    body: { details: [{ path: 'feature', reason: 'unknown_feature', suggestion: 'contacts' }] },
  });
  expect(await page('feature=phone&permission=contacts:view')).toMatchObject({
    status: 400,
    body: { details: [{ path: 'permission', reason: 'other_feature' }] },
  });
});

test('nobody holds a feature that the plan does not have, unless it administers Latchkey itself', async () => {
  await world.partner.put(`/corporate/subAccount/${world.organizationId}/plan`, { plan: 'small', seats: 100 });
  expect(await emails('feature=sales_platform')).toEqual([]);
  expect(await emails('feature=user_management')).toEqual(['ada', 'olga', 'everything'].map(at));
  expect(await emails('feature=phone&permission=phone:all&status=pending')).toEqual([]);
  await world.partner.put(`/corporate/subAccount/${world.organizationId}/plan`, { plan: 'enterprise' });
});

test('include= says what became of the newest message, and until when an open invitation is good', async () => {
  const users = Object.fromEntries(
    (await page('include=delivery,invitation')).body.users.map((user: { email: string }) => [user.email, user]),
  );
  const queued = { state: 'queued', reason: null, created_at: expect.any(String), sent_at: null };
  expect(users[at('pia')]).toMatchObject({ delivery: queued, invitation: { expires_at: expect.any(String) } });
  expect(users[at('exp')].invitation).not.toBeNull();
  expect(users[at('dec')].invitation).not.toBeNull();
  expect(users[at('ines')]).toMatchObject({ delivery: queued, invitation: null });
  expect(users[at('mei')]).toMatchObject({ delivery: null, invitation: null });

  await world.database.sql(
    `update delivery set state = 'failed', reason = 'no such mailbox' where recipient = 'pia@example.com'`,
  );
  expect((await page('search=pia&include=delivery')).body.users).toMatchObject([
    { delivery: { state: 'failed', reason: 'no such mailbox' } },
  ]);
  await world.owner.put('/organization/user/invitation/resend/pia@example.com');
  const [pia] = (await page('search=pia&include=delivery')).body.users;
  expect(pia.delivery).toEqual(queued);
  expect(pia).not.toHaveProperty('invitation');
});

test('include=features tells those of no area as well, and leaves out what there is nothing of', async () => {
  const of = async (query: string) =>
    Object.fromEntries(
      (await page(query)).body.users.map((user: { email: string; features: object }) => [user.email, user.features]),
    );
  const users = await of('include=features');
  expect(users[at('noor')]).toEqual({});
  expect(users[at('mei')]).toEqual({ contacts: 'custom', phone: 'full' });
  expect(users[at('pia')]).toEqual({ contacts: 'custom' });
  expect(new Set(Object.values(users[at('everything')]))).toEqual(new Set(['full']));
  expect(new Set(Object.values(users[at('olga')]))).toEqual(new Set(['owner']));
  expect(Object.keys(users[at('olga')])).toEqual(Object.keys(users[at('everything')]));

  await world.partner.put(`/corporate/subAccount/${world.organizationId}/plan`, { plan: 'small', seats: 100 });
  const masked = await of('include=features');
  expect(masked[at('mei')]).toEqual({ contacts: 'custom', phone: 'full' });
  expect(Object.keys(masked[at('everything')])).toEqual(
    expect.arrayContaining(['contacts', 'phone', 'user_management']),
  );
  expect(masked[at('everything')]).not.toHaveProperty('email_campaigns');
  await world.partner.put(`/corporate/subAccount/${world.organizationId}/plan`, { plan: 'enterprise' });
});

test('include= takes several things at once, and none that there is not', async () => {
  const [pia] = (await page('search=pia&include=delivery,invitation,features')).body.users;
  expect(pia).toMatchObject({ delivery: {}, invitation: {}, features: { contacts: 'custom' } });
  const [alone] = (await page('search=pia&include=features')).body.users;
  expect(alone).not.toHaveProperty('delivery');
  expect(alone).not.toHaveProperty('invitation');
  expect(await page('include=grants')).toMatchObject({ status: 400, body: { details: [{ path: 'include' }] } });
});

test('include= of somebody who is invited by several organizations is about this one', async () => {
  const other = (await world.partner.post('/corporate/subAccount', { companyName: 'Other', email: 'pia@example.com' }))
    .body;
  const theirs = world.partnerIn(other.id);
  await theirs.post('/organization/user/invitation/send', { email: 'dec@example.com', all_features_access: true });
  await world.database.sql(`update delivery set state = 'failed', reason = 'other' where organization_id = $1`, [
    other.id,
  ]);
  const ours = (await page('include=delivery')).body.users as { delivery: { reason: string } | null }[];
  expect(ours.filter(({ delivery }) => delivery?.reason === 'other')).toEqual([]);
  const { users } = (await theirs.get('/organization/invited/users?include=delivery')).body;
  expect(users).toMatchObject([{ delivery: { reason: 'other' } }, { delivery: { reason: 'other' } }]);
});

test('without include= the list says nothing of either, and the whole list neither', async () => {
  for (const query of ['limit=100', ''])
    for (const user of (await page(query)).body.users) {
      expect(user).not.toHaveProperty('delivery');
      expect(user).not.toHaveProperty('invitation');
      expect(user).not.toHaveProperty('features');
    }
});

test('members are counted by status as the list shows them', async () => {
  const { body } = await world.owner.get('/organization/users/count');
  const users = (await page('')).body.users as { status: string; is_owner: boolean }[];
  const of = (status: string) => users.filter((user) => user.status === status).length;
  expect(body).toEqual({
    total: users.length,
    by_status: { active: of('active'), pending: of('pending'), declined: of('declined'), expired: of('expired') },
    owners: users.filter((user) => user.is_owner).length,
  });
  expect(body.by_status).toEqual({ active: 8, pending: 1, declined: 1, expired: 1 });
  await world.owner.put('/organization/user/invitation/cancel/exp@example.com');
  expect((await world.owner.get('/organization/users/count')).body).toMatchObject({
    total: users.length - 1,
    by_status: { expired: 0 },
  });
});

const at = (name: string): string => `${name}@example.com`;

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { plannedCatalogue } from './planned-catalogue.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({}, plannedCatalogue);
});
afterAll(() => world?.stop());

const create = async (body: object = {}): Promise<string> =>
  (await world.partner.post('/corporate/subAccount', { companyName: 'Olga Ltd', email: 'olga@example.org', ...body }))
    .body.id;
const changePlan = (id: string, body: object) => world.partner.put(`/corporate/subAccount/${id}/plan`, body);
const accept = async (email: string, id: string) =>
  world.anonymous.post('/organization/user/invitation/accept', { token: await world.token(email, id) });
const invite = async (id: string, email: string) =>
  world.partnerIn(id).post('/organization/user/invitation/send', {
    email,
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
  });

test('a sub-account’s owner is invited by mail, and is its owner once they join', async () => {
  const answer = await world.partner.post('/corporate/subAccount', {
    companyName: 'Olga Ltd',
    email: 'Olga@example.org',
    plan: 'standard',
    seats: 5,
    locale: 'fr',
  });
  expect(answer).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  const { id } = answer.body;
  const there = world.partnerIn(id);
  expect((await there.get('/account')).body).toMatchObject({
    organization_id: id,
    companyName: 'Olga Ltd',
    email: null,
    plan: [{ type: 'standard' }],
    seats: { used: 0, limit: 5 },
    locale: 'fr',
  });
  expect((await there.get('/organization/deliveries')).body.deliveries).toMatchObject([
    { email: 'olga@example.org', state: 'queued' },
  ]);
  expect((await there.get('/organization/invited/users')).body.users).toMatchObject([
    { email: 'olga@example.org', is_owner: true, status: 'pending', locale: 'fr' },
  ]);
  expect((await accept('olga@example.org', id)).status).toBe(200);
  expect((await there.get('/organization/invited/users')).body.users).toMatchObject([
    { is_owner: true, status: 'active' },
  ]);
});

test('until there is an active owner the partner holds ownership in trust, and no longer', async () => {
  const id = await create();
  const mia = await world.join('mia@example.org', {}, id);
  expect((await world.partnerIn(id).post('/organization/ownership/give', { email: mia.email })).status).toBe(200);
  const noa = await world.join('noa@example.org', {}, id);
  expect((await world.partnerIn(id).post('/organization/ownership/give', { email: noa.email })).status).toBe(403);
  expect((await invite(id, 'still@example.org')).status, 'all else it still may').toBe(200);
});

test('only the partner may touch the owner’s pending invitation', async () => {
  const id = await create();
  const admin = await world.join('admin@example.org', { all: true }, id);
  for (const action of ['resend', 'cancel'])
    expect((await admin.client.put(`/organization/user/invitation/${action}/olga@example.org`)).status, action).toBe(
      403,
    );
  expect((await world.partnerIn(id).put('/organization/user/invitation/resend/olga@example.org')).status).toBe(200);
});

test('a key for a sub-account holds everything there, and nothing elsewhere', async () => {
  const id = await create();
  const answer = await world.partner.post('/corporate/subAccount/key', { id, name: 'For our robot' });
  expect(answer).toMatchObject({ status: 201, body: { status: 'success', key: expect.stringMatching(/^lk_/) } });
  const key = world.as(answer.body.key);
  expect((await key.get('/account')).body).toMatchObject({ organization_id: id, email: null });
  expect((await key.get('/organization/me')).body).toMatchObject({ all_features_access: true, member: null });
  expect((await key.get('/organization/user/ada@example.com/permissions')).status).toBe(404);
  expect((await key.post('/organization/ownership/give', { email: 'x@example.org' })).status, 'never ownership').toBe(
    403,
  );
  expect(
    (await world.partner.post('/corporate/subAccount/key', { id: '0198c0de-0000-7000-8000-000000000001', name: 'x' }))
      .body,
  ).toEqual({
    code: 'permission_denied',
    message: 'Access forbidden.',
  });
});

test('a plan has seats: nobody joins beyond them, pending members take none, and an override counts', async () => {
  const id = await create({ plan: 'small' });
  expect((await accept('olga@example.org', id)).status).toBe(200);
  for (const name of ['a', 'b', 'c']) await invite(id, `${name}@example.org`);
  expect((await accept('a@example.org', id)).status).toBe(200);
  expect(await accept('b@example.org', id)).toMatchObject({
    status: 402,
    body: { code: 'not_enough_credits', details: [{ path: 'seats', reason: 'seat_limit' }] },
  });
  const changed = await changePlan(id, { plan: 'small', seats: 3 });
  expect(changed).toMatchObject({ status: 200, body: { status: 'OK', plan: 'small', seats: 3 } });
  expect(changed.headers.get('latchkey-revision')).toMatch(/^\d+$/);
  expect((await accept('b@example.org', id)).status).toBe(200);
  expect((await accept('c@example.org', id)).status).toBe(402);
  expect((await changePlan(id, { plan: 'small' })).body).toEqual({ status: 'OK', plan: 'small', seats: 2 });
  expect((await world.partnerIn(id).get('/account')).body.seats, 'members beyond the seats stay').toEqual({
    used: 3,
    limit: 2,
  });
  expect((await changePlan(id, { plan: 'enterprise', seats: null })).body.seats).toBeNull();
  expect((await accept('c@example.org', id)).status).toBe(200);
});

test('a smaller plan masks what it lacks, and a larger one shows it again', async () => {
  const id = await create({ plan: 'enterprise' });
  const mia = await world.join(
    'mia@example.org',
    { permissions: ['templates:create_edit_delete', 'contacts:view'] },
    id,
  );
  const mine = async () => (await mia.client.get('/organization/me')).body.privileges;
  const [contacts, templates] = [
    { feature: 'contacts', permissions: ['view'] },
    { feature: 'templates', permissions: ['create_edit_delete'] },
  ];
  expect(await mine()).toEqual([contacts, templates]);
  await changePlan(id, { plan: 'small' });
  expect(await mine()).toEqual([contacts]);
  await changePlan(id, { plan: 'professional' });
  expect(await mine()).toEqual([contacts, templates]);
});

test('what is no plan is refused with the nearest, and an organization of others alike with none', async () => {
  const id = await create();
  expect(await changePlan(id, { plan: 'profesional' })).toMatchObject({
    status: 400,
    body: {
      code: 'invalid_parameter',
      details: [{ path: 'plan', reason: 'unknown_plan', suggestion: 'professional' }],
    },
  });
  for (const seats of [0, -1, 1.5, '5'])
    expect((await changePlan(id, { plan: 'small', seats })).status, String(seats)).toBe(400);
  const elsewhere = '0198c0de-0000-7000-8000-000000000001';
  expect((await changePlan(elsewhere, { plan: 'small' })).body).toEqual({
    code: 'permission_denied',
    message: 'Access forbidden.',
  });
});

test('creating one is written down in its own log', async () => {
  const id = await create({ plan: 'small' });
  await changePlan(id, { plan: 'enterprise' });
  const { logs } = (await world.partnerIn(id).get('/organization/activities')).body;
  expect(logs.map((log: { action: string }) => log.action)).toEqual([
    'plan.changed',
    'member.invited',
    'organization.created',
  ]);
  expect(logs[0]).toMatchObject({
    actor: { kind: 'partner_key', name: 'Operator' },
    details: { before: { plan: 'small' }, after: { plan: 'enterprise' } },
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer, Client } from '../client.ts';
import { type Grants, type Person, startWorld, type World } from '../world.ts';
import { plannedCatalogue } from './planned-catalogue.ts';

let world: World;
/** May manage members, view and export contacts. */
let tomas: Person;
beforeAll(async () => {
  world = await startWorld({}, plannedCatalogue);
  tomas = await world.join('tomas@example.com', {
    permissions: ['user_management:all', 'contacts:view', 'contacts:export'],
  });
});
afterAll(() => world?.stop());

const update = (
  email: string,
  privileges: unknown,
  more: object = {},
  by: Client = world.owner,
  headers = {},
): Promise<Answer> =>
  by.post('/organization/user/update/permissions', { email, all_features_access: false, privileges, ...more }, headers);
const read = (email: string): Promise<Answer> => world.owner.get(`/organization/user/${email}/permissions`);
const privilegesOf = async (email: string) => (await read(email)).body.privileges;
const events = async (email: string): Promise<unknown[]> =>
  (await world.owner.get(`/organization/activities?limit=100&email=${email}`)).body.logs;
const revision = async (): Promise<number> => (await world.owner.get('/account')).body.access_revision;

let count = 0;
const somebody = async (grants: Grants): Promise<string> =>
  (await world.join(`member-${++count}@example.com`, grants)).email;

test('a named feature’s list replaces that feature’s permissions, and features not named stay', async () => {
  const mei = await somebody({ permissions: ['contacts:view', 'contacts:export', 'phone:all'] });
  const answer = await update(mei, [{ feature: 'contacts', permissions: ['import'] }]);
  expect(answer).toMatchObject({
    status: 200,
    body: {
      status: 'OK',
      email: mei,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['import'] }],
    },
  });
  expect(await privilegesOf(mei)).toEqual([
    { feature: 'contacts', permissions: ['import'] },
    { feature: 'phone', permissions: ['all'] },
  ]);
});

test.each([[['none']], [[]], [['none', 'none']]])('%j clears a feature', async (permissions) => {
  const mei = await somebody({ permissions: ['contacts:view', 'contacts:export', 'phone:all'] });
  expect((await update(mei, [{ feature: 'contacts', permissions }])).status).toBe(200);
  expect(await privilegesOf(mei)).toEqual([{ feature: 'phone', permissions: ['all'] }]);
});

test('the last feature can be cleared: a member may hold nothing', async () => {
  const mei = await somebody({ permissions: ['contacts:view'] });
  expect((await update(mei, [{ feature: 'contacts', permissions: ['none'] }])).status).toBe(200);
  expect(await privilegesOf(mei)).toEqual([]);
});

test('none beside other permissions is refused, and changes nothing', async () => {
  const mei = await somebody({ permissions: ['contacts:view'] });
  expect(await update(mei, [{ feature: 'contacts', permissions: ['none', 'export'] }])).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', details: [{ path: 'privileges[0].permissions', reason: 'none_with_others' }] },
  });
  expect(await privilegesOf(mei)).toEqual([{ feature: 'contacts', permissions: ['view'] }]);
});

test('a feature named twice gets both lists', async () => {
  const mei = await somebody({ permissions: ['contacts:import'] });
  await update(mei, [
    { feature: 'contacts', permissions: ['view'] },
    { feature: 'contacts', permissions: ['export'] },
  ]);
  expect(await privilegesOf(mei)).toEqual([{ feature: 'contacts', permissions: ['view', 'export'] }]);
});

test('an alias that reaches into another feature adds there, and replaces only its own', async () => {
  const mei = await somebody({
    permissions: ['sales_platform:reports', 'companies:settings', 'companies:manage_other_companies'],
  });
  await update(mei, [{ feature: 'sales_platform', permissions: ['manage_owned_deals_tasks_companies'] }]);
  expect(await privilegesOf(mei)).toEqual([
    { feature: 'sales_platform', permissions: ['create_edit_deals', 'delete_deals'] },
    { feature: 'companies', permissions: ['manage_owned_companies', 'manage_other_companies', 'settings'] },
  ]);
});

test('an older feature’s name adds to the feature it became part of, and none of it takes that away again', async () => {
  const mei = await somebody({ permissions: ['smtp_api:smtp', 'contacts:view'] });
  await update(mei, [{ feature: 'api_keys', permissions: ['all'] }]);
  expect(await privilegesOf(mei)).toContainEqual({ feature: 'smtp_api', permissions: ['smtp', 'api_keys'] });
  await update(mei, [{ feature: 'api_keys', permissions: ['none'] }]);
  expect(await privilegesOf(mei)).toContainEqual({ feature: 'smtp_api', permissions: ['smtp'] });
});

test('all_features_access true gives everything; false with privileges then leaves exactly those', async () => {
  const mei = await somebody({ permissions: ['contacts:view', 'phone:all'] });
  expect((await update(mei, [], { all_features_access: true })).status).toBe(200);
  expect((await read(mei)).body).toMatchObject({ all_features_access: true });
  const without = await update(mei, []);
  expect(without).toMatchObject({
    status: 400,
    body: { code: 'missing_parameter', details: [{ path: 'privileges' }] },
  });
  expect((await read(mei)).body).toMatchObject({ all_features_access: true });
  await update(mei, [{ feature: 'templates', permissions: ['create_edit_delete'] }]);
  expect((await read(mei)).body).toMatchObject({
    all_features_access: false,
    privileges: [{ feature: 'templates', permissions: ['create_edit_delete'] }],
  });
});

test('everything given means later features too: nothing of the grant names them', async () => {
  const mei = await somebody({ permissions: ['contacts:view'] });
  await update(mei, [{}], { all_features_access: true });
  const [row] = await world.database.sql(
    `select m.all_features_access, g.permissions from member m join member_grant g on g.member_id = m.id where m.email = $1`,
    [mei],
  );
  expect(row).toEqual({ all_features_access: true, permissions: [] });
});

test('a change raises the version and the revision, and is one audit event with before and after', async () => {
  const mei = await somebody({ permissions: ['contacts:view'] });
  const [before, tag] = [await revision(), (await read(mei)).headers.get('etag')];
  const answer = await update(mei, [{ feature: 'contacts', permissions: ['export'] }]);
  expect(answer.headers.get('latchkey-revision')).toBe(String(before + 1));
  expect(await revision()).toBe(before + 1);
  expect(answer.headers.get('etag')).not.toBe(tag);
  expect((await read(mei)).headers.get('etag')).toBe(answer.headers.get('etag'));
  expect(await events(mei)).toMatchObject([
    {
      action: 'member.updated',
      outcome: 'done',
      actor: { kind: 'api_key', name: 'ada@example.com' },
      details: { before: { permissions: ['contacts:view'] }, after: { permissions: ['contacts:export'] } },
    },
  ]);
});

test('what changes nothing is answered alike, without an event, a new version or a new revision', async () => {
  const mei = await somebody({ permissions: ['contacts:view', 'contacts:export'] });
  const [before, tag] = [await revision(), (await read(mei)).headers.get('etag')];
  for (const privileges of [
    [{ feature: 'contacts', permissions: ['export', 'view'] }],
    [{ feature: 'templates', permissions: ['none'] }],
    [{ feature: 'api_keys', permissions: [] }],
  ]) {
    const answer = await update(mei, privileges);
    expect(answer).toMatchObject({ status: 200, body: { status: 'OK', privileges } });
    expect(answer.headers.get('latchkey-revision'), 'told, but not raised').toBe(String(before));
    expect(answer.headers.get('etag')).toBe(tag);
  }
  expect(await revision()).toBe(before);
  expect(await events(mei)).toEqual([]);
});

test('If-Match refuses a change to what has changed since, and lets the right one through', async () => {
  const mei = await somebody({ permissions: ['contacts:view'] });
  const tag = (await read(mei)).headers.get('etag') ?? '';
  expect(tag).toMatch(/^"\d+"$/);
  expect(
    (await update(mei, [{ feature: 'contacts', permissions: ['export'] }], {}, world.owner, { 'if-match': tag }))
      .status,
  ).toBe(200);
  expect(
    await update(mei, [{ feature: 'contacts', permissions: ['import'] }], {}, world.owner, { 'if-match': tag }),
  ).toMatchObject({
    status: 412,
    body: { code: 'precondition_failed', details: [{ path: 'if-match', reason: 'changed_meanwhile' }] },
  });
  expect(await privilegesOf(mei)).toEqual([{ feature: 'contacts', permissions: ['export'] }]);
  const newest = (await read(mei)).headers.get('etag') ?? '';
  for (const accepted of ['*', `"0", ${newest}`, `W/${newest}`])
    expect(
      (await update(mei, [{ feature: 'contacts', permissions: ['export'] }], {}, world.owner, { 'if-match': accepted }))
        .status,
    ).toBe(200);
});

test('a pending member is updated too: the link stays good and gives what was chosen last', async () => {
  const token = await world.invite('pia@example.com', { permissions: ['contacts:view'] });
  const answer = await update('pia@example.com', [{ feature: 'phone', permissions: ['all'] }]);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('latchkey-revision'), 'a pending member may do nothing yet').toBeNull();
  await world.anonymous.post('/organization/user/invitation/accept', { token });
  expect((await read('pia@example.com')).body).toMatchObject({
    status: 'active',
    privileges: [
      { feature: 'contacts', permissions: ['view'] },
      { feature: 'phone', permissions: ['all'] },
    ],
  });
});

test('not_in_plan is said of what is newly given only: a plan masks, it never deletes', async () => {
  const { id } = (
    await world.partner.post('/corporate/subAccount', {
      companyName: 'Olga Ltd',
      email: 'olga@example.org',
      plan: 'enterprise',
    })
  ).body;
  await world.join('mia@example.org', { permissions: ['templates:create_edit_delete', 'contacts:view'] }, id);
  const there = world.partnerIn(id);
  await world.partner.put(`/corporate/subAccount/${id}/plan`, { plan: 'small' });
  expect(
    await update('mia@example.org', [{ feature: 'templates', permissions: ['activate_deactivate'] }], {}, there),
  ).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', details: [{ path: 'privileges', reason: 'not_in_plan' }] },
  });
  for (const privileges of [
    [{ feature: 'contacts', permissions: ['export'] }],
    [{ feature: 'templates', permissions: ['create_edit_delete'] }],
  ])
    expect((await update('mia@example.org', privileges, {}, there)).status).toBe(200);
  expect((await there.get('/organization/user/mia@example.org/permissions')).body).toMatchObject({
    privileges: [
      { feature: 'contacts', permissions: ['export'] },
      { feature: 'templates', permissions: ['create_edit_delete'] },
    ],
    not_in_plan: [{ feature: 'templates', permissions: ['create_edit_delete'] }],
  });
  await update('mia@example.org', [{ feature: 'templates', permissions: ['none'] }], {}, there);
  expect(
    (await update('mia@example.org', [{ feature: 'templates', permissions: ['create_edit_delete'] }], {}, there))
      .status,
    'once cleared it is newly given again',
  ).toBe(400);
});

test('an owner cannot be updated, nor somebody who is not there', async () => {
  expect(await update('ada@example.com', [{ feature: 'contacts', permissions: ['view'] }])).toMatchObject({
    status: 403,
    body: { code: 'permission_denied', details: [{ path: 'email', reason: 'owner_protected' }] },
  });
  expect(await update('nobody@example.com', [{ feature: 'contacts', permissions: ['view'] }])).toMatchObject({
    status: 404,
    body: { code: 'document_not_found', details: [{ path: 'email', reason: 'unknown_member' }] },
  });
});

test('nobody gives, or takes from, more than they hold', async () => {
  const refused = { status: 403, body: { code: 'permission_denied', details: [{ reason: 'grant_ceiling' }] } };
  const viewer = await somebody({ permissions: ['contacts:view'] });
  expect((await update(viewer, [{ feature: 'contacts', permissions: ['export'] }], {}, tomas.client)).status).toBe(200);
  expect(await update(viewer, [{ feature: 'phone', permissions: ['all'] }], {}, tomas.client)).toMatchObject(refused);
  expect(await update(viewer, [], { all_features_access: true }, tomas.client)).toMatchObject(refused);
  const stronger = await somebody({ permissions: ['contacts:view', 'phone:all'] });
  expect(await update(stronger, [{ feature: 'phone', permissions: ['none'] }], {}, tomas.client)).toMatchObject(
    refused,
  );
  const everything = await somebody({ all: true });
  expect(await update(everything, [{ feature: 'contacts', permissions: ['view'] }], {}, tomas.client)).toMatchObject(
    refused,
  );
});

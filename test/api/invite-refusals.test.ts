import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../client.ts';
import { type Person, startWorld, type World } from '../world.ts';
import { plannedCatalogue } from './planned-catalogue.ts';

let world: World;
/** May manage members and view contacts, no more. */
let tomas: Person;
/** A member without any rights. */
let noor: Person;
beforeAll(async () => {
  world = await startWorld({}, plannedCatalogue);
  tomas = await world.join('tomas@example.com', { permissions: ['user_management:all', 'contacts:view'] });
  noor = await world.join('noor@example.com', {});
});
afterAll(() => world?.stop());

const viewer = [{ feature: 'contacts', permissions: ['view'] }];

const invite = (by: Client, email: string, privileges: unknown = viewer, more: object = {}) =>
  by.post('/organization/user/invitation/send', { email, all_features_access: false, privileges, ...more });

test('access that is neither everything nor chosen is missing', async () => {
  const nothing: [unknown, string][] = [
    [undefined, 'privileges'],
    [[], 'privileges'],
    [[{ feature: 'contacts', permissions: ['none'] }], 'privileges'],
    [[{ feature: 'contacts', permissions: [] }], 'privileges'],
    [[{}], 'privileges[0].feature'],
    [[{ feature: 'contacts' }], 'privileges[0].permissions'],
    [[...viewer, { permissions: ['view'] }], 'privileges[1].feature'],
  ];
  for (const [privileges, path] of nothing)
    expect(
      await world.owner.post('/organization/user/invitation/send', {
        email: 'nobody@example.com',
        all_features_access: false,
        ...(privileges !== undefined && { privileges }),
      }),
      JSON.stringify(privileges),
    ).toMatchObject({ status: 400, body: { code: 'missing_parameter', details: [{ path, reason: 'missing' }] } });
  expect((await world.owner.get('/organization/user/nobody@example.com/permissions')).status).toBe(404);
});

test('a wrong name is explained: the nearest one, the feature it belongs to, what there is', async () => {
  const wrong: [unknown, object][] = [
    [
      [{ feature: 'contact', permissions: ['view'] }],
      { path: 'privileges[0].feature', reason: 'unknown_feature', suggestion: 'contacts' },
    ],
    [[{ feature: 'Contacts', permissions: ['view'] }], { reason: 'unknown_feature', suggestion: 'contacts' }],
    [
      [{ feature: 'contacts', permissions: ['exprot'] }],
      { path: 'privileges[0].permissions[0]', reason: 'unknown_permission', suggestion: 'export' },
    ],
    [
      [...viewer, { feature: 'contacts', permissions: ['view', 'dedicated_ips_management'] }],
      {
        path: 'privileges[1].permissions[1]',
        reason: 'permission_of_another_feature',
        message: expect.stringContaining('senders_domains_dedicated_ips'),
      },
    ],
    [
      [{ feature: 'contacts', permissions: ['zzzzzzzzzz'] }],
      { reason: 'unknown_permission', message: expect.stringContaining('list_and_attributes') },
    ],
    [
      [{ feature: 'contacts', permissions: ['none', 'view'] }],
      { path: 'privileges[0].permissions', reason: 'none_with_others' },
    ],
    [[{ feature: '__proto__', permissions: ['all'] }], { reason: 'unknown_feature' }],
    [[{ feature: 'contacts', permissions: ['constructor'] }], { reason: 'unknown_permission' }],
  ];
  for (const [privileges, detail] of wrong)
    expect(await invite(world.owner, 'wrong@example.com', privileges), JSON.stringify(privileges)).toMatchObject({
      status: 400,
      body: { code: 'invalid_parameter', details: [detail] },
    });
  const several = await invite(world.owner, 'wrong@example.com', [
    { feature: 'contact', permissions: [] },
    { feature: 'phone', permissions: ['al', 'everything'] },
  ]);
  expect(several.body.details.map(({ path }: { path: string }) => path)).toEqual([
    'privileges[0].feature',
    'privileges[1].permissions[0]',
    'privileges[1].permissions[1]',
  ]);
});

test('what the plan does not have cannot be given, but administering Latchkey always can', async () => {
  const { id } = (
    await world.partner.post('/corporate/subAccount', {
      companyName: 'Small Ltd',
      email: 'olga@example.org',
      plan: 'small',
    })
  ).body;
  const there = world.partnerIn(id);
  expect(
    await invite(there, 'a@example.com', [{ feature: 'contacts', permissions: ['view', 'import'] }]),
  ).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', details: [{ path: 'privileges', reason: 'not_in_plan' }] },
  });
  for (const feature of ['user_management', 'phone'])
    expect((await invite(there, `${feature}@example.com`, [{ feature, permissions: ['all'] }])).status).toBe(200);
});

test('nobody gives more than they hold', async () => {
  const more: [object, number][] = [
    [{ privileges: viewer }, 200],
    [{ privileges: [{ feature: 'user_management', permissions: ['all'] }] }, 200],
    [{ privileges: [{ feature: 'contacts', permissions: ['view', 'export'] }] }, 403],
    [{ all_features_access: true }, 403],
    [{ privileges: [{ feature: 'sales_platform', permissions: ['all'] }] }, 403],
  ];
  for (const [index, [body, status]] of more.entries()) {
    const answer = await invite(tomas.client, `by-tomas-${index}@example.com`, viewer, body);
    expect(answer.status, JSON.stringify(body)).toBe(status);
    if (status === 403) expect(answer.body.details[0].reason).toBe('grant_ceiling');
  }
});

test('checks run in this order: key, permission, validation, ceiling, plan, duplicate', async () => {
  const bad = { email: 'ada@example.com', all_features_access: 'yes' };
  const path = '/organization/user/invitation/send';
  expect((await world.anonymous.post(path, bad)).status).toBe(401);
  expect((await noor.client.post(path, bad)).body).toEqual({ code: 'permission_denied', message: 'Access forbidden.' });
  expect((await tomas.client.post(path, bad)).body.details[0].reason).toBe('wrong_type');
  expect(
    (await invite(tomas.client, 'ada@example.com', [{ feature: 'contact', permissions: ['x'] }])).body.details[0]
      .reason,
  ).toBe('unknown_feature');
  expect(
    (await invite(tomas.client, 'ada@example.com', [{ feature: 'phone', permissions: ['all'] }])).body.details[0]
      .reason,
  ).toBe('grant_ceiling');
  const { id } = (
    await world.partner.post('/corporate/subAccount', { companyName: 'Tiny', email: 'olga@example.org', plan: 'small' })
  ).body;
  expect(
    (
      await invite(world.partnerIn(id), 'olga@example.org', [
        { feature: 'templates', permissions: ['create_edit_delete'] },
      ])
    ).body.details[0].reason,
  ).toBe('not_in_plan');
  expect((await invite(world.partnerIn(id), 'olga@example.org')).body.details[0].reason).toBe('already_invited');
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startWorld, type World } from '../world.ts';
import { plannedCatalogue } from './planned-catalogue.ts';

let world: World;
let noor: Person;
const users = async (query = '', by = world.owner) =>
  (await by.get(`/organization/invited/users${query && `?${query}`}`)).body.users as ListedUser[];
const emails = async (query = ''): Promise<string[]> => (await users(query)).map(({ email }) => email);

interface ListedUser {
  id: string;
  email: string;
  is_owner: boolean;
  status: string;
  feature_access: Record<string, string>;
  locale: string;
}

beforeAll(async () => {
  world = await startWorld({}, plannedCatalogue);
  noor = await world.join('noor@example.com', {});
  await world.join('zoe@example.com', { permissions: ['user_management:all'] });
  await world.join('olga@example.com', { owner: true });
  await world.join('everything@example.com', { all: true });
  await world.join('mei_x@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  await world.join('meiyx@example.com', { permissions: ['sales_platform:reports'] });
  await world.join('100%@example.com', { permissions: ['phone:all'] });
  await world.invite('pia@example.com', { permissions: ['contacts:export'] });
  const declined = await world.invite('dec@example.com', { permissions: ['contacts:view'] });
  await world.anonymous.post('/organization/user/invitation/decline', { token: declined });
  await world.invite('exp@example.com', { permissions: ['contacts:view'] });
  await world.database.sql(
    `update invitation set expires_at = now() - interval '1 second' where member_id = (select id from member where email = 'exp@example.com')`,
  );
});
afterAll(() => world?.stop());

test('each member is shown in the shape of the live wire, owners first, then in the order of invitation', async () => {
  const list = await users();
  expect(list.map(({ email }) => email)).toEqual([
    'ada@example.com',
    'olga@example.com',
    'noor@example.com',
    'zoe@example.com',
    'everything@example.com',
    'mei_x@example.com',
    'meiyx@example.com',
    '100%@example.com',
    'pia@example.com',
    'dec@example.com',
    'exp@example.com',
  ]);
  const ours = ['locale', 'external_id', 'suspended', 'access_expires_at'];
  expect(Object.keys(list[0] ?? {})).toEqual(['id', 'email', 'is_owner', 'status', 'feature_access', ...ours]);
  const areas = ['marketing', 'conversations', 'crm', 'transactional', 'phone', 'meetings', 'sequences'];
  for (const user of list) expect(Object.keys(user.feature_access), user.email).toEqual(areas);
  expect(list.map(({ is_owner }) => is_owner).slice(0, 3)).toEqual([true, true, false]);
});

test('feature_access sums up each area: owner, full, custom, none', async () => {
  const of = Object.fromEntries((await users()).map((user) => [user.email, user.feature_access]));
  expect(new Set(Object.values(of['ada@example.com'] ?? {}))).toEqual(new Set(['owner']));
  expect(new Set(Object.values(of['everything@example.com'] ?? {}))).toEqual(new Set(['full']));
  expect(new Set(Object.values(of['noor@example.com'] ?? {}))).toEqual(new Set(['none']));
  expect(of['meiyx@example.com']).toMatchObject({ crm: 'custom', marketing: 'none', phone: 'none' });
  expect(of['100%@example.com']).toMatchObject({ phone: 'full', crm: 'none' });
});

test.each([
  ['active', 8],
  ['pending', 1],
  ['declined', 1],
  ['expired', 1],
])('status=%s lists only those', async (status, count) => {
  const list = await users(`status=${status}`);
  expect(list).toHaveLength(count);
  expect(new Set(list.map((user) => user.status))).toEqual(new Set([status]));
});

test('search finds a part of the address, whatever its case, and % and _ mean themselves', async () => {
  expect(await emails('search=MEI')).toEqual(['mei_x@example.com', 'meiyx@example.com']);
  expect(await emails('search=mei_')).toEqual(['mei_x@example.com']);
  expect(await emails('search=0%25@')).toEqual(['100%@example.com']);
  expect(await emails('search=%25')).toEqual(['100%@example.com']);
  expect(await emails('search=_')).toEqual(['mei_x@example.com']);
  expect(await emails('search=%5C')).toEqual([]);
  expect(await emails('search=ada')).toEqual(['ada@example.com']);
  expect(await emails('search=nobody-at-all')).toEqual([]);
});

test('permission lists those who hold it in the end, by grant, by everything or as owners', async () => {
  const exporters = [
    'ada@example.com',
    'olga@example.com',
    'everything@example.com',
    'mei_x@example.com',
    'pia@example.com',
  ];
  expect(await emails('permission=contacts:export')).toEqual(exporters);
  expect(await emails('permission=contacts:export&status=active')).toEqual(exporters.slice(0, -1));
  expect(await emails('permission=smtp_api:api_keys')).toEqual(exporters.slice(0, 3));
});

test('permission may be asked for by an older name', async () => {
  expect(await emails('permission=api_keys:all')).toEqual(await emails('permission=smtp_api:api_keys'));
  await world.database.sql(
    `update member_grant set permissions = '{api_keys:all}' where member_id = (select id from member where email = 'meiyx@example.com')`,
  );
  expect(await emails('permission=smtp_api:api_keys')).toContain('meiyx@example.com');
  await world.database.sql(
    `update member_grant set permissions = '{sales_platform:reports}' where member_id = (select id from member where email = 'meiyx@example.com')`,
  );
});

test('a permission that there is not is refused with the nearest', async () => {
  expect(await world.owner.get('/organization/invited/users?permission=contacts:exprot')).toMatchObject({
    status: 400,
    body: {
      code: 'invalid_parameter',
      details: [{ path: 'permission', reason: 'unknown_permission', suggestion: 'contacts:export' }],
    },
  });
});

test('what the plan masks nobody holds in the end', async () => {
  const { id } = (
    await world.partner.post('/corporate/subAccount', {
      companyName: 'Small',
      email: 'o@example.org',
      plan: 'enterprise',
    })
  ).body;
  await world.join('mia@example.org', { permissions: ['templates:create_edit_delete', 'contacts:view'] }, id);
  await world.join('all@example.org', { all: true }, id);
  const there = world.partnerIn(id);
  const holders = async (permission: string) =>
    (await users(`permission=${permission}&status=active`, there)).map(({ email }) => email);
  expect(await holders('templates:create_edit_delete')).toEqual(['mia@example.org', 'all@example.org']);
  await world.partner.put(`/corporate/subAccount/${id}/plan`, { plan: 'small' });
  expect(await holders('templates:create_edit_delete')).toEqual([]);
  expect(await holders('contacts:view')).toEqual(['mia@example.org', 'all@example.org']);
  expect(await holders('user_management:all'), 'administering Latchkey is never masked').toEqual(['all@example.org']);
  const [mia] = await users('search=mia', there);
  expect(mia?.feature_access).toMatchObject({ marketing: 'none', crm: 'none', phone: 'none' });
  const [all] = await users('search=all@', there);
  expect(all?.feature_access).toMatchObject({ marketing: 'none', crm: 'none', phone: 'full' });
});

const sorts = ['created', '-created', 'email', '-email'] as const;

test.each(sorts)('sort=%s orders the owners, then the others', async (sort) => {
  const list = await users(`sort=${sort}`);
  const groups = [list.filter(({ is_owner }) => is_owner), list.filter(({ is_owner }) => !is_owner)];
  expect(groups.flat()).toEqual(list);
  for (const group of groups) {
    const keys = group.map((user) => (sort.endsWith('email') ? user.email : user.id));
    expect(keys).toEqual(sort.startsWith('-') ? keys.toSorted().reverse() : keys.toSorted());
  }
});

test.each(sorts)('pages by cursor, sort=%s, come to the whole list without gap or repetition', async (sort) => {
  for (const filter of ['', '&status=active', '&search=e', '&permission=contacts:view']) {
    const whole = await emails(`sort=${sort}${filter}&limit=1000`);
    for (const limit of [1, 2, 3, 7, whole.length, 100]) {
      const walked: string[] = [];
      let cursor = '';
      for (let page = 0; page <= whole.length; page++) {
        const { body } = await world.owner.get(
          `/organization/invited/users?sort=${sort}${filter}&limit=${limit}${cursor}`,
        );
        walked.push(...body.users.map(({ email }: ListedUser) => email));
        expect(body.users.length).toBeLessThanOrEqual(limit);
        if (body.cursor === undefined) break;
        expect(body.users).toHaveLength(limit);
        cursor = `&cursor=${body.cursor}`;
      }
      expect(walked, `limit=${limit}${filter}`).toEqual(whole);
    }
  }
});

test('somebody who joins or goes while pages are read moves nobody else', async () => {
  const first = (await world.owner.get('/organization/invited/users?limit=4&sort=email')).body;
  await world.join('aaa-latecomer@example.com', {});
  const rest = (await world.owner.get(`/organization/invited/users?limit=100&sort=email&cursor=${first.cursor}`)).body;
  const walked = [...first.users, ...rest.users].map(({ email }: ListedUser) => email);
  expect(new Set(walked).size).toBe(walked.length);
  expect(walked.toSorted()).toEqual((await emails()).filter((email) => !email.startsWith('aaa-')).toSorted());
  await world.owner.put('/organization/user/invitation/revoke/aaa-latecomer@example.com');
});

test('the list without parameters is the whole one, also beyond what is read at once', async () => {
  const { organizationId } = world;
  await world.database.sql(
    `insert into member (organization_id, id, email, status, locale)
     select $1, gen_random_uuid(), 'bulk-' || n || '@example.com', 'active', 'en' from generate_series(1, 2345) n`,
    [organizationId],
  );
  const list = await emails();
  expect(list.filter((email) => email.startsWith('bulk-'))).toHaveLength(2345);
  expect(new Set(list).size).toBe(list.length);
  expect(list.slice(0, 2)).toEqual(['ada@example.com', 'olga@example.com']);
  await world.database.sql(`delete from member where email like 'bulk-%'`);
});

test('who may not manage members may not list them', async () => {
  expect((await noor.client.get('/organization/invited/users')).status).toBe(403);
});

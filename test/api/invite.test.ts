import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.join('noor@example.com', {});
});
afterAll(() => world?.stop());

const viewer = [{ feature: 'contacts', permissions: ['view'] }];

const invite = (by: Client, email: string, privileges: unknown = viewer, more: object = {}) =>
  by.post('/organization/user/invitation/send', { email, all_features_access: false, privileges, ...more });
const read = async (email: string) =>
  (await world.owner.get(`/organization/user/${encodeURIComponent(email)}/permissions`)).body;
const mailsTo = async (email: string): Promise<number> =>
  (await world.owner.get(`/organization/deliveries?email=${encodeURIComponent(email)}`)).body.deliveries.length;
const eventsAbout = async (email: string): Promise<string[]> =>
  (await world.owner.get(`/organization/activities?limit=100&email=${encodeURIComponent(email)}`)).body.logs.map(
    (log: { action: string }) => log.action,
  );

test('an invitation makes a pending member with the permissions chosen, one mail and one audit event', async () => {
  const answer = await invite(world.owner, ' Pia@Example.com ', [
    { feature: 'contacts', permissions: ['view', 'export'] },
    { feature: 'api_keys', permissions: ['all'] },
  ]);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    status: 'OK',
    email: ' Pia@Example.com ',
    all_features_access: false,
    privileges: [
      { feature: 'contacts', permissions: ['view', 'export'] },
      { feature: 'api_keys', permissions: ['all'] },
    ],
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(answer.headers.get('latchkey-revision'), 'nobody may do anything more yet').toBeNull();
  expect(await read('pia@example.com')).toMatchObject({
    id: answer.body.id,
    email: 'pia@example.com',
    status: 'pending',
    all_features_access: false,
    privileges: [
      { feature: 'contacts', permissions: ['view', 'export'] },
      { feature: 'smtp_api', permissions: ['api_keys'] },
    ],
  });
  expect(await mailsTo('pia@example.com')).toBe(1);
  expect(await eventsAbout('pia@example.com')).toEqual(['member.invited']);
});

test('the same offer to somebody still pending is a retry: the same answer, and nothing more is sent', async () => {
  const first = await invite(world.owner, 'rae@example.com', [
    { feature: 'contacts', permissions: ['view', 'export'] },
  ]);
  const again = [
    await invite(world.owner, 'rae@example.com', [{ feature: 'contacts', permissions: ['view', 'export'] }]),
    await invite(world.owner, 'RAE@example.com', [{ feature: 'contacts', permissions: ['export', 'view', 'view'] }]),
    await invite(world.owner, 'rae@example.com', [
      { feature: 'contacts', permissions: ['export'] },
      { feature: 'contacts', permissions: ['view'] },
    ]),
  ];
  for (const answer of again) expect(answer).toMatchObject({ status: 200, body: { id: first.body.id } });
  expect(await mailsTo('rae@example.com')).toBe(1);
  expect(await eventsAbout('rae@example.com')).toEqual(['member.invited']);
});

test('another offer to somebody still pending exists already', async () => {
  await invite(world.owner, 'otis@example.com');
  const other = [{ feature: 'contacts', permissions: ['export'] }];
  for (const answer of [
    await invite(world.owner, 'otis@example.com', other),
    await invite(world.owner, 'otis@example.com', [], { all_features_access: true }),
  ])
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'duplicate_parameter', details: [{ path: 'email', reason: 'already_invited' }] },
    });
  expect(await read('otis@example.com')).toMatchObject({ privileges: viewer });
  expect(await mailsTo('otis@example.com')).toBe(1);
});

test('another language is another offer; none named is the same', async () => {
  await invite(world.owner, 'lou@example.com', viewer, { locale: 'fr' });
  expect((await invite(world.owner, 'lou@example.com')).status).toBe(200);
  expect((await invite(world.owner, 'lou@example.com', viewer, { locale: 'fr' })).status).toBe(200);
  expect((await invite(world.owner, 'lou@example.com', viewer, { locale: 'en' })).body.code).toBe(
    'duplicate_parameter',
  );
});

test('an active member, or an owner, exists already, whatever is offered', async () => {
  for (const email of ['noor@example.com', 'ada@example.com'])
    expect(await invite(world.owner, email)).toMatchObject({
      status: 400,
      body: { code: 'duplicate_parameter', details: [{ path: 'email', reason: 'already_member' }] },
    });
});

test.each(['declined', 'expired'])(
  'after %s it is a new invitation: the old link is dead, the new one works',
  async (end) => {
    const email = `was-${end}@example.com`;
    const oldToken = await world.invite(email);
    if (end === 'declined') await world.anonymous.post('/organization/user/invitation/decline', { token: oldToken });
    else await expire(email);
    expect((await read(email)).status).toBe(end);

    const answer = await invite(world.owner, email, [{ feature: 'phone', permissions: ['all'] }], { locale: 'fr_FR' });
    expect(answer.status).toBe(200);
    expect(await read(email)).toMatchObject({
      id: answer.body.id,
      status: 'pending',
      privileges: [{ feature: 'phone', permissions: ['all'] }],
    });
    expect(await mailsTo(email)).toBe(2);
    expect((await eventsAbout(email)).filter((action) => action === 'member.invited')).toHaveLength(2);
    const old = await world.anonymous.post('/organization/user/invitation/accept', { token: oldToken });
    expect(old).toMatchObject({ status: 404, body: { details: [{ reason: 'invitation_replaced' }] } });
    const token = await world.token(email);
    expect(await world.anonymous.post('/organization/user/invitation/accept', { token })).toMatchObject({
      status: 200,
    });
  },
);

const expire = (email: string) =>
  world.database.sql(
    `update invitation i set expires_at = now() - interval '1 second' from member m
     where m.organization_id = i.organization_id and m.id = i.member_id and m.email = $1`,
    [email],
  );

test('with all_features_access the privileges are not read, not even the empty ones of generated clients', async () => {
  for (const [index, privileges] of [undefined, [], [{}], [{ feature: 'contacts' }], viewer].entries()) {
    const email = `everything-${index}@example.com`;
    const answer = await world.owner.post('/organization/user/invitation/send', {
      email,
      all_features_access: true,
      ...(privileges && { privileges }),
    });
    expect(answer, JSON.stringify(privileges)).toMatchObject({
      status: 200,
      body: { all_features_access: true, privileges: privileges ?? [] },
    });
    expect(await read(email)).toMatchObject({ all_features_access: true });
  }
});

test('the language is the one named, else the organization’s', async () => {
  await invite(world.owner, 'plain@example.com');
  await invite(world.owner, 'fr@example.com', viewer, { locale: 'fr_FR' });
  const { users } = (await world.owner.get('/organization/invited/users')).body;
  const localeOf = (email: string) => users.find((user: { email: string }) => user.email === email).locale;
  expect([localeOf('plain@example.com'), localeOf('fr@example.com')]).toEqual(['en', 'fr_FR']);
});

test('every name that older documents printed is accepted, and means what it was renamed to', async () => {
  for (const [index, alias] of Object.keys(builtInCatalogue.aliases ?? {}).entries()) {
    const [feature = '', permission = ''] = alias.split(':');
    const email = `old-${index}@example.com`;
    expect((await invite(world.owner, email, [{ feature, permissions: [permission] }])).status, alias).toBe(200);
    const { privileges } = await read(email);
    expect(privileges.length, alias).toBeGreaterThan(0);
    for (const given of privileges)
      for (const name of given.permissions)
        expect(builtInCatalogue.features[given.feature]?.permissions, alias).toHaveProperty(name);
  }
});

test('one person is one member, however the address is written', async () => {
  const first = await invite(world.owner, 'Zoë@Bücher.example');
  for (const written of ['zoë@bücher.example', ' ZOË@xn--bcher-kva.example', 'zoe\u0308@BÜCHER.example'])
    expect(await invite(world.owner, written), written).toMatchObject({ status: 200, body: { id: first.body.id } });
  const tagged = await invite(world.owner, 'zoë+tag@bücher.example');
  expect(tagged.body.id).not.toBe(first.body.id);
});

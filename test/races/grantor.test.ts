import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../client.ts';
import type { Person, World } from '../world.ts';
import { foundTeam, type Team } from './organization.ts';
import { expectNoFaults, jostling, revisionOf, short, startRaceTrack, times } from './race.ts';

const refused = '403 grantor_not_entitled';
const administration = ['user_management:all', 'contacts:view', 'contacts:export'] as const;
const offered = ['contacts:view', 'contacts:export'] as const;

let world: World;
let team: Team;
let ada: Person;
beforeAll(async () => {
  world = await startRaceTrack();
  team = await foundTeam(world);
  ada = await team.join('ada@example.com', { owner: true });
});
afterAll(() => world?.stop());

let invited = 0;
const nextPerson = () => `lena-${++invited}@example.com`;

/** An administrator, and a link they sent to somebody. */
async function administratorWhoInvited(): Promise<{ mei: Person; email: string; token: string }> {
  const email = nextPerson();
  const mei = await team.join(email.replace('lena', 'mei'), { permissions: administration });
  return { mei, email, token: await team.invite(email, offered, mei.client) };
}

const update = (email: string, feature: string, permissions: string[]) =>
  ada.client.post('/organization/user/update/permissions', {
    email,
    all_features_access: false,
    privileges: [{ feature, permissions }],
  });
const resend = (by: Client, email: string) => by.put(`/organization/user/invitation/resend/${email}`);
const standing = async (email: string) => (await team.members())[email];

/** The invitation is refused, stays pending through any number of tries, and lives again once somebody entitled resends it. */
async function expectToWaitForSomebodyEntitled(email: string, token: string): Promise<void> {
  const before = await team.revision();
  const answers = await jostling(
    1,
    times(5, () => () => team.accept(token)),
  );
  expect(answers.map(short)).toEqual(times(5, () => refused));
  expect(answers[0]?.body.code).toBe('permission_denied');
  expect(await standing(email)).toBe('pending');
  expect(await team.revision()).toBe(before);

  expect(short(await resend(ada.client, email))).toBe('200');
  expect(short(await team.accept(token))).toBe('404 invitation_replaced');
  expect(short(await team.accept(await team.token(email)))).toBe('200');
  expect(await standing(email)).toBe('active');
}

const losses: Record<string, (mei: Person) => Promise<unknown>> = {
  'whose key has expired': (mei) =>
    world.database.sql(`update api_key set expires_at = now() - interval '1 second' where id = $1`, [mei.keyId]),
  'whose key was deleted': (mei) => ada.client.delete(`/organization/api-keys/${mei.keyId}`),
  'whose key was given less': (mei) =>
    world.database.sql(
      `update api_key set all_features_access = false, permissions = '{user_management:all,contacts:view}' where id = $1`,
      [mei.keyId],
    ),
  'who no longer holds what is offered': (mei) => update(mei.email, 'contacts', ['view']),
  'who may no longer manage members, though they hold what is offered': (mei) =>
    update(mei.email, 'user_management', ['none']),
  'who left': (mei) => mei.client.post('/organization/leave'),
  'who was revoked': (mei) => ada.client.put(`/organization/user/invitation/revoke/${mei.email}`),
  'who is suspended': (mei) => world.database.sql('update member set suspended_at = now() where id = $1', [mei.id]),
  'whose access has run out': (mei) =>
    world.database.sql('update member set access_expires_at = now() where id = $1', [mei.id]),
};

for (const [who, lose] of Object.entries(losses)) {
  test(`T12 an invitation by somebody ${who} is refused, and waits for somebody entitled`, async () => {
    const { mei, email, token } = await administratorWhoInvited();
    await lose(mei);
    await expectToWaitForSomebodyEntitled(email, token);
  });
}

test('T12 an invitation by a former owner is refused, and waits for somebody entitled', async () => {
  const email = nextPerson();
  const ben = await team.join('ben@example.com', { owner: true });
  const token = await team.invite(email, offered, ben.client);
  expect(short(await ben.client.post('/organization/ownership/step-down'))).toBe('200');

  await expectToWaitForSomebodyEntitled(email, token);
});

test('T12 what was lost and given back entitles again: authority is judged when the invitation is accepted', async () => {
  const { mei, email, token } = await administratorWhoInvited();
  await world.database.sql('update member set suspended_at = now() where id = $1', [mei.id]);
  expect(short(await team.accept(token))).toBe(refused);

  await world.database.sql('update member set suspended_at = null where id = $1', [mei.id]);
  expect(short(await team.accept(token))).toBe('200');
  expect(await standing(email)).toBe('active');
});

test('T12 a rotated key is the same key: its invitations pass', async () => {
  const { mei, email, token } = await administratorWhoInvited();
  const rotated = await ada.client.post(`/organization/api-keys/${mei.keyId}/rotate`, { overlap_seconds: 0 });
  expect(short(rotated)).toBe('200');
  expect((await mei.client.get('/account')).status).toBe(401);

  expect(short(await team.accept(token))).toBe('200');
  expect(await standing(email)).toBe('active');
});

test('T12 a key that an owner made stands by itself: its invitations pass after the owner has gone', async () => {
  const email = nextPerson();
  const ben = await team.join('benedikt@example.com', { owner: true });
  const { body } = await ben.client.post('/organization/api-keys', { name: 'import', all_features_access: true });
  const token = await team.invite(email, offered, world.as(body.key));
  expect(short(await ben.client.post('/organization/leave'))).toBe('200');

  expect(short(await team.accept(token))).toBe('200');
});

test('T12 only somebody entitled re-anchors: a resend or an update by whoever holds less is refused', async () => {
  const { mei, email, token } = await administratorWhoInvited();
  const tomas = await team.join('tomas@example.com', { permissions: ['user_management:all', 'contacts:view'] });
  await ada.client.put(`/organization/user/invitation/revoke/${mei.email}`);

  expect(short(await resend(tomas.client, email))).toBe('403 grant_ceiling');
  const weaker = await tomas.client.post('/organization/user/update/permissions', {
    email,
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
  });
  expect(short(weaker)).toBe('403 grant_ceiling');
  await expectToWaitForSomebodyEntitled(email, token);
});

test('T12 whoever changes what a pending member is offered answers for it from then on', async () => {
  const { mei, email, token } = await administratorWhoInvited();
  await update(email, 'contacts', ['view']);
  await ada.client.put(`/organization/user/invitation/revoke/${mei.email}`);

  expect(short(await team.accept(token))).toBe('200');
});

test('T12 an invitation that was revealed is judged like one that was mailed', async () => {
  const { mei, email } = await administratorWhoInvited();
  const { body } = await ada.client.post(`/organization/user/invitation/link/${email}`);
  await ada.client.put(`/organization/user/invitation/revoke/${mei.email}`);

  expect(short(await team.accept(body.link.slice(body.link.indexOf('#') + 1)))).toBe(refused);
  expect(await standing(email)).toBe('pending');
});

test('T12 declining needs nobody’s authority', async () => {
  const { mei, email, token } = await administratorWhoInvited();
  await ada.client.put(`/organization/user/invitation/revoke/${mei.email}`);

  expect(short(await team.decline(token))).toBe('200');
  expect(await standing(email)).toBe('declined');
});

test('T12 a partner’s invitations pass while the organization is its own, whatever becomes of the key that was used', async () => {
  const made = await world.partner.post('/corporate/partner-keys', { name: 'for a day' });
  const email = nextPerson();
  const headers = { 'partner-key': made.body.key, 'organization-id': team.id };
  const sent = await world.anonymous.post(
    '/organization/user/invitation/send',
    { email, all_features_access: true },
    headers,
  );
  expect(short(sent)).toBe('200');
  expect(short(await world.partner.delete(`/corporate/partner-keys/${made.body.id}`))).toBe('200');

  expect(short(await team.accept(await team.token(email)))).toBe('200');
});

test('T12 a partner’s invitations are refused once the organization is another’s, or nobody’s', async () => {
  const other = await foundTeam(world);
  const olga = await other.join('olga@example.com', { owner: true });
  const people = [nextPerson(), nextPerson()];
  const tokens = [await other.invite(people[0] ?? ''), await other.invite(people[1] ?? '')];
  const handOver = (partnerId: string | null) =>
    world.database.sql('update organization set partner_id = $2 where id = $1', [other.id, partnerId]);
  const [organization] = await world.database.sql<{ partner_id: string }>(
    'select partner_id from organization where id = $1',
    [other.id],
  );
  const newcomer = '0198c0de-0000-7000-8000-0000000000aa';
  await world.database.sql(`insert into partner (id, name) values ($1, 'Newcomer')`, [newcomer]);

  for (const partner of [newcomer, null]) {
    await handOver(partner);
    expect(short(await other.accept(tokens[0] ?? ''))).toBe(refused);
    expect((await other.partner.get('/account')).status).toBe(403);
  }
  expect(short(await resend(olga.client, people[0] ?? ''))).toBe('200');
  expect(short(await other.accept(await other.token(people[0] ?? '')))).toBe('200');

  await handOver(organization?.partner_id ?? null);
  expect(short(await other.accept(tokens[1] ?? ''))).toBe('200');
});

test('T12 accepting while the grantor is weakened, revoked or deprived of their key: before it, or not at all', async () => {
  const ways: ((mei: Person) => ReturnType<Client['put']>)[] = [
    (mei) => update(mei.email, 'contacts', ['none']),
    (mei) => ada.client.put(`/organization/user/invitation/revoke/${mei.email}`),
    (mei) => ada.client.delete(`/organization/api-keys/${mei.keyId}`),
    (mei) => mei.client.post('/organization/leave'),
  ];
  for (const round of times(24, (index) => index)) {
    const { mei, email, token } = await administratorWhoInvited();
    const lose = ways[round % ways.length] as (typeof ways)[number];

    const [accepted, lost] = await jostling(round, [() => team.accept(token), () => lose(mei)]);

    expect(lost && short(lost)).toBe('200');
    if (accepted?.status === 200) {
      expect(revisionOf(accepted)).toBeLessThan((lost && revisionOf(lost)) ?? 0);
      expect(await standing(email)).toBe('active');
    } else {
      expect(accepted && short(accepted)).toBe(refused);
      expect(await standing(email)).toBe('pending');
    }
  }
});

test('T12 none of it was a fault or a deadlock', () => expectNoFaults(world));

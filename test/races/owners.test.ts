import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person, World } from '../world.ts';
import { foundTeam, invitationOf, type Team } from './organization.ts';
import { atOnce, expectNoFaults, jostling, revisionOf, short, startRaceTrack, times } from './race.ts';

const administration = ['user_management:all', 'smtp_api:api_keys', 'contacts:view'] as const;
const stepDown = (person: Person) => person.client.post('/organization/ownership/step-down');
const leave = (person: Person) => person.client.post('/organization/leave');
const give = (by: Person, to: Person) => by.client.post('/organization/ownership/give', { email: to.email });
const put = (by: Person, action: string, to: Person) =>
  by.client.put(`/organization/user/invitation/${action}/${to.email}`);
const update = (by: Person, to: Person) =>
  by.client.post('/organization/user/update/permissions', invitationOf(to.email, ['contacts:view']));
const suspend = (person: Person) =>
  world.database.sql('update member set suspended_at = now() where id = $1', [person.id]);

let world: World;
beforeAll(async () => {
  world = await startRaceTrack();
});
afterAll(() => world?.stop());

const names = ['ada', 'ben', 'chiara', 'dov', 'eve'];

/** An organization with so many owners, each with a key of their own, and nobody else. */
async function foundOwners(count: number): Promise<{ team: Team; owners: Person[] }> {
  const team = await foundTeam(world);
  const owners: Person[] = [];
  for (const name of names.slice(0, count)) owners.push(await team.join(`${name}@example.com`, { owner: true }));
  return { team, owners };
}

const ownersOf = async (team: Team): Promise<string[]> =>
  Object.entries(await team.members())
    .filter(([, standing]) => standing === 'active owner')
    .map(([email]) => email);

/** All but one got their way, and that one is the owner who is left. */
async function expectOneOwnerLeft(team: Team, owners: Person[], answers: string[]): Promise<void> {
  expect([...answers].sort()).toEqual([...times(owners.length - 1, () => '200'), '403 last_owner']);
  expect(await ownersOf(team)).toEqual([owners[answers.indexOf('403 last_owner')]?.email]);
}

for (const [path, ways] of Object.entries({
  'stepping down': [stepDown],
  leaving: [leave],
  'stepping down or leaving': [stepDown, leave],
  'leaving or stepping down': [leave, stepDown],
})) {
  test(`T18 of owners who are all ${path} at once exactly one stays owner`, async () => {
    for (const round of times(8, (index) => index)) {
      const { team, owners } = await foundOwners(2 + (round % 4));
      const go = (index: number) => ways[index % ways.length] ?? stepDown;

      const answers = await jostling(
        round,
        owners.map((owner, index) => () => go(index)(owner)),
      );

      await expectOneOwnerLeft(team, owners, answers.map(short));
      expect(await team.revision()).toBe(owners.length - 1);
    }
  });
}

test('T18 an owner who both steps down and leaves at once does not count twice', async () => {
  for (const round of times(6, (index) => index)) {
    const { team, owners } = await foundOwners(3);

    await jostling(
      round,
      owners.flatMap((owner) => [() => stepDown(owner), () => leave(owner)]),
    );

    expect(await ownersOf(team)).toHaveLength(1);
  }
});

test('T18 a suspended owner does not count: those who can act keep one among them', async () => {
  for (const round of times(6, (index) => index)) {
    const { team, owners } = await foundOwners(4);
    const [suspended, ...acting] = owners as [Person, ...Person[]];
    await suspend(suspended);

    const [refused, ...answers] = await jostling(
      round,
      [suspended, ...acting].map((owner) => () => (round % 2 === 0 ? stepDown(owner) : leave(owner))),
    );

    expect(refused?.status).toBe(403);
    expect(answers.map(short).sort()).toEqual(['200', '200', '403 last_owner']);
    const last = acting[answers.map(short).indexOf('403 last_owner')];
    expect((await ownersOf(team)).sort()).toEqual([suspended.email, last?.email].sort());
  }
});

test('T18 an owner whose time has run out does not count either', async () => {
  const { team, owners } = await foundOwners(2);
  const [ada, ben] = owners as [Person, Person];
  await world.database.sql(`update member set access_expires_at = now() - interval '1 second' where id = $1`, [ben.id]);

  expect(short(await stepDown(ada))).toBe('403 last_owner');
  expect(short(await leave(ada))).toBe('403 last_owner');
  expect(await ownersOf(team)).toContain(ada.email);
});

test('T18 a pending owner does not count: the founder of a sub-account who never joined keeps nobody free to go', async () => {
  const { owners } = await foundOwners(1);
  const [ada] = owners as [Person];
  expect((await atOnce([() => stepDown(ada), () => leave(ada)])).map(short)).toEqual([
    '403 last_owner',
    '403 last_owner',
  ]);
});

test('T18 owners cannot revoke, cancel or weaken each other, by however many requests at once', async () => {
  const { team, owners } = await foundOwners(3);
  const pairs = owners.flatMap((by) => owners.filter((to) => to !== by).map((to) => ({ by, to })));

  const answers = await atOnce(
    pairs.flatMap(({ by, to }) => [
      () => put(by, 'revoke', to),
      () => put(by, 'cancel', to),
      () => update(by, to),
      () => team.partner.put(`/organization/user/invitation/revoke/${to.email}`),
    ]),
  );

  expect(answers.map(short)).toEqual(times(pairs.length * 4, () => '403 owner_protected'));
  expect(await ownersOf(team)).toHaveLength(3);
  expect(await team.revision()).toBe(0);
});

test('T18 of two administrators who revoke each other at once exactly one succeeds', async () => {
  for (const round of times(20, (index) => index)) {
    const team = await foundTeam(world);
    const mei = await team.join('mei@example.com', { permissions: administration });
    const ravi = await team.join('ravi@example.com', { permissions: administration });

    const answers = await jostling(round, [() => put(mei, 'revoke', ravi), () => put(ravi, 'revoke', mei)]);

    expect([
      ['200', '403 permission_denied'],
      ['403 permission_denied', '200'],
    ]).toContainEqual(answers.map(short));
    const winner = short(answers[0] as never) === '200' ? mei : ravi;
    expect(await team.members()).toEqual({ [winner.email]: 'active' });
    expect(await team.events('member.revoked')).toBe(1);
  }
});

test('T18 of two administrators who weaken each other at once exactly one succeeds', async () => {
  for (const round of times(12, (index) => index)) {
    const team = await foundTeam(world);
    const mei = await team.join('mei@example.com', { permissions: administration });
    const ravi = await team.join('ravi@example.com', { permissions: administration });
    const weaken = (by: Person, to: Person) =>
      by.client.post('/organization/user/update/permissions', {
        email: to.email,
        all_features_access: false,
        privileges: [{ feature: 'user_management', permissions: ['none'] }],
      });

    const answers = await jostling(round, [() => weaken(mei, ravi), () => weaken(ravi, mei)]);

    expect(answers.map(short).sort()).toEqual(['200', '403 permission_denied']);
    expect(await team.revision()).toBe(1);
  }
});

test('T18 ownership given to somebody who leaves meanwhile goes with them or is refused', async () => {
  for (const round of times(16, (index) => index)) {
    const { team, owners } = await foundOwners(1);
    const [ada] = owners as [Person];
    const mei = await team.join('mei@example.com', { permissions: administration });

    const answers = await jostling(round, [() => give(ada, mei), () => leave(mei)]);

    expect([
      ['200', '200'],
      ['404 unknown_member', '200'],
    ]).toContainEqual(answers.map(short));
    expect(await team.members()).toEqual({ [ada.email]: 'active owner' });
  }
});

test('T18 ownership given to somebody who is revoked meanwhile protects them, or comes too late', async () => {
  for (const round of times(16, (index) => index)) {
    const { team, owners } = await foundOwners(2);
    const [ada, ben] = owners as [Person, Person];
    const mei = await team.join('mei@example.com', { permissions: administration });

    const answers = await jostling(round, [() => give(ada, mei), () => put(ben, 'revoke', mei)]);

    const given = short(answers[0] as never) === '200';
    expect(answers.map(short)).toEqual(given ? ['200', '403 owner_protected'] : ['404 unknown_member', '200']);
    expect((await team.members())[mei.email]).toBe(given ? 'active owner' : undefined);
  }
});

test('T18 giving ownership, stepping down and leaving all at once never leaves nobody', async () => {
  for (const round of times(16, (index) => index)) {
    const { team, owners } = await foundOwners(1);
    const [ada] = owners as [Person];
    const mei = await team.join('mei@example.com', { permissions: administration });

    const answers = await jostling(round, [() => give(ada, mei), () => stepDown(ada), () => leave(mei)]);

    expect(await ownersOf(team)).toHaveLength(1);
    expect(answers.map(({ status }) => status).every((status) => [200, 403, 404].includes(status))).toBe(true);
  }
});

test('T18 a former owner gives nothing any more, however fast they ask', async () => {
  for (const round of times(12, (index) => index)) {
    const { team, owners } = await foundOwners(2);
    const [ada] = owners as [Person, Person];
    const mei = await team.join('mei@example.com', { permissions: administration });

    const [stepped, given] = await jostling(round, [() => stepDown(ada), () => give(ada, mei)]);

    expect(stepped?.status).toBe(200);
    if (given?.status === 200) {
      expect(revisionOf(given)).toBeLessThan(revisionOf(stepped as never) ?? 0);
    } else {
      expect(given && short(given)).toBe('403 permission_denied');
      expect((await team.members())[mei.email]).toBe('active');
    }
  }
});

test('T18 none of it was a fault or a deadlock', () => expectNoFaults(world));

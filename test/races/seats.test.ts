import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../client.ts';
import type { World } from '../world.ts';
import { foundTeam, type Team } from './organization.ts';
import { atOnce, expectNoFaults, jostling, revisionOf, short, startRaceTrack, times } from './race.ts';

let world: World;
beforeAll(async () => {
  world = await startRaceTrack();
});
afterAll(() => world?.stop());

const limitSeats = (team: Team, seats: number): Promise<Answer> =>
  world.partner.put(`/corporate/subAccount/${team.id}/plan`, { plan: 'enterprise', seats });

const inviteMany = async (team: Team, count: number): Promise<{ email: string; token: string }[]> => {
  const emails = times(count, (index) => `person-${index}@example.com`);
  return Promise.all(emails.map(async (email) => ({ email, token: await team.invite(email) })));
};

const seatsUsed = async (team: Team): Promise<number> => (await team.partner.get('/account')).body.seats.used;

test('T17 of 24 who accept at once for 7 seats exactly 7 join, and the others are told and stay pending', async () => {
  for (const seats of [1, 7, 23]) {
    const team = await foundTeam(world, { plan: 'enterprise', seats });
    const people = await inviteMany(team, 24);

    const answers = await atOnce(
      people.map(
        ({ token }) =>
          () =>
            team.accept(token),
      ),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(seats);
    for (const [index, answer] of answers.entries()) {
      const email = people[index]?.email ?? '';
      if (answer.status === 200) {
        expect((await team.members())[email]).toBe('active');
        continue;
      }
      expect(answer).toMatchObject({
        status: 402,
        body: { code: 'not_enough_credits', details: [{ reason: 'seat_limit' }] },
      });
      expect((await team.members())[email]).toBe('pending');
    }
    expect(await seatsUsed(team)).toBe(seats);
    expect(await team.revision()).toBe(seats);
    expect(await team.events('invitation.accepted')).toBe(seats);
  }
});

test('T17 owners take seats and pending people none', async () => {
  const team = await foundTeam(world, { plan: 'enterprise', seats: 5 });
  await team.join('ada@example.com', { owner: true });
  await team.join('ben@example.com', { owner: true });
  const people = await inviteMany(team, 12);
  expect(await seatsUsed(team)).toBe(2);

  const answers = await atOnce(
    people.map(
      ({ token }) =>
        () =>
          team.accept(token),
    ),
  );

  expect(answers.map(short).sort()).toEqual([...times(3, () => '200'), ...times(9, () => '402 seat_limit')]);
  expect(await seatsUsed(team)).toBe(5);
});

test('T17 a seat that somebody leaves free goes to exactly one of those who wait', async () => {
  const team = await foundTeam(world, { plan: 'enterprise', seats: 2 });
  await team.join('ada@example.com', { owner: true });
  const mei = await team.join('mei@example.com', { permissions: ['contacts:view'] });
  const people = await inviteMany(team, 8);

  const [left, ...answers] = await atOnce([
    () => mei.client.post('/organization/leave'),
    ...people.map(
      ({ token }) =>
        () =>
          team.accept(token),
    ),
  ]);
  expect(left?.status).toBe(200);
  const joinedMeanwhile = answers.filter(({ status }) => status === 200).length;
  expect(joinedMeanwhile).toBeLessThanOrEqual(1);

  const again = await atOnce(
    people
      .filter((_, index) => answers[index]?.status === 402)
      .map(
        ({ token }) =>
          () =>
            team.accept(token),
      ),
  );
  expect(joinedMeanwhile + again.filter(({ status }) => status === 200).length).toBe(1);
  expect(await seatsUsed(team)).toBe(2);
});

test('T17 a plan that is lowered meanwhile counts from its own revision on', async () => {
  for (const round of times(6, (index) => index)) {
    const team = await foundTeam(world, { plan: 'enterprise', seats: 12 });
    const people = await inviteMany(team, 20);

    const [lowered, ...answers] = await jostling(round, [
      () => limitSeats(team, 5),
      ...people.map(
        ({ token }) =>
          () =>
            team.accept(token),
      ),
    ]);

    expect(lowered?.status).toBe(200);
    const change = (lowered && revisionOf(lowered)) ?? 0;
    const joined = answers.filter(({ status }) => status === 200).map((answer) => revisionOf(answer) ?? 0);
    const before = joined.filter((revision) => revision < change).length;
    expect(before).toBeLessThanOrEqual(12);
    expect(joined).toHaveLength(Math.max(before, 5));
    expect(answers.filter(({ status }) => status !== 200).map(short)).toEqual(
      times(20 - joined.length, () => '402 seat_limit'),
    );
    expect(await seatsUsed(team)).toBe(joined.length);
  }
});

test('T17 two organizations at their limits do not take seats from each other', async () => {
  const [acme, brook] = [
    await foundTeam(world, { plan: 'enterprise', seats: 3 }),
    await foundTeam(world, { plan: 'enterprise', seats: 4 }),
  ];
  const [here, there] = [await inviteMany(acme, 8), await inviteMany(brook, 8)];

  await atOnce(
    [...here, ...there].map(
      ({ token }) =>
        () =>
          acme.accept(token),
    ),
  );

  expect([await seatsUsed(acme), await seatsUsed(brook)]).toEqual([3, 4]);
});

test('T17 none of it was a fault or a deadlock', () => expectNoFaults(world));

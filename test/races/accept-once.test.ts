import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from '../world.ts';
import { foundTeam, type Team } from './organization.ts';
import { atOnce, expectNoFaults, revisionOf, startRaceTrack, times } from './race.ts';

let world: World;
let team: Team;
beforeAll(async () => {
  world = await startRaceTrack();
  team = await foundTeam(world);
});
afterAll(() => world?.stop());

test('T15 50 parallel acceptances make one membership, one audit event, one revision, and 50 identical answers', async () => {
  for (const email of times(5, (round) => `noor-${round}@example.com`)) {
    const token = await team.invite(email);
    const before = { revision: await team.revision(), events: await team.events('invitation.accepted') };

    const answers = await atOnce(times(50, () => () => team.accept(token)));

    const expected = {
      status: 200,
      body: {
        status: 'OK',
        state: 'joined',
        email,
        organization: { name: 'Acme' },
        redirect_url: null,
        signed_in: false,
      },
    };
    for (const { status, body } of answers) expect({ status, body }).toEqual(expected);
    expect(answers.map(revisionOf)).toEqual(times(50, () => before.revision + 1));
    expect(await team.revision()).toBe(before.revision + 1);
    expect(await team.events('invitation.accepted')).toBe(before.events + 1);
    const rows = await world.database.sql('select status from member where organization_id = $1 and email = $2', [
      team.id,
      email,
    ]);
    expect(rows).toEqual([{ status: 'active' }]);
  }
});

test('T15 a mailed and a copied link of one invitation, followed many times at once, let the person in once', async () => {
  const mailed = await team.invite('lena@example.com');
  const copied = await team.partner.post('/organization/user/invitation/link/lena@example.com');
  const revealed: string = copied.body.link.slice(copied.body.link.indexOf('#') + 1);
  const before = await team.revision();

  const answers = await atOnce(times(24, (index) => () => team.accept(index % 2 === 0 ? mailed : revealed)));

  expect(answers.map(({ status }) => status)).toEqual(times(24, () => 200));
  expect(await team.revision()).toBe(before + 1);
});

test('T15 a person whom two organizations invited joins both at once, each once', async () => {
  const other = await foundTeam(world);
  const tokens = [await team.invite('olga@example.com'), await other.invite('olga@example.com')];

  const answers = await atOnce(times(20, (index) => () => team.accept(tokens[index % 2] ?? '')));

  expect(answers.map(({ status }) => status)).toEqual(times(20, () => 200));
  expect((await team.members())['olga@example.com']).toBe('active');
  expect(await other.members()).toEqual({ 'olga@example.com': 'active' });
  expect(await other.revision()).toBe(1);
});

test('T15 none of it was a fault or a deadlock', () => expectNoFaults(world));

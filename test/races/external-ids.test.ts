import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person, World } from '../world.ts';
import { foundTeam, invitationOf, type Team } from './organization.ts';
import { atOnce, expectNoFaults, jostling, short, startRaceTrack, times } from './race.ts';

let world: World;
let team: Team;
let ada: Person;
beforeAll(async () => {
  world = await startRaceTrack();
  team = await foundTeam(world);
  ada = await team.join('ada@example.com', { owner: true });
});
afterAll(() => world?.stop());

const invite = (email: string, external?: string, headers = {}) =>
  ada.client.post(
    '/organization/user/invitation/send',
    { ...invitationOf(email, ['contacts:view']), ...(external && { external_id: external }) },
    headers,
  );
const name = (person: Person, external: string) =>
  ada.client.put(`/organization/user/${person.email}`, { external_id: external });

async function holders(external: string): Promise<number> {
  const { users } = (await team.partner.get('/organization/invited/users')).body;
  return users.filter(({ external_id }: { external_id: string | null }) => external_id === external).length;
}

test('of many who are invited at once with one external id exactly one gets it, and bystanders are invited too', async () => {
  for (const round of times(6, (index) => index)) {
    const external = `invited-${round}`;
    const invited = await team.events('member.invited');
    const answers = await atOnce(
      times(40, (index) => () => {
        const email = `person-${round}-${index}@example.com`;
        if (index % 2 === 0) return invite(email);
        return invite(email, external, index % 8 === 1 ? { 'idempotency-key': `${round}-${index}` } : {});
      }),
    );

    const [bystanders, rivals] = [0, 1].map((rest) =>
      answers.filter((_, index) => index % 2 === rest).map((answer) => short(answer)),
    ) as [string[], string[]];
    expect(bystanders).toEqual(times(20, () => '200'));
    expect(rivals.sort()).toEqual(['200', ...times(19, () => '400 external_id_taken')]);
    expect(await holders(external)).toBe(1);
    expect(await team.events('member.invited')).toBe(invited + 21);
  }
});

test('an external id that members are given while others are invited with it is held by one in the end', async () => {
  for (const round of times(8, (index) => index)) {
    const external = `given-${round}`;
    const people = await Promise.all(
      times(3, (index) => team.join(`given-${round}-${index}@example.com`, { permissions: ['contacts:view'] })),
    );

    const answers = await jostling(round, [
      ...people.map((person) => () => name(person, external)),
      ...times(3, (index) => () => invite(`rival-${round}-${index}@example.com`, external)),
    ]);

    expect(answers.map(short).sort()).toEqual(['200', ...times(5, () => '400 external_id_taken')]);
    expect(await holders(external)).toBe(1);
  }
});

test('the same invitation at once, external id and all, is one invitation', async () => {
  for (const round of times(5, (index) => index)) {
    const email = `same-${round}@example.com`;
    const answers = await atOnce(times(24, () => () => invite(email, `same-${round}`)));
    expect(answers.map(short)).toEqual(times(24, () => '200'));
    expect(await team.deliveries(email)).toBe(1);
  }
});

test('none of it was a fault or a deadlock', () => expectNoFaults(world));

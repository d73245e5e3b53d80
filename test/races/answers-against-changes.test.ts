import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../client.ts';
import type { Person, World } from '../world.ts';
import { foundTeam, invitationOf, type Team } from './organization.ts';
import { expectNoFaults, jostling, revisionOf, short, startRaceTrack, type Task, times } from './race.ts';

const rounds = 24;
const send = '/organization/user/invitation/send';
const viewing = ['contacts:view'] as const;
const exporting = ['contacts:view', 'contacts:export'] as const;

let world: World;
let team: Team;
let ada: Person;
let mei: Person;
beforeAll(async () => {
  world = await startRaceTrack();
  team = await foundTeam(world);
  ada = await team.join('ada@example.com', { owner: true });
  mei = await team.join('mei@example.com', { permissions: ['user_management:all', ...exporting] });
});
afterAll(() => world?.stop());

const put = (by: Person, action: string, email: string) =>
  by.client.put(`/organization/user/invitation/${action}/${email}`);
const update = (by: Person, email: string, permissions: readonly `${string}:${string}`[]) =>
  by.client.post('/organization/user/update/permissions', invitationOf(email, permissions));
const permissionsOf = async (email: string): Promise<string[]> => {
  const { body } = await team.partner.get(`/organization/user/${email}/permissions`);
  const privileges: { feature: string; permissions: string[] }[] = body.privileges;
  return privileges.flatMap(({ feature, permissions }) => permissions.map((permission) => `${feature}:${permission}`));
};

/**
 * Invites somebody, lets the tasks race, and looks for what happened (the short answers, then how the person stands) in
 * the table of what one order or another of the tasks can lead to. The revision must have risen once for each change of
 * active access, no more.
 */
async function race(
  name: string,
  tasks: (person: { email: string; token: string }) => Task<Answer>[],
  possible: readonly { answers: readonly string[]; standing: string | undefined; revisions: number }[],
): Promise<void> {
  for (const round of times(rounds, (index) => index)) {
    const email = `${name}-${round}@example.com`;
    const token = await team.invite(email, viewing, ada.client);
    const before = await team.revision();

    const answers = await jostling(round, tasks({ email, token }));

    const seen = {
      answers: answers.map(short),
      standing: (await team.members())[email],
      revisions: (await team.revision()) - before,
    };
    expect(possible, `round ${round} of ${name}`).toContainEqual(seen);
    const announced = answers.map(revisionOf).filter((revision) => revision !== undefined);
    expect(announced.sort((a, b) => a - b)).toEqual(times(seen.revisions, (index) => before + index + 1));
    const rows = await world.database.sql(
      `select 1 from member where organization_id = $1 and email = $2 and status <> 'removed'`,
      [team.id, email],
    );
    expect(rows).toHaveLength(seen.standing === undefined ? 0 : 1);
  }
}

test('T16 accept against cancel: either they join and cannot be cancelled, or the link is dead', () =>
  race('cancel', ({ email, token }) => [() => team.accept(token), () => put(ada, 'cancel', email)], [
    { answers: ['200', '400 already_joined'], standing: 'active', revisions: 1 },
    { answers: ['404 invitation_cancelled', '200'], standing: undefined, revisions: 0 },
  ]));

test('T16 accept against revoke: in any order they are out in the end', () =>
  race('revoke', ({ email, token }) => [() => team.accept(token), () => put(mei, 'revoke', email)], [
    { answers: ['200', '200'], standing: undefined, revisions: 2 },
    { answers: ['404 invitation_cancelled', '200'], standing: undefined, revisions: 0 },
  ]));

test('T16 accept against resend: the old link lets in before, never after', () =>
  race('resend', ({ email, token }) => [() => team.accept(token), () => put(ada, 'resend', email)], [
    { answers: ['200', '400 already_joined'], standing: 'active', revisions: 1 },
    { answers: ['404 invitation_replaced', '200'], standing: 'pending', revisions: 0 },
  ]));

test('T16 accept against decline: the first answer stands', () =>
  race('decline', ({ token }) => [() => team.accept(token), () => team.decline(token)], [
    { answers: ['200', '400 already_joined'], standing: 'active', revisions: 1 },
    { answers: ['404 invitation_declined', '200'], standing: 'declined', revisions: 0 },
  ]));

test('T16 accept against update: both hold, and the update counts as a change of access only after joining', async () => {
  for (const round of times(rounds, (index) => index)) {
    const email = `update-${round}@example.com`;
    const token = await team.invite(email, viewing, ada.client);
    const before = await team.revision();

    const [accepted, updated] = await jostling(round, [() => team.accept(token), () => update(mei, email, exporting)]);

    expect([accepted, updated].map((answer) => answer?.status)).toEqual([200, 200]);
    const revisions = [accepted, updated].map((answer) => answer && revisionOf(answer));
    expect([
      [before + 1, before + 2],
      [before + 1, undefined],
    ]).toContainEqual(revisions);
    expect(await permissionsOf(email)).toEqual([...exporting]);
    expect((await team.members())[email]).toBe('active');
  }
});

test('T16 accept against two updates: what is held in the end is what the later one wrote', async () => {
  for (const round of times(rounds, (index) => index)) {
    const email = `updates-${round}@example.com`;
    const token = await team.invite(email, viewing, ada.client);

    const [, first, second] = await jostling(round, [
      () => team.accept(token),
      () => update(mei, email, exporting),
      () => update(ada, email, ['contacts:import']),
    ]);

    const versions = [first, second].map((answer) => answer?.headers.get('etag'));
    const later = Number(versions[0]?.slice(1, -1)) > Number(versions[1]?.slice(1, -1)) ? 0 : 1;
    expect(await permissionsOf(email)).toEqual(later === 0 ? [...exporting] : ['contacts:import']);
  }
});

test('T16 accept against cancelling and inviting anew: nobody joins by the offer that was taken back', async () => {
  const anew = ({ email, token }: { email: string; token: string }) => [
    () => team.accept(token),
    () => put(ada, 'cancel', email),
    () => mei.client.post(send, invitationOf(email, exporting)),
  ];
  await race('anew', anew, [
    { answers: ['200', '400 already_joined', '400 already_member'], standing: 'active', revisions: 1 },
    { answers: ['404 invitation_cancelled', '200', '200'], standing: 'pending', revisions: 0 },
    { answers: ['200', '400 already_joined', '400 already_invited'], standing: 'active', revisions: 1 },
    { answers: ['404 invitation_cancelled', '200', '400 already_invited'], standing: undefined, revisions: 0 },
  ]);
  for (const [email, standing] of Object.entries(await team.members())) {
    if (!email.startsWith('anew-')) continue;
    expect(await permissionsOf(email)).toEqual(standing === 'active' ? [...viewing] : [...exporting]);
  }
});

test('T16 the link of a declined invitation stays dead while somebody invites anew', async () => {
  const answers = ({ email, token }: { email: string; token: string }) => [
    () => team.decline(token),
    () => team.accept(token),
    () => ada.client.post(send, invitationOf(email, exporting)),
  ];
  await race('declined', answers, [
    { answers: ['200', '404 invitation_declined', '200'], standing: 'pending', revisions: 0 },
    { answers: ['200', '404 invitation_replaced', '200'], standing: 'pending', revisions: 0 },
    { answers: ['200', '404 invitation_declined', '400 already_invited'], standing: 'declined', revisions: 0 },
    { answers: ['400 already_joined', '200', '400 already_member'], standing: 'active', revisions: 1 },
    { answers: ['400 already_joined', '200', '400 already_invited'], standing: 'active', revisions: 1 },
  ]);
});

test('T16 cancel against revoke: one removes, and the other finds nobody', () =>
  race('removal', ({ email }) => [() => put(ada, 'cancel', email), () => put(mei, 'revoke', email)], [
    { answers: ['200', '404 unknown_member'], standing: undefined, revisions: 0 },
    { answers: ['404 unknown_member', '200'], standing: undefined, revisions: 0 },
  ]));

test('T16 the same removal many times at once by one credential is done once and answered alike', async () => {
  for (const action of ['cancel', 'revoke']) {
    const email = `${action}-often@example.com`;
    await team.invite(email, viewing, ada.client);
    const done = action === 'cancel' ? 'invitation.cancelled' : 'member.revoked';
    const before = await team.events(done);

    const answers = await jostling(
      1,
      times(12, () => () => put(ada, action, email)),
    );

    expect(answers.map(short)).toEqual(times(12, () => '200'));
    expect(await team.events(done)).toBe(before + 1);
  }
});

test('T16 none of it was a fault or a deadlock', () => expectNoFaults(world));

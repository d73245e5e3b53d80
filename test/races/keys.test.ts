import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../client.ts';
import type { Person, World } from '../world.ts';
import { foundTeam, invitationOf, type Team } from './organization.ts';
import { atOnce, expectNoFaults, jostling, revisionOf, short, startRaceTrack, times } from './race.ts';

const keys = '/organization/api-keys';
const send = '/organization/user/invitation/send';
const newKey = (name: string) => ({ name, all_features_access: true });

let world: World;
let team: Team;
let ada: Person;
beforeAll(async () => {
  world = await startRaceTrack();
  team = await foundTeam(world);
  ada = await team.join('ada@example.com', { owner: true });
});
afterAll(() => world?.stop());

async function makeKey(by: Client, name: string): Promise<{ id: string; client: Client }> {
  const { body } = await by.post(keys, newKey(name));
  return { id: body.id, client: world.as(body.key) };
}

const namesOfKeys = async (): Promise<string[]> => {
  const { body } = await ada.client.get(keys);
  return body.api_keys.map(({ name }: { name: string }) => name);
};

test('T12 a key that makes another while it is deleted did so before, or not at all', async () => {
  for (const round of times(20, (index) => index)) {
    const robot = await makeKey(ada.client, `robot ${round}`);

    const [made, deleted] = await jostling(round, [
      () => robot.client.post(keys, newKey(`child ${round}`)),
      () => ada.client.delete(`${keys}/${robot.id}`),
    ]);

    expect(deleted?.status).toBe(200);
    if (made?.status === 201) {
      expect(revisionOf(made)).toBeLessThan((deleted && revisionOf(deleted)) ?? 0);
      expect(await namesOfKeys()).toContain(`child ${round}`);
    } else {
      expect([401, 403]).toContain(made?.status);
      expect(await namesOfKeys()).not.toContain(`child ${round}`);
    }
    expect((await robot.client.get('/account')).status).toBe(401);
  }
});

test('T12 two keys that delete each other at once: exactly one is left', async () => {
  for (const round of times(16, (index) => index)) {
    const [one, other] = [await makeKey(ada.client, 'one'), await makeKey(ada.client, 'other')];

    const answers = await jostling(round, [
      () => one.client.delete(`${keys}/${other.id}`),
      () => other.client.delete(`${keys}/${one.id}`),
    ]);

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401 || status === 403)).toHaveLength(1);
    const alive = await atOnce(
      [one, other].map(
        ({ client }) =>
          () =>
            client.get('/account'),
      ),
    );
    expect(alive.map(({ status }) => status).sort()).toEqual([200, 401]);
  }
});

test('T12 a key deleted by many at once is deleted once', async () => {
  const robot = await makeKey(ada.client, 'short-lived');
  const before = await team.revision();

  const answers = await atOnce(times(12, () => () => ada.client.delete(`${keys}/${robot.id}`)));

  expect(answers.map(short).sort()).toEqual(['200', ...times(11, () => '404 unknown_key')]);
  expect(await team.revision()).toBe(before + 1);
});

test('T12 a key rotated by many at once ends with all new secrets dead but those still in their overlap', async () => {
  const robot = await makeKey(ada.client, 'rotating');
  const rotations = await atOnce(
    times(8, () => () => ada.client.post(`${keys}/${robot.id}/rotate`, { overlap_seconds: 0 })),
  );
  expect(rotations.map(short)).toEqual(times(8, () => '200'));

  const alive = await atOnce(
    rotations.map(
      ({ body }) =>
        () =>
          world.as(body.key).get('/account'),
    ),
  );
  const last = rotations.map((answer) => revisionOf(answer) ?? 0);
  expect(alive.map(({ status }) => status)).toEqual(
    last.map((revision) => (revision === Math.max(...last) ? 200 : 401)),
  );
});

test('T15 parallel requests with one Idempotency-Key have one effect and one answer, a new key’s secret included', async () => {
  for (const round of times(4, (index) => index)) {
    const name = `made once ${round}`;
    const before = await team.revision();

    const answers = await atOnce(
      times(20, () => () => ada.client.post(keys, newKey(name), { 'idempotency-key': `make-${round}` })),
    );

    expect(answers.map(({ status }) => status)).toEqual(times(20, () => 201));
    expect(new Set(answers.map(({ body }) => body.key)).size).toBe(1);
    expect(new Set(answers.map(revisionOf))).toEqual(new Set([before + 1]));
    expect((await namesOfKeys()).filter((each) => each === name)).toHaveLength(1);
    expect((await world.as(answers[0]?.body.key).get('/account')).status).toBe(200);
  }
});

test('T15 parallel requests with one Idempotency-Key and different bodies: one is done, the others are told', async () => {
  for (const round of times(4, (index) => index)) {
    const emails = times(16, (index) => `person-${round}-${index}@example.com`);
    const before = await team.events('member.invited');

    const answers = await atOnce(
      emails.map(
        (email) => () =>
          ada.client.post(send, invitationOf(email, ['contacts:view']), { 'idempotency-key': `invite-${round}` }),
      ),
    );

    expect(answers.map(short).sort()).toEqual(['200', ...times(15, () => '400 key_reused')]);
    expect(answers.find(({ status }) => status === 400)?.body.code).toBe('duplicate_request');
    const winner = emails[answers.findIndex(({ status }) => status === 200)];
    expect(Object.keys(await team.members()).filter((email) => emails.includes(email))).toEqual([winner]);
    expect(await team.events('member.invited')).toBe(before + 1);
  }
});

test('T15 the same word as Idempotency-Key of two credentials is two keys', async () => {
  const ben = await team.join('ben@example.com', { owner: true });

  const answers = await atOnce(
    times(
      12,
      (index) => () =>
        (index % 2 === 0 ? ada : ben).client.post(keys, newKey('of two'), { 'idempotency-key': 'the-same-word' }),
    ),
  );

  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(2);
});

test('T15 an Idempotency-Key whose request failed is free again, for all who try at once', async () => {
  const body = (permission: string) => invitationOf('wrong@example.com', [`contacts:${permission}`]);
  const failed = await atOnce(
    times(8, () => () => ada.client.post(send, body('no_such_thing'), { 'idempotency-key': 'second-chance' })),
  );
  expect(failed.map(short)).toEqual(times(8, () => '400 unknown_permission'));

  const answers = await atOnce(
    times(8, () => () => ada.client.post(send, body('view'), { 'idempotency-key': 'second-chance' })),
  );
  expect(answers.map(short)).toEqual(times(8, () => '200'));
});

test('T15 an invitation accepted many times at once under one Idempotency-Key is one acceptance', async () => {
  const token = await team.invite('noor@example.com');
  const before = await team.revision();

  const answers = await atOnce(
    times(
      20,
      () => () =>
        world.anonymous.post('/organization/user/invitation/accept', { token }, { 'idempotency-key': 'join' }),
    ),
  );

  expect(answers.map(short)).toEqual(times(20, () => '200'));
  expect(new Set(answers.map(revisionOf))).toEqual(new Set([before + 1]));
  expect(await team.revision()).toBe(before + 1);
});

test('T15 inviting a known address under an Idempotency-Key while others resend to it is never a fault', async () => {
  for (const round of times(6, (index) => index)) {
    const email = `busy-${round}@example.com`;
    await team.invite(email, ['contacts:view'], ada.client);

    const answers = await jostling(
      round,
      times(10, (index) =>
        index % 2 === 0
          ? () =>
              ada.client.post(send, invitationOf(email, ['contacts:view']), { 'idempotency-key': `${email}-${index}` })
          : () => ada.client.put(`/organization/user/invitation/resend/${email}`),
      ),
    );

    expect(answers.map(short)).toEqual(times(10, () => '200'));
  }
});

test('T15 inviting a new address under many Idempotency-Keys while others resend to it is never a fault', async () => {
  for (const round of times(10, (index) => index)) {
    const email = `new-${round}@example.com`;

    const answers = await jostling(
      round,
      times(12, (index) =>
        index % 3 < 2
          ? () =>
              ada.client.post(send, invitationOf(email, ['contacts:view']), { 'idempotency-key': `${email}-${index}` })
          : () => ada.client.put(`/organization/user/invitation/resend/${email}`),
      ),
    );

    expect(answers.filter((_, index) => index % 3 < 2).map(short)).toEqual(times(8, () => '200'));
    for (const answer of answers) expect(['200', '404 unknown_member']).toContain(short(answer));
    expect(await team.deliveries(email)).toBeLessThanOrEqual(2);
  }
});

test('T15 none of it was a fault or a deadlock', () => expectNoFaults(world));

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person, World } from '../world.ts';
import { foundTeam, invitationOf, type Team } from './organization.ts';
import { atOnce, expectNoFaults, jostling, short, startRaceTrack, times } from './race.ts';

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

const resend = (by: Person, email: string) => by.client.put(`/organization/user/invitation/resend/${email}`);

async function generation(email: string): Promise<number | undefined> {
  const [row] = await world.database.sql<{ generation: number }>(
    `select i.generation from invitation i join member m on m.organization_id = i.organization_id and m.id = i.member_id
     where m.organization_id = $1 and m.email = $2 and m.status <> 'removed'`,
    [team.id, email],
  );
  return row?.generation;
}

test('T15 32 parallel invitations with the same body make one member and one mail, and all are answered alike', async () => {
  for (const round of times(5, (index) => index)) {
    const email = `lena-${round}@example.com`;
    const invited = await team.events('member.invited');

    const answers = await atOnce(times(32, () => () => ada.client.post(send, invitationOf(email, viewing))));

    expect(answers.map(short)).toEqual(times(32, () => '200'));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await team.deliveries(email)).toBe(1);
    expect(await team.events('member.invited')).toBe(invited + 1);
  }
});

test('T15 32 parallel invitations with different bodies: one offer wins, and the others are duplicates', async () => {
  for (const round of times(5, (index) => index)) {
    const email = `ravi-${round}@example.com`;
    const offers = [viewing, exporting, ['contacts:import'], ['templates:create_edit_delete']] as const;

    const answers = await atOnce(
      times(32, (index) => () => ada.client.post(send, invitationOf(email, offers[index % 4] ?? viewing))),
    );

    const winners = times(4, (offer) =>
      answers.filter((answer, index) => index % 4 === offer && answer.status === 200),
    );
    expect(winners.map(({ length }) => length).sort()).toEqual([0, 0, 0, 8]);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'duplicate_parameter', details: [{ reason: 'already_invited' }] },
      });
    }
    expect(await team.deliveries(email)).toBe(1);
  }
});

test('T15 whoever declined is invited anew by many at once: one new offer, one new mail, one new link', async () => {
  for (const round of times(8, (index) => index)) {
    const email = `sam-${round}@example.com`;
    await team.decline(await team.invite(email, viewing, ada.client));

    const answers = await jostling(
      round,
      times(24, () => () => ada.client.post(send, invitationOf(email, exporting))),
    );

    expect(answers.map(short)).toEqual(times(24, () => '200'));
    expect(await generation(email)).toBe(2);
    expect(await team.deliveries(email)).toBe(2);
  }
});

test('T15 whoever let the invitation expire is invited anew by many at once, each with an offer of their own', async () => {
  for (const round of times(6, (index) => index)) {
    const email = `tove-${round}@example.com`;
    await team.invite(email, viewing, ada.client);
    await world.database.sql(
      `update invitation set expires_at = now() - interval '1 second'
       where member_id = (select id from member where organization_id = $1 and email = $2)`,
      [team.id, email],
    );

    const answers = await jostling(
      round,
      times(16, (index) => () => ada.client.post(send, invitationOf(email, index % 2 === 0 ? viewing : exporting))),
    );

    const won = times(
      2,
      (offer) => answers.filter(({ status }, index) => index % 2 === offer && status === 200).length,
    );
    expect(won.sort()).toEqual([0, 8]);
    expect(await generation(email)).toBe(2);
  }
});

test('T14 parallel resends by one credential within a minute make one new link and one mail', async () => {
  for (const round of times(5, (index) => index)) {
    const email = `iris-${round}@example.com`;
    const first = await team.invite(email, viewing, ada.client);
    const resent = await team.events('invitation.resent');

    const answers = await atOnce(times(20, () => () => resend(ada, email)));

    expect(answers.map(short)).toEqual(times(20, () => '200'));
    expect(await generation(email)).toBe(2);
    expect(await team.deliveries(email)).toBe(2);
    expect(await team.events('invitation.resent')).toBe(resent + 1);
    expect(short(await team.accept(first))).toBe('404 invitation_replaced');
    expect(short(await team.accept(await team.token(email)))).toBe('200');
  }
});

test('T14 two people who resend at once make a link each, of which only the newer lives', async () => {
  for (const round of times(8, (index) => index)) {
    const email = `odd-${round}@example.com`;
    await team.invite(email, viewing, ada.client);

    const answers = await jostling(round, [() => resend(ada, email), () => resend(mei, email)]);

    expect(answers.map(short)).toEqual(['200', '200']);
    expect(await generation(email)).toBe(3);
    expect(await team.deliveries(email)).toBe(3);
  }
});

test('T16 inviting, resending, cancelling and accepting one address by everybody at once never ends in a fault', async () => {
  for (const round of times(10, (index) => index)) {
    const email = `crowd-${round}@example.com`;
    const token = await team.invite(email, viewing, ada.client);
    if (round % 2 === 0) await team.decline(token);

    const answers = await jostling(
      round,
      times(6, (index) => [
        () => ada.client.post(send, invitationOf(email, index % 2 === 0 ? viewing : exporting)),
        () => resend(index % 2 === 0 ? ada : mei, email),
        () => ada.client.put(`/organization/user/invitation/cancel/${email}`),
        () => team.accept(token),
      ]).flat(),
    );

    for (const { status } of answers) expect([200, 400, 404]).toContain(status);
    const rows = await world.database.sql(
      `select 1 from member where organization_id = $1 and email = $2 and status <> 'removed'`,
      [team.id, email],
    );
    expect(rows.length).toBeLessThanOrEqual(1);
  }
});

test('T34 however many organizations invite one person at once, 5 mails an hour go to them', async () => {
  const limited = await startRaceTrack({ MAIL_RATE_RECIPIENT: '5' });
  try {
    const teams: Team[] = [];
    for (const _ of times(12, (index) => index)) teams.push(await foundTeam(limited));
    const invitation = invitationOf('olga@example.com', viewing);
    const inviteEverywhere = () => atOnce(teams.map((each) => () => each.partner.post(send, invitation)));

    const answers = await inviteEverywhere();
    expect(answers.map(short).sort()).toEqual([...times(5, () => '200'), ...times(7, () => '429 mail_rate')]);
    for (const { headers } of answers.filter(({ status }) => status === 429)) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(3500);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(3600);
    }
    const mails = () =>
      limited.database.sql(`select 1 from delivery where recipient = 'olga@example.com' and state = 'queued'`);
    expect(await mails()).toHaveLength(5);

    const retried = await inviteEverywhere();
    expect(retried.map(short)).toEqual(answers.map(short));

    await limited.database.sql(`update delivery set created_at = created_at - interval '1 hour'`);
    const later = await inviteEverywhere();
    expect(later.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(await mails()).toHaveLength(10);
    await expectNoFaults(limited);
  } finally {
    await limited.stop();
  }
});

test('T16 none of it was a fault or a deadlock', () => expectNoFaults(world));

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../client.ts';
import { type Person, startWorld, type World } from '../world.ts';

let world: World;
/** A second administrator, with everything. */
let mei: Person;
/** Manages members and views contacts, no more. */
let tomas: Person;
beforeAll(async () => {
  world = await startWorld();
  mei = await world.join('mei@example.com', { all: true });
  tomas = await world.join('tomas@example.com', { permissions: ['user_management:all', 'contacts:view'] });
});
afterAll(() => world?.stop());

type Action = 'resend' | 'cancel' | 'revoke';
const act = (action: string, email: string, by: Client = world.owner) =>
  by.put(`/organization/user/invitation/${action}/${encodeURIComponent(email)}`);
const statusOf = async (email: string): Promise<string> => {
  const answer = await world.owner.get(`/organization/user/${email}/permissions`);
  return answer.status === 404 ? 'gone' : answer.body.status;
};
const mailsTo = async (email: string): Promise<number> =>
  (await world.owner.get(`/organization/deliveries?email=${email}`)).body.deliveries.length;
const sqlFor = (email: string, change: string) =>
  world.database.sql(
    `update invitation set ${change} where member_id = (select id from member where email = $1 and status <> 'removed')`,
    [email],
  );

let count = 0;
/** Somebody new in a state; the address. */
async function somebody(state: string): Promise<string> {
  const email = `person-${++count}@example.com`;
  if (state === 'active') await world.join(email, { permissions: ['contacts:view'] });
  if (state === 'owner') await world.join(email, { owner: true });
  if (['pending', 'declined', 'expired'].includes(state)) {
    const token = await world.invite(email);
    if (state === 'declined') await world.anonymous.post('/organization/user/invitation/decline', { token });
    if (state === 'expired') await sqlFor(email, `expires_at = now() - interval '1 second'`);
  }
  return email;
}

// State, action, then status, reason where it is refused, and what the person is afterwards.
const table: [string, Action, number, string | undefined, string][] = [
  ['unknown', 'resend', 404, 'unknown_member', 'gone'],
  ['unknown', 'cancel', 404, 'unknown_member', 'gone'],
  ['unknown', 'revoke', 404, 'unknown_member', 'gone'],
  ['pending', 'resend', 200, undefined, 'pending'],
  ['pending', 'cancel', 200, undefined, 'gone'],
  ['pending', 'revoke', 200, undefined, 'gone'],
  ['expired', 'resend', 200, undefined, 'pending'],
  ['expired', 'cancel', 200, undefined, 'gone'],
  ['expired', 'revoke', 200, undefined, 'gone'],
  ['declined', 'resend', 200, undefined, 'pending'],
  ['declined', 'cancel', 200, undefined, 'gone'],
  ['declined', 'revoke', 200, undefined, 'gone'],
  ['active', 'resend', 400, 'already_joined', 'active'],
  ['active', 'cancel', 400, 'already_joined', 'active'],
  ['active', 'revoke', 200, undefined, 'gone'],
  ['owner', 'resend', 403, 'owner_protected', 'active'],
  ['owner', 'cancel', 403, 'owner_protected', 'active'],
  ['owner', 'revoke', 403, 'owner_protected', 'active'],
];

test.each(table)('%s, %s: %i %s, then %s', async (state, action, status, reason, after) => {
  const email = await somebody(state);
  const answer = await act(action, email);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  if (status === 200) expect(answer.body).toEqual({ status: 'OK', email });
  else expect(answer.body.details[0].reason).toBe(reason);
  expect(await statusOf(email)).toBe(after);
  expect(answer.headers.has('latchkey-revision'), 'only revoking somebody active changes access').toBe(
    state === 'active' && action === 'revoke',
  );
});

test.each<Action>(['cancel', 'revoke'])(
  '%s repeated by the same key within 10 minutes answers alike, by another or later not',
  async (action) => {
    const email = await somebody('pending');
    expect((await act(action, email)).status).toBe(200);
    const repeated = await act(action, email);
    expect(repeated).toMatchObject({ status: 200, body: { status: 'OK', email } });
    expect((await act(action, email, mei.client)).status).toBe(404);
    expect(
      (await act(action === 'cancel' ? 'revoke' : 'cancel', email)).status,
      'another action is no repetition',
    ).toBe(404);
    await world.database.sql(`update member set removed_at = now() - interval '601 seconds' where email = $1`, [email]);
    expect((await act(action, email)).status).toBe(404);
    const events = (await world.owner.get(`/organization/activities?email=${email}`)).body.logs;
    expect(events.map((event: { action: string }) => event.action)).toEqual([
      action === 'cancel' ? 'invitation.cancelled' : 'member.revoked',
      'member.invited',
    ]);
  },
);

test('resend makes a new link with a new deadline, and the old link dies at once', async () => {
  const email = await somebody('pending');
  await sqlFor(email, `expires_at = now() + interval '1 hour'`);
  const old = await world.token(email);
  expect((await act('resend', email)).status).toBe(200);
  const token = await world.token(email);
  expect(token).not.toBe(old);
  expect((await world.anonymous.post('/organization/user/invitation/inspect', { token: old })).body.state).toBe(
    'replaced',
  );
  expect(await world.anonymous.post('/organization/user/invitation/accept', { token: old })).toMatchObject({
    status: 404,
    body: { details: [{ reason: 'invitation_replaced' }] },
  });
  const seen = (await world.anonymous.post('/organization/user/invitation/inspect', { token })).body;
  expect(Date.parse(seen.expires_at) - Date.now()).toBeGreaterThan(71 * 3_600_000);
  expect(await mailsTo(email)).toBe(2);
  expect((await world.anonymous.post('/organization/user/invitation/accept', { token })).status).toBe(200);
});

test('resend repeated by the same key within 60 seconds changes nothing; by another, or later, it does', async () => {
  const email = await somebody('expired');
  await act('resend', email);
  const token = await world.token(email);
  expect((await act('resend', email)).status).toBe(200);
  expect([await world.token(email), await mailsTo(email)]).toEqual([token, 2]);
  expect((await act('resend', email, mei.client)).status).toBe(200);
  expect(await world.token(email)).not.toBe(token);
  expect(await mailsTo(email)).toBe(3);
  await act('resend', email);
  expect(await mailsTo(email)).toBe(4);
  await sqlFor(email, `resent_at = now() - interval '61 seconds'`);
  await act('resend', email);
  expect(await mailsTo(email)).toBe(5);
});

test('what somebody declined in between is not a repetition: they are asked again', async () => {
  const email = await somebody('pending');
  await act('resend', email);
  await world.anonymous.post('/organization/user/invitation/decline', { token: await world.token(email) });
  expect((await act('resend', email)).status).toBe(200);
  expect(await statusOf(email)).toBe('pending');
});

test('a revoked member is out at once: their key holds nothing, their link is cancelled, their address is free', async () => {
  const email = await somebody('pending');
  const token = await world.token(email);
  await world.anonymous.post('/organization/user/invitation/accept', { token });
  await act('revoke', email);
  expect((await world.anonymous.post('/organization/user/invitation/inspect', { token })).body.state).toBe('cancelled');
  const leo = await world.join('leo@example.com', { permissions: ['user_management:all'] });
  expect((await leo.client.get('/organization/invited/users')).status).toBe(200);
  expect((await act('revoke', leo.email)).status).toBe(200);
  expect((await leo.client.get('/organization/invited/users')).status).toBe(403);
  await world.invite(email);
  expect(await statusOf(email)).toBe('pending');
});

test.each([
  ['resned', 'resend'],
  ['Resend', 'resend'],
  ['cancle', 'cancel'],
  ['revok', 'revoke'],
  ['frobnicate', undefined],
])('an unknown action, %s, is refused with the nearest one', async (action, suggestion) => {
  const answer = await act(action, await somebody('pending'));
  expect(answer).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', details: [{ path: 'action', reason: 'unknown_action' }] },
  });
  expect(answer.body.details[0].suggestion).toBe(suggestion);
});

test('nobody resends, cancels or revokes somebody who holds more than they do', async () => {
  const stronger = 'stronger@example.com';
  await world.invite(stronger, { permissions: ['contacts:view', 'phone:all'] });
  for (const action of ['resend', 'cancel', 'revoke'])
    expect(await act(action, stronger, tomas.client), action).toMatchObject({
      status: 403,
      body: { code: 'permission_denied', details: [{ path: 'email', reason: 'grant_ceiling' }] },
    });
  expect((await act('revoke', mei.email, tomas.client)).status).toBe(403);
  for (const action of ['resend', 'cancel'])
    expect((await act(action, await somebody('pending'), tomas.client)).status).toBe(200);
});

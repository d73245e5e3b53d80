import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { type StoppedClock, stopClock } from './stopped-clock.ts';

const hour = 3_600_000;
/** Years from the server's own clock, which therefore cannot be the one that decides. */
const start = new Date('2041-05-04T09:30:00.000Z');

let world: World;
let clock: StoppedClock;
beforeAll(async () => {
  world = await startWorld();
  clock = await stopClock(world, start);
});
afterAll(() => world?.stop());

const inspect = (token: string): Promise<Answer> =>
  world.anonymous.post('/organization/user/invitation/inspect', { token });
const accept = (token: string): Promise<Answer> =>
  world.anonymous.post('/organization/user/invitation/accept', { token });
const statusOf = async (email: string): Promise<string> =>
  (await world.owner.get(`/organization/user/${email}/permissions`)).body.status;

test('T13 an invitation expires exactly 72 hours on, by the database’s clock, and nobody has to sweep', async () => {
  await clock.set(start);
  const token = await world.invite('mei@example.com');
  expect((await inspect(token)).body.expires_at).toBe(new Date(start.getTime() + 72 * hour).toISOString());

  await clock.advance(72 * hour - 1);
  expect((await inspect(token)).body.state).toBe('pending');
  expect(await statusOf('mei@example.com')).toBe('pending');

  await clock.advance(1);
  expect(clock.now.getTime()).toBe(start.getTime() + 72 * hour);
  expect((await inspect(token)).body.state).toBe('expired');
  expect(await accept(token)).toMatchObject({ status: 404, body: { details: [{ reason: 'invitation_expired' }] } });
  expect((await world.anonymous.post('/organization/user/invitation/decline', { token })).status).toBe(404);
  expect(await statusOf('mei@example.com')).toBe('expired');
  const list = async (status: string): Promise<string[]> =>
    (await world.owner.get(`/organization/invited/users?status=${status}`)).body.users.map(
      (user: { email: string }) => user.email,
    );
  expect(await list('expired')).toEqual(['mei@example.com']);
  expect(await list('pending')).toEqual([]);
  expect(await world.owner.post('/organization/user/invitation/link/mei@example.com')).toMatchObject({
    status: 400,
    body: { details: [{ reason: 'not_pending' }] },
  });
  const rows = await world.database.sql(`select status from member where email = 'mei@example.com'`);
  expect(rows, 'nothing was written to make it so').toEqual([{ status: 'pending' }]);
});

test('T13 in the last millisecond it can still be accepted', async () => {
  await clock.set(start);
  const token = await world.invite('tomas@example.com');
  await clock.advance(72 * hour - 1);
  expect((await accept(token)).status).toBe(200);
  await clock.advance(10_000 * hour);
  expect((await inspect(token)).body.state).toBe('joined');
});

test('T13 a resend counts its 72 hours from then', async () => {
  await clock.set(start);
  const first = await world.invite('noor@example.com');
  await clock.advance(100 * hour);
  expect(await statusOf('noor@example.com')).toBe('expired');
  expect((await world.owner.put('/organization/user/invitation/resend/noor@example.com')).status).toBe(200);

  const second = await world.token('noor@example.com');
  expect((await inspect(second)).body).toMatchObject({
    state: 'pending',
    expires_at: new Date(start.getTime() + 172 * hour).toISOString(),
  });
  expect((await accept(first)).status).toBe(404);
  await clock.advance(72 * hour);
  expect((await accept(second)).body.details).toMatchObject([{ reason: 'invitation_expired' }]);
});

test('T13 there is no invitation without a deadline', async () => {
  const rows = await world.database.sql(
    `select is_nullable from information_schema.columns where table_name = 'invitation' and column_name = 'expires_at'`,
  );
  expect(rows).toEqual([{ is_nullable: 'NO' }]);
  await expect(startWorld({ INVITATION_TTL: 'none' })).rejects.toThrow(/INVITATION_TTL/);
});

test('T14 a resend kills the old link at once, mailed or revealed, and makes a new one', async () => {
  await clock.set(start);
  const mailed = await world.invite('lucy@example.com');
  const { body } = await world.owner.post('/organization/user/invitation/link/lucy@example.com');
  const revealed = body.link.slice(body.link.indexOf('#') + 1);
  expect(revealed).not.toBe(mailed);
  expect((await inspect(revealed)).body.state).toBe('pending');

  expect((await world.owner.put('/organization/user/invitation/resend/lucy@example.com')).status).toBe(200);
  const fresh = await world.token('lucy@example.com');
  expect(fresh).not.toBe(mailed);
  for (const dead of [mailed, revealed]) {
    expect((await inspect(dead)).body.state).toBe('replaced');
    expect((await inspect(dead)).body.access).toBeUndefined();
    for (const verb of ['accept', 'decline'])
      expect(await world.anonymous.post(`/organization/user/invitation/${verb}`, { token: dead })).toMatchObject({
        status: 404,
        body: { details: [{ reason: 'invitation_replaced' }] },
      });
  }
  expect((await accept(fresh)).status).toBe(200);
});

test('T14 the same key’s resend repeated within 60 seconds is a retry; at 60 seconds it is a new one', async () => {
  await clock.set(start);
  await world.invite('ravi@example.com');
  const resend = () => world.owner.put('/organization/user/invitation/resend/ravi@example.com');
  await resend();
  const once = await world.token('ravi@example.com');
  await clock.advance(59_999);
  await resend();
  expect(await world.token('ravi@example.com')).toBe(once);
  await clock.advance(1);
  await resend();
  expect(await world.token('ravi@example.com')).not.toBe(once);
  expect((await inspect(once)).body.state).toBe('replaced');
});

test('T14 inviting again after declined or expired makes a new link, and the old one stays dead', async () => {
  await clock.set(start);
  const declined = await world.invite('wen@example.com');
  await world.anonymous.post('/organization/user/invitation/decline', { token: declined });
  const expired = await world.invite('sam@example.com');
  await clock.advance(73 * hour);

  for (const [email, old] of [
    ['wen@example.com', declined],
    ['sam@example.com', expired],
  ] as const) {
    const fresh = await world.invite(email);
    expect(fresh).not.toBe(old);
    expect((await accept(old)).body.details).toMatchObject([{ reason: 'invitation_replaced' }]);
    expect((await accept(fresh)).status).toBe(200);
  }
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  for (const name of ['pia', 'mei', 'lin']) await world.invite(`${name}@example.com`);
  await world.owner.put('/organization/user/invitation/resend/pia@example.com');
});
afterAll(() => world?.stop());

interface Delivery {
  id: string;
  email: string;
  state: string;
}
const deliveries = async (query = ''): Promise<Delivery[]> =>
  (await world.owner.get(`/organization/deliveries${query}`)).body.deliveries;

test('each message is listed with its fate, newest first', async () => {
  const list = await deliveries();
  expect(list.map(({ email }) => email)).toEqual([
    'pia@example.com',
    'lin@example.com',
    'mei@example.com',
    'pia@example.com',
  ]);
  expect(list[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    kind: 'invitation',
    email: 'pia@example.com',
    state: 'queued',
    reason: null,
    attempts: 0,
    created_at: expect.stringMatching(/Z$/),
    sent_at: null,
    next_attempt_at: expect.stringMatching(/Z$/),
  });
});

test('filters: state and address', async () => {
  await world.database.sql(
    `update delivery set state = 'sent', sent_at = now(), attempts = 1 where recipient = 'mei@example.com'`,
  );
  await world.database.sql(
    `update delivery set state = 'failed', reason = '550 no such mailbox' where recipient = 'lin@example.com'`,
  );
  expect((await deliveries('?state=sent')).map(({ email }) => email)).toEqual(['mei@example.com']);
  expect(await deliveries('?state=failed')).toMatchObject([
    { email: 'lin@example.com', reason: '550 no such mailbox', next_attempt_at: null },
  ]);
  expect(await deliveries('?email=PIA@example.com')).toHaveLength(2);
  expect((await world.owner.get('/organization/deliveries?state=lost')).status).toBe(400);
});

test('pages by cursor come to the whole list', async () => {
  const whole = (await deliveries()).map(({ id }) => id);
  for (const limit of [1, 3, 4, 100]) {
    const walked: string[] = [];
    let cursor = '';
    for (let page = 0; page <= whole.length; page++) {
      const { body } = await world.owner.get(`/organization/deliveries?limit=${limit}${cursor}`);
      walked.push(...body.deliveries.map(({ id }: Delivery) => id));
      if (body.cursor === undefined) break;
      cursor = `&cursor=${body.cursor}`;
    }
    expect(walked, `limit=${limit}`).toEqual(whole);
  }
});

test('no link stands in the list; it is copied by its own operation, which is recorded and never cached', async () => {
  const token = await world.token('pia@example.com');
  expect(JSON.stringify(await deliveries())).not.toContain(token);
  const answer = await world.owner.post('/organization/user/invitation/link/pia@example.com');
  expect(answer).toMatchObject({
    status: 200,
    body: {
      status: 'OK',
      email: 'pia@example.com',
      link: expect.stringMatching(/^http:\/\/localhost:\d+\/join#[\w-]{94}$/),
    },
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const { logs } = (await world.owner.get('/organization/activities?email=pia@example.com')).body;
  expect(logs[0].action).toBe('invitation.link_revealed');
  const revealed = answer.body.link.split('#')[1];
  expect(revealed).not.toBe(token);
  expect(await world.anonymous.post('/organization/user/invitation/accept', { token: revealed })).toMatchObject({
    status: 200,
  });
});

test('a link is copied only by who could give all that it carries, and only while it is open', async () => {
  const tomas = await world.join('tomas@example.com', { permissions: ['user_management:all'] });
  expect(await tomas.client.post('/organization/user/invitation/link/mei@example.com')).toMatchObject({
    status: 403,
    body: { details: [{ path: 'email', reason: 'grant_ceiling' }] },
  });
  expect((await world.owner.post('/organization/user/invitation/link/nobody@example.com')).status).toBe(404);
  for (const email of ['pia@example.com', 'ada@example.com'])
    expect(await world.owner.post(`/organization/user/invitation/link/${email}`), email).toMatchObject({
      status: 400,
      body: { details: [{ path: 'email', reason: 'not_pending' }] },
    });
});

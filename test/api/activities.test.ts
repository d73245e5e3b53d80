import { afterAll, beforeAll, expect, test } from 'vitest';
import { client } from '../client.ts';
import { type Person, startWorld, type World } from '../world.ts';

let world: World;
/** A member without any rights. */
let noor: Person;
interface Log {
  id: string;
  action: string;
  outcome: string;
  date: string;
  user_email: string | null;
  actor: { kind: string; id: string | null; name: string | null };
}
const logs = async (query = ''): Promise<Log[]> =>
  (await world.owner.get(`/organization/activities?limit=100${query}`)).body.logs;

beforeAll(async () => {
  world = await startWorld();
  noor = await world.join('noor@example.com', {});
  const token = await world.invite('mei@example.com');
  await world.anonymous.post('/organization/user/invitation/accept', { token });
  await world.owner.post('/organization/user/update/permissions', {
    email: 'mei@example.com',
    all_features_access: true,
  });
  await world.owner.put('/organization/user/invitation/revoke/mei@example.com');
  await world.invite('pia@example.com');
  await noor.client.post('/organization/user/invitation/send', { email: 'eve@example.com', all_features_access: true });
});
afterAll(() => world?.stop());

test('the log is newest first, and says who did what to whom, when and from where', async () => {
  const all = await logs();
  expect(all.map(({ action, outcome, user_email }) => [action, outcome, user_email])).toEqual([
    ['member.invited', 'refused', null],
    ['member.invited', 'done', 'pia@example.com'],
    ['member.revoked', 'done', 'mei@example.com'],
    ['member.updated', 'done', 'mei@example.com'],
    ['invitation.accepted', 'done', 'mei@example.com'],
    ['member.invited', 'done', 'mei@example.com'],
  ]);
  expect(all.map(({ date }) => date)).toEqual(
    all
      .map(({ date }) => date)
      .toSorted()
      .reverse(),
  );
  expect(all[0]).toMatchObject({
    actor: { kind: 'api_key', id: noor.keyId, name: 'noor@example.com' },
    user_ip: '127.0.0.1',
  });
  expect(all[4]).toMatchObject({ actor: { kind: 'member', name: 'mei@example.com' }, details: { link: 'mailed' } });
});

test('an event carries the request’s id and user agent', async () => {
  const named = client(world.base, { 'api-key': world.ownerKey, 'user-agent': `test/1.0 ${'x'.repeat(400)}` });
  const answer = await named.put('/organization/user/invitation/resend/pia@example.com');
  expect(await logs('&action=invitation.resent')).toMatchObject([
    { request_id: answer.headers.get('sib-request-id'), user_agent: expect.stringMatching(/^test\/1\.0 x{291}$/) },
  ]);
});

test('filters: person, action, outcome', async () => {
  expect((await logs('&email=MEI@example.com')).map(({ action }) => action)).toEqual([
    'member.revoked',
    'member.updated',
    'invitation.accepted',
    'member.invited',
  ]);
  expect(await logs('&email=nobody@example.com')).toEqual([]);
  expect((await logs('&action=member.invited')).map(({ outcome }) => outcome)).toEqual(['refused', 'done', 'done']);
  expect(await logs('&action=member.invited&outcome=refused')).toHaveLength(1);
  expect(await logs('&email=mei@example.com&action=member.updated&outcome=done')).toHaveLength(1);
  const wrong = await world.owner.get('/organization/activities?action=member.deleted');
  expect(wrong).toMatchObject({ status: 400, body: { details: [{ path: 'action', reason: 'not_one_of' }] } });
});

test('filters: who did it, by id or by address, where their keys are they too', async () => {
  const all = await logs();
  const ofNoor = all.filter(({ actor }) => actor.id === noor.keyId);
  expect(ofNoor.map(({ action, outcome }) => [action, outcome])).toEqual([['member.invited', 'refused']]);
  expect(await logs(`&actor=${noor.keyId}`)).toEqual(ofNoor);
  expect(await logs('&actor=NOOR@example.com')).toEqual(ofNoor);
  const mei = all.find(({ actor }) => actor.name === 'mei@example.com')?.actor.id;
  for (const meis of [mei, 'mei@example.com'])
    expect(
      (await logs(`&actor=${meis}`)).map(({ action }) => action),
      'though she was removed',
    ).toEqual(['invitation.accepted']);
  const adas = all.filter(({ actor }) => actor.name === 'ada@example.com');
  expect(adas.length).toBeGreaterThan(3);
  expect(await logs('&actor=ada@example.com')).toEqual(adas);
  expect(await logs('&actor=ada@example.com&offset=2')).toEqual(adas.slice(2));
  expect(await logs('&actor=ada@example.com&email=pia@example.com')).toEqual(
    adas.filter(({ user_email }) => user_email === 'pia@example.com'),
  );
  for (const nobody of ['nobody@example.com', world.organizationId, '0198c0de-0000-7000-8000-00000000dead'])
    expect(await logs(`&actor=${nobody}`)).toEqual([]);
  const wrong = await world.owner.get('/organization/activities?actor=mei');
  expect(wrong).toMatchObject({ status: 400, body: { details: [{ path: 'actor', reason: 'invalid_actor' }] } });
});

test('filters: pages of what one person did in several ways come to all of it', async () => {
  const { client: page } = await world.signIn('ada@example.com');
  await page.post('/organization/user/invitation/send', { email: 'by-session@example.com', all_features_access: true });
  const whole = (await logs('&actor=ada@example.com')).map(({ id }) => id);
  expect(new Set((await logs('&actor=ada@example.com')).map(({ actor }) => actor.kind))).toEqual(
    new Set(['member', 'api_key']),
  );
  const walked: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { body } = await world.owner.get(`/organization/activities?limit=2&actor=ada@example.com${cursor}`);
    walked.push(...body.logs.map(({ id }: Log) => id));
    cursor = body.cursor === undefined ? undefined : `&cursor=${body.cursor}`;
  }
  expect(walked).toEqual(whole);
});

test('dates: a day counts whole, a moment counts exactly', async () => {
  const all = await logs();
  const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  expect(await logs(`&startDate=${day(-1)}&endDate=${day(1)}`)).toEqual(all);
  expect(await logs(`&startDate=${day(1)}`)).toEqual([]);
  expect(await logs(`&endDate=${day(-1)}`)).toEqual([]);
  const middle = all[2]?.date ?? '';
  expect(await logs(`&startDate=${middle}`)).toEqual(all.slice(0, 3));
  expect(await logs(`&endDate=${middle}`)).toEqual(all.slice(3));
  const zoned = `${new Date(Date.parse(middle) + 7_200_000).toISOString().slice(0, -1)}%2B02:00`;
  expect(await logs(`&startDate=${zoned}`)).toEqual(all.slice(0, 3));
});

test('a date of no known form is refused; the ends of time are none', async () => {
  for (const date of [
    'yesterday',
    '2026',
    '2026-13-01',
    '2026-02-30T00:00:00Z',
    '2026-02-30',
    '2026-06-31',
    '2026-01-01T00:00:00',
    '01/02/2026',
    '1700000000',
    '',
  ]) {
    for (const name of ['startDate', 'endDate'])
      expect(await world.owner.get(`/organization/activities?${name}=${date}`), date).toMatchObject({
        status: 400,
        body: { details: [{ path: name, reason: 'invalid_date' }] },
      });
  }
  for (const range of [
    'startDate=0000-01-01',
    'endDate=9999-12-31',
    'startDate=0001-01-01T00:00:00%2B14:00&endDate=9999-12-31T23:59:59Z',
  ])
    expect((await world.owner.get(`/organization/activities?${range}`)).status, range).toBe(200);
});

test('pages by cursor and by offset come to the whole log', async () => {
  const whole = (await logs()).map(({ id }) => id);
  for (const limit of [1, 2, 5, whole.length, 100]) {
    const walked: string[] = [];
    let cursor = '';
    for (let page = 0; page <= whole.length; page++) {
      const { body } = await world.owner.get(`/organization/activities?limit=${limit}${cursor}`);
      walked.push(...body.logs.map(({ id }: Log) => id));
      if (body.cursor === undefined) break;
      cursor = `&cursor=${body.cursor}`;
    }
    expect(walked, `limit=${limit}`).toEqual(whole);
  }
  expect((await logs('&offset=2')).map(({ id }) => id)).toEqual(whole.slice(2));
  expect(await logs('&offset=99999')).toEqual([]);
  for (const offset of ['-1', '1.5', '100000', '', 'x'])
    expect((await world.owner.get(`/organization/activities?offset=${offset}`)).status, offset).toBe(400);
});

test('without a limit it is the ten newest, as the vendor’s', async () => {
  for (let n = 0; n < 6; n++) await world.invite(`more-${n}@example.com`);
  const { body } = await world.owner.get('/organization/activities');
  expect(body.logs).toHaveLength(10);
  expect(body.cursor).toMatch(/./);
});

test('refused attempts are written down, thirty a minute and no more', async () => {
  const before = (await logs('&outcome=refused')).length;
  for (let time = 0; time < 40; time++) await noor.client.put('/organization/user/invitation/revoke/pia@example.com');
  const after = (await logs('&outcome=refused')).length;
  expect(after - before).toBeGreaterThanOrEqual(29);
  expect(after - before).toBeLessThanOrEqual(60);
  await world.anonymous.put('/organization/user/invitation/revoke/pia@example.com');
  expect((await logs('&outcome=refused')).every(({ actor }) => actor.kind === 'api_key')).toBe(true);
});

test('who may not see the log does not', async () => {
  expect((await noor.client.get('/organization/activities')).status).toBe(403);
});

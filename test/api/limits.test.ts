import { afterEach, expect, test } from 'vitest';
import type { Answer, Client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const invite = (by: Client, email: string, more: object = {}) =>
  by.post('/organization/user/invitation/send', { email, all_features_access: true, ...more });

function expectTooMany(answer: Answer, atMostSeconds: number): void {
  expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
  const wait = Number(answer.headers.get('retry-after'));
  expect(wait).toBeGreaterThanOrEqual(1);
  expect(wait).toBeLessThanOrEqual(atMostSeconds);
  const reset = Number(answer.headers.get('x-ratelimit-reset'));
  expect(Math.abs(reset - (Date.now() / 1000 + wait)), 'epoch seconds').toBeLessThan(5);
}

test('RATE_LIMIT: so many requests a second for each key, told by three families of headers', async () => {
  world = await startWorld({ RATE_LIMIT: '10' });
  const { owner } = world;
  const mei = await world.join('mei@example.com', { all: true });
  const answers = await Promise.all(Array.from({ length: 40 }, () => owner.get('/account')));
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(8);
  expect(refused.length).toBeGreaterThanOrEqual(20);
  for (const answer of answers) {
    expect(answer.headers.get('x-sib-ratelimit-limit')).toBe('10');
    expect(Number(answer.headers.get('x-sib-ratelimit-remaining'))).toBeLessThan(10);
    expect(Number(answer.headers.get('x-sib-ratelimit-reset'))).toBeGreaterThanOrEqual(1);
  }
  for (const answer of refused) expectTooMany(answer, 1);
  expect((await mei.client.get('/account')).status, 'another key has its own').toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect((await owner.get('/account')).status, 'a second later it may again').toBe(200);
});

test('without RATE_LIMIT there is none, and no header says so', async () => {
  world = await startWorld();
  const { owner } = world;
  const answers = await Promise.all(Array.from({ length: 100 }, () => owner.get('/account')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(answers[0]?.headers.has('x-sib-ratelimit-limit')).toBe(false);
});

test('RATE_LIMIT_ADDRESS: what needs no key is limited by address, known tokens and guesses alike', async () => {
  world = await startWorld({ RATE_LIMIT_ADDRESS: '5' });
  const { anonymous, owner } = world;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => anonymous.post('/organization/user/invitation/inspect', { token: 'guess' })),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(10);
  for (const answer of refused) expectTooMany(answer, 1);
  expect(refused[0]?.headers.get('x-sib-ratelimit-limit')).toBe('5');
  expect((await owner.get('/account')).status, 'who has a key is not concerned').toBe(200);
});

test('RATE_LIMIT_ADDRESS: the addresses of one IPv6 subscriber are one, those of another are not', async () => {
  world = await startWorld({ RATE_LIMIT_ADDRESS: '5', TRUST_PROXY: '127.0.0.1/32' });
  const { anonymous } = world;
  const ask = (from: string) => anonymous.post('/sign-in/passkey/options', {}, { 'x-forwarded-for': from });
  const neighbours = Array.from({ length: 20 }, (_, n) => `2001:db8:0:1:${n.toString(16)}::${n.toString(16)}`);
  const answers = await Promise.all(neighbours.map(ask));
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
  for (const other of [
    '2001:db8::2:1',
    '2001:DB8:0:2::1',
    '::1',
    '::ffff:192.0.2.1',
    '192.0.2.2',
    '64:ff9b::192.0.2.1',
  ])
    expect((await ask(other)).status).toBe(200);
});

test('MAIL_RATE_RECIPIENT: so many mails an hour to one address, from all organizations together', async () => {
  world = await startWorld({ MAIL_RATE_RECIPIENT: '2' });
  const { owner, partner, partnerIn } = world;
  expect((await invite(owner, 'pia@example.com')).status).toBe(200);
  const { id } = (await partner.post('/corporate/subAccount', { companyName: 'Other', email: 'o@example.org' })).body;
  expect((await invite(partnerIn(id), 'pia@example.com')).status).toBe(200);
  const { id: third } = (await partner.post('/corporate/subAccount', { companyName: 'Third', email: 't@example.org' }))
    .body;
  const refused = await invite(partnerIn(third), 'PIA@example.com');
  expectTooMany(refused, 3600);
  expect(refused.body.details).toMatchObject([{ path: 'email', reason: 'mail_rate' }]);
  expect(
    (await partnerIn(third).get('/organization/user/pia@example.com/permissions')).status,
    'nothing was made',
  ).toBe(404);
  expectTooMany(await owner.put('/organization/user/invitation/resend/pia@example.com'), 3600);
  expect((await invite(owner, 'pia@example.com')).status, 'a retry sends nothing, so it is answered').toBe(200);
  expect((await invite(owner, 'mei@example.com')).status).toBe(200);
  expectTooMany(await partner.post('/corporate/subAccount', { companyName: 'Fourth', email: 'pia@example.com' }), 3600);
  const [row] = await world.database.sql(`select count(*)::int as count from organization where name = 'Fourth'`);
  expect(row).toEqual({ count: 0 });
});

test('MAIL_RATE_ORGANIZATION: so many mails an hour from one organization', async () => {
  world = await startWorld({ MAIL_RATE_ORGANIZATION: '3' });
  const { owner, partner, partnerIn, database } = world;
  for (const name of ['a', 'b', 'c']) expect((await invite(owner, `${name}@example.com`)).status).toBe(200);
  expectTooMany(await invite(owner, 'd@example.com'), 3600);
  const { id } = (await partner.post('/corporate/subAccount', { companyName: 'Other', email: 'o@example.org' })).body;
  expect((await invite(partnerIn(id), 'd@example.com')).status, 'another organization has its own').toBe(200);
  await database.sql(`update delivery set created_at = created_at - interval '61 minutes'`);
  expect((await invite(owner, 'd@example.com')).status, 'an hour later it may again').toBe(200);
});

test('the mail limits hold when many come at once', async () => {
  world = await startWorld({ MAIL_RATE_ORGANIZATION: '5' });
  const { owner } = world;
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => invite(owner, `many-${index}@example.com`)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
});

import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { makePartner, setStage } from '../access/stage.ts';
import type { Answer } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { askDecisionPoint, type Endpoint, paths } from './decision-point.ts';
import { records, startRecords } from './records.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds) expect(world.logged()).not.toContain('"level":50');
});
afterAll(async () => {
  for (const world of worlds) await world.stop();
});

async function started(world: Promise<World>): Promise<World> {
  worlds.push(await world);
  return world;
}

/** One world for most tests; those about settings start their own. */
let sharedWorld: Promise<World> | undefined;
const shared = (): Promise<World> => {
  sharedWorld ??= started(startRecords());
  return sharedWorld;
};

const question = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'read' },
  resource: { type: 'record', id: 'record-1' },
};
const bodies: Record<Endpoint, object> = {
  evaluation: question,
  evaluations: { ...question, evaluations: [{}, {}] },
  subject: question,
  resource: question,
  action: question,
};
const endpoints = Object.keys(bodies) as Endpoint[];

const ask = (world: World, headers: Record<string, string>, endpoint: Endpoint = 'evaluation'): Promise<Answer> =>
  askDecisionPoint(world, endpoint, bodies[endpoint], headers);

/** A key of the first organization, by its own API. */
async function newKey(world: World, fields: object = {}): Promise<{ id: string; key: string }> {
  const shape = {
    name: 'A key',
    all_features_access: false,
    privileges: [{ feature: 'team', permissions: ['check'] }],
  };
  const { status, body } = await world.owner.post('/organization/api-keys', { ...shape, ...fields });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

const unauthorized = (answer: Answer): void => {
  expect([answer.status, answer.headers.get('www-authenticate')], JSON.stringify(answer.body)).toEqual([
    401,
    'Bearer realm="latchkey"',
  ]);
  expect(answer.body).toBeTypeOf('string');
};

describe('whoever brings no key that is good', () => {
  test('is told 401 and by which scheme, before the body is looked at', async () => {
    const world = await shared();
    for (const endpoint of endpoints)
      for (const headers of [
        { 'api-key': '' },
        { 'api-key': 'wrong' },
        { 'api-key': '', authorization: 'Bearer wrong' },
        { 'api-key': '', authorization: `Basic ${world.ownerKey}` },
        { 'api-key': world.partnerKey },
        { 'partner-key': world.ownerKey, 'organization-id': world.organizationId },
        { 'api-key': `${world.ownerKey}, ${world.ownerKey}` },
      ]) {
        unauthorized(await ask(world, headers as Record<string, string>, endpoint));
        unauthorized(await askDecisionPoint(world, endpoint, 'nonsense', headers as Record<string, string>));
      }
  });

  test('is refused from the moment at which the key expires, also when it was known before', async () => {
    const world = await shared();
    const { key } = await newKey(world, { expires_at: new Date(Date.now() + 1500).toISOString() });
    expect((await ask(world, { 'api-key': key })).status).toBe(200);
    expect((await ask(world, { 'api-key': key })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    for (const endpoint of endpoints) unauthorized(await ask(world, { 'api-key': key }, endpoint));
  });

  test('is refused once the key was deleted, and once its time after a rotation is over', async () => {
    const world = await shared();
    const [deleted, rotated, overlapping] = [await newKey(world), await newKey(world), await newKey(world)];
    for (const { key } of [deleted, rotated, overlapping])
      expect((await ask(world, { 'api-key': key })).status).toBe(200);
    await world.owner.delete(`/organization/api-keys/${deleted.id}`);
    const fresh = await world.owner.post(`/organization/api-keys/${rotated.id}/rotate`, { overlap_seconds: 0 });
    await world.owner.post(`/organization/api-keys/${overlapping.id}/rotate`, { overlap_seconds: 1 });
    await expect.poll(async () => (await ask(world, { 'api-key': deleted.key })).status).toBe(401);
    await expect.poll(async () => (await ask(world, { 'api-key': rotated.key })).status).toBe(401);
    expect((await ask(world, { 'api-key': overlapping.key })).status).toBe(200);
    expect((await ask(world, { 'api-key': fresh.body.key })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    unauthorized(await ask(world, { 'api-key': overlapping.key }));
  });
});

describe('whoever may not ask', () => {
  test('is told 403, before the body is looked at', async () => {
    const world = await shared();
    const { secret } = await world.join('lucy@example.com', {
      permissions: ['record-1:read', 'team:people', 'team:keys'],
    });
    for (const endpoint of endpoints) {
      const answer = await ask(world, { 'api-key': secret }, endpoint);
      expect([answer.status, answer.body]).toEqual([403, 'Access forbidden.']);
      expect((await askDecisionPoint(world, endpoint, 'nonsense', { 'api-key': secret })).status).toBe(403);
    }
  });

  test('may not from the moment that the permission is taken, which the next answers show', async () => {
    const world = await shared();
    const cy = await world.join('cy@example.com', { permissions: ['team:check'] });
    expect((await ask(world, { 'api-key': cy.secret })).body.decision).toBe(true);
    const fields = {
      email: cy.email,
      all_features_access: false,
      privileges: [{ feature: 'team', permissions: ['none'] }],
    };
    expect((await world.owner.post('/organization/user/update/permissions', fields)).status).toBe(200);
    await expect.poll(async () => (await ask(world, { 'api-key': cy.secret })).status).toBe(403);
  });

  test('may not as somebody suspended, or out of their time', async () => {
    const world = await shared();
    const sid = await world.join('sid@example.com', { permissions: ['team:check'] });
    const tia = await world.join('tia@example.com', { permissions: ['team:check'] });
    await world.owner.put(`/organization/user/${tia.email}`, {
      access_expires_at: new Date(Date.now() + 1500).toISOString(),
    });
    for (const { secret } of [sid, tia])
      await expect.poll(async () => (await ask(world, { 'api-key': secret })).status).toBe(200);
    await world.owner.put(`/organization/user/${sid.email}`, { suspended: true });
    for (const { secret } of [sid, tia])
      await expect.poll(async () => (await ask(world, { 'api-key': secret })).status, { timeout: 5000 }).toBe(403);
  });
});

describe('a partner key', () => {
  test('asks in the organization that organization-id names, if it created it', async () => {
    const world = await shared();
    const stage = await setStage(world);
    await stage.member('wren', { permissions: ['record-1:read'] });
    const wren = { ...question, subject: { type: 'user', id: stage.email('wren') } };
    const decide = async (partnerKey: string, organizationId: string) =>
      askDecisionPoint(world, 'evaluation', wren, { 'partner-key': partnerKey, 'organization-id': organizationId });
    expect((await decide(stage.partner.secret, stage.organizationId)).body.decision).toBe(true);
    expect((await decide(stage.partner.secret, ` ${stage.organizationId.toUpperCase()} `)).body.decision).toBe(true);
    for (const other of [world.organizationId, 'x', world.server.services.newId()])
      expect((await decide(stage.partner.secret, other)).status).toBe(403);
    expect((await decide((await makePartner(world)).secret, stage.organizationId)).status).toBe(403);
    const without = await ask(world, { 'partner-key': stage.partner.secret });
    expect([without.status, without.body]).toEqual([400, expect.stringContaining('organization-id')]);
  });

  test('beside an api key is passed over, and so is organization-id', async () => {
    const world = await shared();
    const stage = await setStage(world);
    const headers = {
      'api-key': world.ownerKey,
      'partner-key': stage.partner.secret,
      'organization-id': stage.organizationId,
    };
    expect((await ask(world, headers)).body.decision).toBe(true);
  });
});

describe('a key with allowed_ips', () => {
  test('is refused from elsewhere, known or not', async () => {
    const world = await shared();
    const here = await newKey(world, { allowed_ips: ['127.0.0.0/8'] });
    const elsewhere = await newKey(world, { allowed_ips: ['203.0.113.0/24'] });
    for (let time = 0; time < 3; time++) {
      expect((await ask(world, { 'api-key': here.key, 'x-forwarded-for': '203.0.113.7' })).status).toBe(200);
      unauthorized(await ask(world, { 'api-key': elsewhere.key, 'x-forwarded-for': '203.0.113.7' }));
    }
  });

  test('behind a trusted proxy is judged by the address that the proxy saw', async () => {
    const world = await started(startRecords({ TRUST_PROXY: '127.0.0.1' }));
    const { key } = await newKey(world, { allowed_ips: ['203.0.113.0/24', '2001:db8::/32'] });
    const from = async (forwarded: string): Promise<number> =>
      (await ask(world, { 'api-key': key, 'x-forwarded-for': forwarded })).status;
    for (let time = 0; time < 2; time++) {
      for (const good of [
        '203.0.113.7',
        '198.51.100.1, 203.0.113.7',
        '::ffff:203.0.113.7',
        '2001:db8::1',
        'nonsense, 203.0.113.7',
      ])
        expect(await from(good), good).toBe(200);
      for (const bad of [
        '198.51.100.1',
        '203.0.113.7, 198.51.100.1',
        'nonsense',
        '',
        '203.0.113.7, nonsense',
        '2001:db9::1',
        `${'x'.repeat(5000)}`,
      ])
        expect(await from(bad), bad.slice(0, 50)).toBe(401);
    }
  });
});

test('RATE_LIMIT counts checks of each key, says what is left, and 429 says when to come back', async () => {
  const world = await started(startRecords({ RATE_LIMIT: '5' }));
  const { key } = await newKey(world);
  const answers: Answer[] = [];
  for (let time = 0; time < 8; time++)
    answers.push(await ask(world, { 'api-key': key }, endpoints[time % endpoints.length]));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers } of answers) expect(headers.get('x-sib-ratelimit-limit')).toBe('5');
  expect(answers[0]?.headers.get('x-sib-ratelimit-remaining')).toBe('4');
  for (const { body, headers } of refused) {
    expect(body).toBe('Too many requests: at most 5 a second.');
    expect(Number(headers.get('retry-after'))).toBe(1);
    expect(Math.abs(Number(headers.get('x-ratelimit-reset')) - Date.now() / 1000)).toBeLessThan(3);
    expect(headers.get('x-sib-ratelimit-remaining')).toBe('0');
  }
  const { key: other } = await newKey(world, { name: 'Another' }).catch(() => ({ key: world.ownerKey }));
  expect((await ask(world, { 'api-key': other })).status).not.toBe(401);
});

describe('a key that can check and do nothing else', () => {
  test('holds access: check in the built-in catalogue', async () => {
    const world = await started(startWorld());
    const { key } = await newKey(world, { privileges: [{ feature: 'access', permissions: ['check'] }] });
    const ada = {
      subject: { type: 'user', id: 'ada@example.com' },
      action: { name: 'view' },
      resource: { type: 'feature', id: 'contacts' },
    };
    for (const endpoint of endpoints)
      expect((await askDecisionPoint(world, endpoint, ada, { 'api-key': key })).status, endpoint).toBe(200);
    const as = world.as(key);
    for (const path of ['/access/revision', '/access/snapshot', '/access/changes'])
      expect((await as.get(path)).status, path).toBe(200);
    expect((await as.post('/access/token', { member: 'ada@example.com', audience: 'shop' })).status).toBe(201);
    for (const [method, path, body] of [
      ['GET', '/organization/invited/users'],
      ['GET', '/organization/user/ada@example.com/permissions'],
      ['GET', '/organization/api-keys'],
      ['GET', '/organization/activities'],
      ['GET', '/organization/deliveries'],
      ['PUT', '/organization', { name: 'Mine' }],
      ['POST', '/organization/user/invitation/send', { email: 'eve@example.com', all_features_access: true }],
      [
        'POST',
        '/organization/api-keys',
        { name: 'Another', all_features_access: false, privileges: [{ feature: 'access', permissions: ['check'] }] },
      ],
      ['PUT', '/organization/user/invitation/revoke/ada@example.com'],
      ['PUT', '/organization/user/ada@example.com', { suspended: true }],
    ] as const)
      expect((await as.send(method, path, body)).status, `${method} ${path}`).toBe(403);
  });

  test('holds what administers members where a catalogue does not say what checks need', async () => {
    const { access_checks: _, ...administration } = records.administration;
    const world = await started(startWorld({}, { ...records, administration }));
    const { key } = await newKey(world, { privileges: [{ feature: 'team', permissions: ['people'] }] });
    expect((await ask(world, { 'api-key': key })).status).toBe(200);
    const { key: other } = await newKey(world, { privileges: [{ feature: 'team', permissions: ['check', 'keys'] }] });
    expect((await ask(world, { 'api-key': other })).status).toBe(403);
  });
});

test('many callers on one connection are told apart', async () => {
  const world = await shared();
  const stage = await setStage(world);
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => {
      const [key, expected] = [
        [world.ownerKey, true],
        [stage.ada.secret, false],
        ['wrong', undefined],
      ][index % 3] as [string, boolean?];
      return viaAgent(world, key).then((decision) => [decision, expected]);
    }),
  );
  for (const [decision, expected] of answers) expect(decision).toBe(expected);
});

/** A request by Node's own client, which keeps few connections for all. */
function viaAgent(world: World, key: string): Promise<boolean | undefined> {
  return new Promise((resolve, reject) => {
    const options = {
      port: world.server.port,
      path: paths.evaluation,
      method: 'POST',
      headers: { 'api-key': key, 'content-type': 'application/json' },
    };
    const sent = httpRequest(options, (response) => {
      let text = '';
      response.on('data', (data) => {
        text += data;
      });
      response.on('end', () => resolve(JSON.parse(text).decision));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(question));
  });
}

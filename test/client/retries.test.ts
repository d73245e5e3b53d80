import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Latchkey } from '../../client/src/index.ts';
import { type Loss, startLossyProxy } from '../clients/lossy-proxy.ts';
import { startWorld, type World } from '../world.ts';
import { type Scripted, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

describe('a reply that is lost', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  const losses: Loss[] = ['hang_up', 'cut_short', 502, 503];

  /** The call through a network that loses its first reply; afterwards what the server saw. */
  async function losing<T>(loss: Loss, call: (latchkey: Latchkey) => Promise<T>) {
    const proxy = await startLossyProxy(world.server);
    try {
      proxy.loseNext(loss);
      const reply = await call(new Latchkey({ url: proxy.base, apiKey: world.ownerKey }));
      return { reply, passed: proxy.passed };
    } finally {
      await proxy.close();
    }
  }

  test.each(losses)('is asked for again with the same Idempotency-Key, and a key is made once (%s)', async (loss) => {
    const name = `lost by ${loss}`;
    const { reply, passed } = await losing(loss, (latchkey) =>
      latchkey.createApiKey({ name, all_features_access: true }).withResponse(),
    );
    expect(reply).toMatchObject({ attempts: 2, reply: { name, key: expect.stringMatching(/^lk_/) } });
    const [first, second] = passed.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
    expect(passed.map(({ status }) => status)).toEqual([201, 201]);
    const { body } = await world.owner.get('/organization/api-keys');
    expect(body.api_keys.filter((key: { name: string }) => key.name === name)).toHaveLength(1);
    expect((await world.as(reply.reply.key).get('/account')).status).toBe(200);
  });

  test.each(losses)('of an update is asked for again, and access changes once (%s)', async (loss) => {
    const { email } = await world.join(`update-${loss}@example.com`.replace('_', '-'), {
      permissions: ['contacts:view'],
    });
    const before = (await world.owner.get('/account')).body.access_revision;
    const { reply } = await losing(loss, (latchkey) =>
      latchkey
        .updateMemberPermissions({
          email,
          all_features_access: false,
          privileges: [{ feature: 'contacts', permissions: ['export'] }],
        })
        .withResponse(),
    );
    expect(reply.revision).toBe(before + 1);
    expect((await world.owner.get('/account')).body.access_revision).toBe(before + 1);
  });

  test.each(losses)('of a PUT is asked for again, and a member is revoked once (%s)', async (loss) => {
    const { email } = await world.join(`revoke-${loss}@example.com`.replace('_', '-'), {
      permissions: ['contacts:view'],
    });
    const { reply, passed } = await losing(loss, (latchkey) => latchkey.revokeMember({ email }));
    expect(reply).toEqual({ status: 'OK', email });
    expect(passed.map(({ status }) => status)).toEqual([200, 200]);
    const { body } = await world.owner.get(`/organization/activities?action=member.revoked&email=${email}`);
    expect(body.logs).toHaveLength(1);
  });

  test('of a DELETE comes back as a 404 that says it was not the first attempt', async () => {
    const { body } = await world.owner.post('/organization/api-keys', { name: 'Gone', all_features_access: true });
    await expect(losing('hang_up', (latchkey) => latchkey.deleteApiKey({ id: body.id }))).rejects.toMatchObject({
      code: 'document_not_found',
      attempts: 2,
    });
    expect((await world.as(body.key).get('/account')).status).toBe(401);
  });

  test('calls that are not repetitions of each other have keys of their own', async () => {
    const proxy = await startLossyProxy(world.server);
    const latchkey = new Latchkey({ url: proxy.base, apiKey: world.ownerKey });
    for (const name of ['One', 'Two']) await latchkey.createApiKey({ name, all_features_access: true });
    const keys = proxy.passed.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(2);
    await proxy.close();
  });
});

describe('a limit', () => {
  test('of a real server is waited for as long as it says', async () => {
    const limited = await startWorld({ RATE_LIMIT: '2' });
    try {
      const latchkey = new Latchkey({ url: limited.base, apiKey: limited.ownerKey, retries: 10 });
      const answers = await Promise.all(Array.from({ length: 6 }, () => latchkey.getAccount().withResponse()));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
      expect(Math.max(...answers.map(({ attempts }) => attempts))).toBeGreaterThan(1);
    } finally {
      await limited.stop();
    }
  });

  test.each([429, 503])('a %s is not asked again before its seconds are over', async (status) => {
    const { asked } = await scripted([{ status, headers: { 'retry-after': '1' }, body: {} }, done], getMe);
    expect(asked).toHaveLength(2);
    expect(gap(asked)).toBeGreaterThanOrEqual(1_000);
  });

  test('a moment is understood too, by the server’s own clock', async () => {
    const server = Date.parse('2020-02-02T02:02:02Z');
    const headers = { date: new Date(server).toUTCString(), 'retry-after': new Date(server + 1_000).toUTCString() };
    const { asked } = await scripted([{ status: 429, headers, body: {} }, done], getMe);
    expect(asked).toHaveLength(2);
    expect(gap(asked)).toBeGreaterThanOrEqual(1_000);
  });

  test('that lasts longer than the call is told at once', async () => {
    const problem = { code: 'too_many_requests', message: 'Tomorrow.' };
    const { asked, outcome } = await scripted(
      [{ status: 429, headers: { 'retry-after': '86400' }, body: problem }],
      getMe,
    );
    expect(outcome).toMatchObject({ ...problem, retryAfter: 86400, attempts: 1 });
    expect(asked).toHaveLength(1);
  });
});

describe('what is repeated', () => {
  test.each<Scripted>([
    'hang_up',
    { status: 408, body: {} },
    { status: 500, body: {} },
    { status: 502, text: '' },
    { status: 503, text: 'away' },
    { status: 504, text: '' },
  ])('%j, until it is answered', async (trouble) => {
    const { asked, outcome } = await scripted([trouble, trouble, done], getMe);
    expect(outcome).toMatchObject({ attempts: 3 });
    expect(asked).toHaveLength(3);
  });

  test.each([400, 401, 402, 403, 404, 405, 412])('not a %i', async (status) => {
    const { asked } = await scripted([{ status, body: { code: 'x', message: 'y' } }, done], getMe);
    expect(asked).toHaveLength(1);
  });

  test('as often as was said and no more, with pauses that grow', async () => {
    const { asked, outcome } = await scripted(['hang_up'], getMe);
    expect(outcome).toMatchObject({ code: 'unreachable', attempts: 4 });
    expect(asked).toHaveLength(4);
    const { asked: once } = await scripted(['hang_up'], (latchkey) => latchkey.getMe({ retries: 0 }).withResponse());
    expect(once).toHaveLength(1);
  });

  test('nothing after the call’s time, whatever was the matter last', async () => {
    const { outcome } = await scripted([{ status: 503, body: {} }, 'silence'], (latchkey) =>
      latchkey.getMe({ timeout: 2_000 }).withResponse(),
    );
    expect(outcome).toMatchObject({ code: 'timeout', attempts: 2, cause: { status: 503 } });
  });

  test('nothing after an abort, also while it waits', async () => {
    const { asked, outcome } = await scripted(
      [{ status: 503, headers: { 'retry-after': '5' }, body: {} }],
      (latchkey) => latchkey.getMe({ signal: AbortSignal.timeout(500) }).withResponse(),
    );
    expect(outcome).toMatchObject({ code: 'aborted', attempts: 1 });
    expect(asked).toHaveLength(1);
  });
});

const done: Scripted = { status: 200, body: {} };
const getMe = (latchkey: Latchkey) => latchkey.getMe().withResponse();

/** One call against a server with a script: what the server was asked, and what the call came to. */
async function scripted(script: Scripted[], call: (latchkey: Latchkey) => Promise<unknown>) {
  const server: ScriptedServer = await startScriptedServer(script);
  try {
    const outcome = await call(new Latchkey({ url: server.url, apiKey: 'a-key' })).catch((error: unknown) => error);
    return { asked: server.asked, outcome };
  } finally {
    await server.close();
  }
}

const gap = ([first, second]: ScriptedServer['asked']): number => (second?.at ?? 0) - (first?.at ?? 0);

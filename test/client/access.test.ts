import { type Context, Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccessAnswer, Latchkey } from '../../client/src/index.ts';
import { requirePermission } from '../../client/src/middleware/hono.ts';
import { acme } from '../catalogue/acme.ts';
import { startWorld, type World } from '../world.ts';
import { startScriptedServer } from './scripted-server.ts';

let world: World;
let latchkey: Latchkey;
beforeAll(async () => {
  world = await startWorld();
  const key = await world.owner.post('/organization/api-keys', {
    name: 'The product’s server',
    all_features_access: false,
    privileges: [{ feature: 'access', permissions: ['check'] }],
  });
  latchkey = new Latchkey({ url: world.base, apiKey: key.body.key });
  await world.join('noor@example.com', { permissions: ['contacts:view', 'contacts:export'] });
});
afterAll(() => world?.stop());

const asking = (member: string, permission: string, feature = 'contacts') => ({ member, feature, permission });

describe('with a key that may ask and do nothing else', () => {
  test('a check says yes or no, and why', async () => {
    const yes = await latchkey.access.check(asking('noor@example.com', 'export'));
    expect(yes).toEqual({ allowed: true, reason: 'granted', message: expect.any(String), needs: [] });
    const no = await latchkey.access.check(asking('noor@example.com', 'import'));
    expect(no).toEqual({ allowed: false, reason: 'not_granted', message: expect.any(String), needs: ['grant'] });
    expect((await latchkey.access.check(asking('ada@example.com', 'import'))).reason).toBe('owner');
  });

  test('whoever and whatever is unknown is a no', async () => {
    const reasonOf = async (question: ReturnType<typeof asking>) => {
      const { allowed, reason } = await latchkey.access.check(question);
      return [allowed, reason];
    };
    expect(await reasonOf(asking('nobody@example.com', 'view'))).toEqual([false, 'not_a_member']);
    expect(await reasonOf(asking('noor@example.com', 'views'))).toEqual([false, 'unknown_permission']);
    expect(await reasonOf(asking('noor@example.com', 'view', 'contact'))).toEqual([false, 'unknown_feature']);
  });

  test('many questions are answered in their order, also more than one request may hold', async () => {
    const questions = Array.from({ length: 2_050 }, (_, index) =>
      asking(index % 3 === 0 ? 'nobody@example.com' : 'noor@example.com', index % 2 === 0 ? 'view' : 'import'),
    );
    const answers = await latchkey.access.checkMany(questions);
    expect(answers.map(({ allowed }) => allowed)).toEqual(
      questions.map(({ member, permission }) => member === 'noor@example.com' && permission === 'view'),
    );
    expect(await latchkey.access.checkMany([])).toEqual([]);
    expect(answers[1]).toEqual(await latchkey.access.check(questions[1] ?? asking('', '')));
  });

  test('nothing else can be done with it', async () => {
    await expect(latchkey.listMembers()).rejects.toMatchObject({ code: 'permission_denied', status: 403 });
  });
});

test('a check that carries a change’s revision knows of the change', async () => {
  const owner = new Latchkey({ url: world.base, apiKey: world.ownerKey });
  const { email } = await world.join('wen@example.com', { permissions: ['contacts:view'] });
  for (let round = 0; round < 20; round++) {
    const permissions = round % 2 === 0 ? ['import'] : ['view'];
    const { revision } = await owner
      .updateMemberPermissions({
        email,
        all_features_access: false,
        privileges: [{ feature: 'contacts', permissions }],
      })
      .withResponse();
    const { allowed } = await latchkey.access.check(asking(email, 'import'), { revision });
    expect(allowed, `round ${round}`).toBe(round % 2 === 0);
  }
});

test('a revision that does not exist is no answer', async () => {
  const future = latchkey.access.check(asking('noor@example.com', 'view'), { revision: 999_999, timeout: 10_000 });
  await expect(future).rejects.toMatchObject({ name: 'LatchkeyError' });
});

test('what a catalogue calls its resources is learnt once', async () => {
  const own = await startWorld({}, { ...acme, resource_type: 'module' });
  try {
    const asked: string[] = [];
    const client = new Latchkey({
      url: own.base,
      apiKey: own.ownerKey,
      fetch: (url, init) => {
        asked.push(new URL(url).pathname);
        return fetch(url, init);
      },
    });
    const [feature = ''] = Object.keys(acme.features);
    const [permission = ''] = Object.keys(acme.features[feature]?.permissions ?? {});
    for (let times = 0; times < 2; times++)
      expect(await client.access.check({ member: 'ada@example.com', feature, permission })).toMatchObject({
        allowed: true,
      });
    expect(asked).toEqual([
      '/access/v1/evaluation',
      '/v3/access/vocabulary',
      '/access/v1/evaluation',
      '/access/v1/evaluation',
    ]);
  } finally {
    await own.stop();
  }
});

test('a middleware asks the server or a replica, with the same answers', async () => {
  const replica = await latchkey.access.replica();
  try {
    for (const judge of [latchkey.access, replica]) {
      const app = new Hono();
      const member = (context: Context) => context.req.header('x-user');
      app.use('/view', requirePermission(judge, 'contacts', 'view', { member }));
      app.get('/view', (context) => context.text('contacts'));
      const as = (user: string) => app.request('/view', { headers: { 'x-user': user } });
      expect((await as('noor@example.com')).status).toBe(200);
      const refused = await as('nobody@example.com');
      expect([refused.status, await refused.json()]).toMatchObject([403, { reason: 'not_a_member' }]);
    }
  } finally {
    replica.close();
  }
});

describe('an answer that is none', () => {
  async function answered(body: unknown, status = 200): Promise<AccessAnswer[]> {
    const server = await startScriptedServer([{ status, body }]);
    try {
      const { access } = new Latchkey({ url: server.url, apiKey: 'a-key', retries: 0 });
      return [await access.check(asking('mei', 'view')), ...(await access.checkMany([asking('mei', 'view')]))];
    } finally {
      await server.close();
    }
  }

  test.each([
    [{}, 200, 'unexpected_reply'],
    [{ decision: 'true' }, 200, 'unexpected_reply'],
    [{ decision: 1 }, 200, 'unexpected_reply'],
    [{ decision: true }, 200, 'unexpected_reply'], // to many questions: the answers are missing
    [{ decision: false, context: { error: { status: 400, message: 'no subject' } } }, 200, 'bad_request'],
    ['The subject is missing.', 400, 'bad_request'],
    ['Key not found', 401, 'unauthorized'],
    ['This key may not ask.', 403, 'permission_denied'],
    ['Not yet at this revision.', 412, 'precondition_failed'],
    ['Try again.', 503, 'service_unavailable'],
  ])('is an error, never a yes: %j', async (body, status, code) => {
    await expect(answered(body, status)).rejects.toMatchObject({ name: 'LatchkeyError', code });
  });
});

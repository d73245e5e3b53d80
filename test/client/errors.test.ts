import { inspect } from 'node:util';
import { problemCodes } from '@latchkey/core/problem.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Latchkey, LatchkeyError, type LatchkeySettings } from '../../client/src/index.ts';
import { startWorld, type World } from '../world.ts';
import { type Scripted, startScriptedServer } from './scripted-server.ts';

let world: World;
let ada: Latchkey;
beforeAll(async () => {
  world = await startWorld();
  ada = new Latchkey({ url: world.base, apiKey: world.ownerKey });
});
afterAll(() => world?.stop());

async function failureOf(call: PromiseLike<unknown>): Promise<LatchkeyError> {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(LatchkeyError);
  return error;
}

/** What a call comes to when the server answers like this. */
async function answeredWith(...script: Scripted[]): Promise<LatchkeyError> {
  const server = await startScriptedServer(script);
  try {
    return await failureOf(new Latchkey({ url: server.url, apiKey: 'a-key', retries: 0 }).getAccount());
  } finally {
    await server.close();
  }
}

describe('a refusal', () => {
  test('carries code, status, message, details and the request’s id', async () => {
    const privileges = [{ feature: 'contacts', permissions: ['exports'] }];
    const error = await failureOf(ada.inviteMember({ email: 'a@example.com', all_features_access: false, privileges }));
    expect(error).toMatchObject({
      name: 'LatchkeyError',
      code: 'invalid_parameter',
      status: 400,
      reason: 'unknown_permission',
      details: [{ path: 'privileges[0].permissions[0]', reason: 'unknown_permission', suggestion: 'export' }],
      attempts: 1,
    });
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(error.message).not.toBe('');
  });

  test('is told apart by its code', async () => {
    const codeOf = async (call: PromiseLike<unknown>) => (await failureOf(call)).code;
    expect(await codeOf(ada.getMemberPermissions({ email: 'nobody@example.com' }))).toBe('document_not_found');
    expect(await codeOf(ada.revokeMember({ email: 'ada@example.com' }))).toBe('permission_denied');
    expect(await codeOf(new Latchkey({ url: world.base }).getAccount())).toBe('unauthorized');
    expect(await codeOf(new Latchkey({ url: world.base, apiKey: 'no-such-key' }).getAccount())).toBe('unauthorized');
  });

  test.each(Object.entries(problemCodes))('%s arrives as it was sent', async (code, { status }) => {
    const body = { code, message: 'Because.', details: [{ path: 'a', reason: 'b', message: 'c' }] };
    const headers = { 'sib-request-id': 'r-1', 'retry-after': '7' };
    expect(await answeredWith({ status, headers, body })).toMatchObject({
      ...body,
      status,
      requestId: 'r-1',
      retryAfter: 7,
    });
  });

  test('an input that no operation knows is refused by name, not dropped', async () => {
    const misspelt = { email: 'a@example.com', allFeaturesAccess: true } as never;
    expect(await failureOf(ada.inviteMember(misspelt))).toMatchObject({ status: 400 });
    expect((await failureOf(ada.listMembers({ state: 'active' } as never))).details[0]?.path).toContain('state');
  });

  test.each([
    [undefined, 'missing_parameter'],
    ['', 'missing_parameter'],
    ['.', 'invalid_parameter'],
    ['..', 'invalid_parameter'],
    ['\ud800@example.com', 'invalid_parameter'],
    [7, 'invalid_parameter'],
  ])('a path that would lack its value (%j) is not asked for', async (email, code) => {
    const error = await failureOf(ada.revokeMember({ email } as never));
    expect(error).toMatchObject({ code, status: undefined, attempts: 0, details: [{ path: 'email' }] });
  });
});

describe('an answer by somebody else', () => {
  test.each([
    ['a page', { status: 200, text: '<html>Welcome</html>' }, 'unexpected_reply'],
    ['a page that is not there', { status: 404, text: '<html>Not found</html>' }, 'unexpected_reply'],
    ['a word', { status: 200, text: '"OK"' }, 'unexpected_reply'],
    ['nothing', { status: 200, text: '' }, 'unexpected_reply'],
    ['half an object', { status: 200, text: '{"status":' }, 'unexpected_reply'],
    ['a proxy’s fault', { status: 500, text: 'oops' }, 'unexpected_reply'],
    ['a proxy without a server', { status: 502, text: '<html>Bad gateway</html>' }, 'service_unavailable'],
    ['a proxy that waits', { status: 429, text: 'slow down' }, 'too_many_requests'],
    ['one sentence', { status: 400, text: '"subject is required"' }, 'bad_request'],
  ] as const)('%s is an error that says so', async (_, answer, code) => {
    expect(await answeredWith(answer)).toMatchObject({ code, status: answer.status });
  });

  test('a redirection is not followed, so that the key goes nowhere else', async () => {
    const elsewhere = await startScriptedServer([{ status: 200, body: {} }]);
    const error = await answeredWith({ status: 307, headers: { location: elsewhere.url }, text: '' });
    expect(error.code).toBe('unexpected_reply');
    expect(error.message).toMatch(/redirects/);
    expect(elsewhere.asked).toEqual([]);
    await elsewhere.close();
  });
});

describe('without an answer', () => {
  test('a server that is not there is unreachable', async () => {
    const error = await failureOf(new Latchkey({ url: 'http://127.0.0.1:1', apiKey: 'a-key', retries: 0 }).getMe());
    expect(error).toMatchObject({ code: 'unreachable', status: undefined, attempts: 1 });
    expect(error.message).toContain('GET /v3/organization/me');
  });

  test('a server that says nothing is a time-out', async () => {
    const server = await startScriptedServer(['silence']);
    const latchkey = new Latchkey({ url: server.url, apiKey: 'a-key', timeout: 50 });
    expect(await failureOf(latchkey.getMe())).toMatchObject({ code: 'timeout', attempts: 1 });
    expect(await failureOf(latchkey.getMe({ timeout: 20 }))).toMatchObject({ code: 'timeout' });
    await server.close();
  });

  test('a signal ends a call at once, and one that was given before sends nothing', async () => {
    const server = await startScriptedServer(['silence']);
    const latchkey = new Latchkey({ url: server.url, apiKey: 'a-key' });
    const controller = new AbortController();
    const call = failureOf(latchkey.getMe({ signal: controller.signal }));
    setTimeout(() => controller.abort(new Error('no longer needed')), 30);
    const error = await call;
    expect(error).toMatchObject({ code: 'aborted', attempts: 1 });
    expect(error.cause).toEqual(new Error('no longer needed'));

    const { length } = server.asked;
    expect(await failureOf(latchkey.getMe({ signal: AbortSignal.abort() }))).toMatchObject({
      code: 'aborted',
      attempts: 0,
    });
    expect(server.asked).toHaveLength(length);
    await server.close();
  });
});

describe('the key', () => {
  const secret = 'lk_very-secret';

  test('is in no error and in nothing that is printed', async () => {
    const nowhere = new Latchkey({ url: 'http://127.0.0.1:1', apiKey: secret, retries: 1 });
    const errors = [
      await failureOf(nowhere.getAccount()),
      await failureOf(nowhere.inviteMember({ email: 'a@example.com', all_features_access: true }, { timeout: 1 })),
      await failureOf(new Latchkey({ url: world.base, apiKey: secret }).getAccount()),
      nowhere,
    ];
    for (const shown of errors) {
      expect(inspect(shown, { depth: 20, showHidden: true })).not.toContain(secret);
      expect(JSON.stringify(shown)).not.toContain(secret);
    }
  });

  test.each([
    { apiKey: `${secret}\n` },
    { apiKey: `${secret} é` },
    { apiKey: '' },
    { apiKey: undefined },
    { partnerKey: secret, apiKey: secret },
    { partnerKey: secret, organizationId: 'a\nb' },
    { apiKey: secret, url: `http://${secret}@127.0.0.1` },
    { apiKey: secret, url: secret },
    { apiKey: secret, url: 'ftp://127.0.0.1' },
    { apiKey: secret, timeout: 0 },
    { apiKey: secret, timeout: Number.NaN },
    { apiKey: secret, retries: -1 },
  ])('settings that cannot work are refused without repeating it (%#)', (settings) => {
    const make = () => new Latchkey({ url: world.base, ...settings } as LatchkeySettings);
    expect(make).toThrow(TypeError);
    expect(make).not.toThrow(secret);
  });
});

test.each(['', '/', '/v3', '/v3/'])('the address may end with %j', async (end) => {
  const origin = world.base.replace('/v3', '');
  expect(await new Latchkey({ url: origin + end, apiKey: world.ownerKey }).getAccount()).toBeDefined();
});

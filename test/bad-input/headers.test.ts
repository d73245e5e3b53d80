import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { pictureOf } from './database-picture.ts';
import { rawExchange, rawRequest } from './raw-http.ts';
import { type Refused, readRefusal } from './refusal.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.join('mei@example.com', { permissions: ['contacts:view'] });
});
afterAll(() => world?.stop());

const invitation = (email: string): string => JSON.stringify({ email, all_features_access: true });

/** One request with its header lines as written. */
async function ask(method: string, path: string, lines: string[], body = ''): Promise<Refused> {
  const head = [
    `${method} /v3${path} HTTP/1.1`,
    'Host: localhost',
    ...lines,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const { answers } = await rawExchange(
    world.server.port,
    Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'),
  );
  expect(answers, lines.join().slice(0, 100)).toHaveLength(1);
  return answers[0] as Refused;
}

const asAda = (): string => `api-key: ${world.ownerKey}`;

test('JSON is read as JSON whatever its content type says, and anything else is refused', async () => {
  const types = [
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'text/plain',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/vnd.api+json',
  ];
  for (const [index, type] of types.entries()) {
    const email = `typed-${index}@example.com`;
    const answer = await ask(
      'POST',
      '/organization/user/invitation/send',
      [asAda(), `content-type: ${type}`],
      invitation(email),
    );
    expect(answer.status, type).toBe(200);
    expect(JSON.parse(answer.text), type).toMatchObject({ email, all_features_access: true });
    const form = await ask(
      'POST',
      '/organization/user/invitation/send',
      [asAda(), `content-type: ${type}`],
      'email=eve%40example.com',
    );
    expect(readRefusal(form, type).code, type).toBe('bad_request');
  }
  expect(
    (await ask('POST', '/organization/user/invitation/send', [asAda()], invitation('untyped@example.com'))).status,
  ).toBe(200);
});

test('a content type that is none does not break the service', async () => {
  for (const type of [
    '',
    ';',
    'nonsense',
    '/',
    'a/b/c',
    'text/\xff',
    `text/${'x'.repeat(5000)}`,
    'application/json, text/plain',
  ]) {
    const answer = await ask(
      'POST',
      '/organization/user/invitation/send',
      [asAda(), `content-type: ${type}`],
      '{"email":1}',
    );
    readRefusal(answer, type.slice(0, 50));
  }
});

test('a credential of no known form is an unknown key', async () => {
  const keys = [
    'x',
    'nonsense '.repeat(50),
    'null',
    'undefined',
    'true',
    '[object Object]',
    "' or 1=1 --",
    'lk_',
    `lk_${'A'.repeat(49)}`,
    `lkp_${'A'.repeat(49)}`,
    '\xff\xfe\xfd',
    'x'.repeat(8000),
    `${'0'.repeat(64)}`,
  ];
  for (const key of keys) {
    for (const header of ['api-key', 'partner-key']) {
      const answer = await ask('GET', '/account', [`${header}: ${key}`]);
      expect(readRefusal(answer, key.slice(0, 50)), key.slice(0, 50)).toEqual({
        code: 'unauthorized',
        message: 'Key not found',
      });
    }
    const bearer = await ask('GET', '/account', [`authorization: Bearer ${key}`]);
    expect(readRefusal(bearer, key.slice(0, 50)).code).toBe('unauthorized');
  }
  for (const lines of [[], ['api-key:'], ['api-key:    '], ['authorization: Bearer'], ['authorization: Basic YTpi']]) {
    const answer = await ask('GET', '/account', lines);
    expect(readRefusal(answer, lines.join()), lines.join()).toEqual({
      code: 'unauthorized',
      message: 'authentication not found in headers',
    });
  }
});

test('a cookie of no known form, or that stands twice, is nobody’s', async () => {
  const { cookie } = await world.signIn('ada@example.com');
  const [name = '', secret = ''] = cookie.split('=');
  const page = ['latchkey-session: 1', `organization-id: ${world.organizationId}`];
  const cookies = [
    name,
    `${name}=`,
    `${name}="${secret}"`,
    `${name}= ${secret}`,
    `${name}=${secret}x`,
    `${name}=${secret.slice(1)}`,
    `${name}=${encodeURIComponent(`${secret} `)}`,
    `${name.toUpperCase()}=${secret}`,
    `${name}=${secret}, ${name}=${secret}`,
    `${cookie}; ${cookie}`,
    `${name}=; ${cookie}`,
    `${name}=\xff\xfe`,
    `${name}=${'A'.repeat(8000)}`,
    `=${secret}`,
    ';;;===;',
    `${'a=b; '.repeat(1500)}${name}`,
  ];
  for (const sent of cookies) {
    const answer = await ask('GET', '/account', [...page, `cookie: ${sent}`]);
    expect(readRefusal(answer, sent.slice(0, 50)).code, sent.slice(0, 50)).toBe('unauthorized');
  }
  for (const lines of [
    [`cookie: ${cookie}`, `cookie: ${cookie}`],
    [`cookie: ${cookie}`, 'latchkey-session: 1'],
    [`cookie: ${cookie}`, 'origin: https://evil.example'],
    [`cookie: ${cookie}`, 'sec-fetch-site: same-origin, cross-site'],
  ])
    expect(readRefusal(await ask('GET', '/account', [...page, ...lines]), lines.join()).code).toBe('unauthorized');
  for (const sent of [cookie, ` a=b;${cookie}`, `${cookie};`, `x-${cookie}; ${cookie}`])
    expect((await ask('GET', '/account', [...page, `cookie: ${sent}`])).status, sent).toBe(200);
});

test('an organization-id that names none of the organizations of whoever is signed in is refused alike', async () => {
  const { cookie } = await world.signIn('ada@example.com');
  const page = ['latchkey-session: 1', `cookie: ${cookie}`];
  for (const id of ['x', '0', 'null', '*', '00000000-0000-0000-0000-000000000000', '\xff', 'x'.repeat(5000)]) {
    const answer = await ask('GET', '/account', [...page, `organization-id: ${id}`]);
    expect(readRefusal(answer, id.slice(0, 50))).toEqual({ code: 'permission_denied', message: 'Access forbidden.' });
  }
  for (const lines of [[], ['organization-id:'], ['organization-id:   ']]) {
    const answer = await ask('GET', '/account', [...page, ...lines]);
    expect(readRefusal(answer).details?.[0]).toMatchObject({ path: 'organization-id', reason: 'missing' });
  }
});

test('a key of 100 KB is refused, and the next request works', async () => {
  for (const size of [17_000, 102_400]) {
    const { answers } = await rawExchange(
      world.server.port,
      rawRequest('GET', '/v3/account', { 'api-key': 'x'.repeat(size) }),
    );
    expect(readRefusal(answers[0] as Refused, `${size}`).code).toBe('bad_request');
  }
  expect((await world.owner.get('/account')).status).toBe(200);
});

test('two keys in one request are no key, so that nobody before us saw another one than we do', async () => {
  const other = (await world.join('noor@example.com', {})).secret;
  for (const lines of [
    [asAda(), `api-key: ${other}`],
    [`api-key: ${other}`, asAda()],
    [`api-key: ${other}, ${world.ownerKey}`],
  ]) {
    const answer = await ask('GET', '/account', lines);
    expect(readRefusal(answer, lines.join()).code, lines.join()).toBe('unauthorized');
  }
});

test('an organization-id that names no organization of the partner is refused alike', async () => {
  const partner = `partner-key: ${world.partnerKey}`;
  const ids = [
    'x',
    '0',
    'null',
    '*',
    `${world.organizationId},${world.organizationId}`,
    `${world.organizationId}x`,
    '00000000-0000-0000-0000-000000000000',
    '\xff',
    'x'.repeat(5000),
  ];
  for (const id of ids) {
    const answer = await ask('GET', '/account', [partner, `organization-id: ${id}`]);
    expect(readRefusal(answer, id.slice(0, 50)), id.slice(0, 50)).toEqual({
      code: 'permission_denied',
      message: 'Access forbidden.',
    });
  }
  for (const lines of [[partner], [partner, 'organization-id:'], [partner, 'organization-id:   ']]) {
    const answer = await ask('GET', '/account', lines);
    expect(readRefusal(answer).details?.[0]).toMatchObject({ path: 'organization-id', reason: 'missing' });
  }
  expect((await ask('GET', '/account', [partner, `organization-id: ${world.organizationId}`])).status).toBe(200);
});

test('an Idempotency-Key of no good form is refused, and nothing happens', async () => {
  const before = await pictureOf(world.database);
  for (const key of ['', ' ', 'x'.repeat(256), 'x'.repeat(300), 'two words', 'caf\xe9', '\xe2\x82\xac', 'tab\there']) {
    const lines = [asAda(), `idempotency-key: ${key}`];
    const refusal = readRefusal(
      await ask('POST', '/organization/user/invitation/send', lines, invitation('eve@example.com')),
      key,
    );
    expect(refusal, key).toMatchObject({ code: 'invalid_parameter', details: [{ path: 'idempotency-key' }] });
  }
  const twice = [asAda(), 'idempotency-key: a', 'idempotency-key: b'];
  readRefusal(await ask('POST', '/organization/user/invitation/send', twice, invitation('eve@example.com')));
  expect(await pictureOf(world.database)).toEqual(before);
});

test('an If-Match that is not the newest version is refused, whatever it looks like', async () => {
  const body = JSON.stringify({ email: 'mei@example.com', all_features_access: true });
  const before = await pictureOf(world.database);
  for (const tag of [
    '',
    '""',
    '"0"',
    '1',
    'W/"0"',
    '"1',
    '"-1"',
    '"nonsense"',
    '"0", "2"',
    'null',
    '\xff',
    '*x',
    'x'.repeat(200),
  ]) {
    const answer = await ask('POST', '/organization/user/update/permissions', [asAda(), `if-match: ${tag}`], body);
    expect(readRefusal(answer, tag), tag).toMatchObject({
      code: 'precondition_failed',
      details: [{ path: 'if-match' }],
    });
  }
  const long = await ask(
    'POST',
    '/organization/user/update/permissions',
    [asAda(), `if-match: ${'x'.repeat(201)}`],
    body,
  );
  expect(readRefusal(long)).toMatchObject({ code: 'out_of_range', details: [{ path: 'if-match' }] });
  expect(await pictureOf(world.database)).toEqual(before);
});

test('headers that ask for what is not offered do not break the service', async () => {
  for (const line of [
    'expect: 200-maybe',
    'accept: image/png',
    'accept-encoding: br;q=1.0, nonsense',
    'range: bytes=0-1',
    'upgrade: websocket',
    'x-http-method-override: DELETE',
    'x-forwarded-for: 1.2.3.4, nonsense',
    'origin: null',
    'cookie: a=b',
    'user-agent:',
    `user-agent: ${'x'.repeat(10_000)}`,
    'if-none-match: *',
    'transfer-encoding: identity',
    'te: trailers',
    'content-encoding: br',
  ]) {
    const { answers } = await rawExchange(
      world.server.port,
      `GET /v3/account HTTP/1.1\r\nHost: localhost\r\n${asAda()}\r\n${line}\r\n\r\n`,
    );
    const answer = answers[0] as Refused;
    expect(answer, line.slice(0, 50)).toBeDefined();
    if (answer.status !== 200) readRefusal(answer, line.slice(0, 50));
  }
});

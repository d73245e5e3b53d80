import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { type Exchange, rawExchange, rawRequest } from './raw-http.ts';
import { type Refused, readRefusal } from './refusal.ts';

let world: World;
/** Begun before everything else, since the server is patient for some seconds. */
let slow: Promise<Exchange>[];
beforeAll(async () => {
  world = await startWorld();
  const unfinished = [
    'GET /v3/account HTTP/1.1\r\nHost: localhost\r\nx-slow: ',
    'GET /v3/acc',
    'POST /v3/organization/user/invitation/accept HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"token":',
    'POST /v3/organization/user/invitation/accept HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"to',
  ];
  slow = unfinished.map((bytes) => rawExchange(world.server.port, bytes, { answers: 2, patience: 50_000 }));
});
afterAll(() => world?.stop());

const works = async (): Promise<void> => expect((await world.owner.get('/account')).status).toBe(200);

test('bytes that are not HTTP are refused in our shape, and the connection is closed', async () => {
  const account = rawRequest('GET', '/v3/account');
  const nonsense: (string | Uint8Array)[] = [
    '\r\n\r\nnonsense\r\n\r\n',
    'GET\r\n\r\n',
    'GET /v3/account\r\n\r\n',
    'GET /v3/account HTTP/9.9\r\n\r\n',
    'get /v3/account HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'FROBNICATE /v3/account HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /v3/account HTTP/1.1\r\nno colon here\r\n\r\n',
    'GET /v3/account HTTP/1.1\r\nHost: localhost\r\n: no name\r\n\r\n',
    'GET /v3/account HTTP/1.1\r\nHost: localhost\r\nbad\x00name: x\r\n\r\n',
    'GET /v3/account HTTP/1.1\r\nHost: localhost\r\napi-key: a\x00b\r\n\r\n',
    'POST /v3/account HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
    'POST /v3/account HTTP/1.1\r\nHost: localhost\r\nContent-Length: nonsense\r\n\r\n',
    'POST /v3/account HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    'POST /v3/account HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
    'POST /v3/account HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: nonsense\r\n\r\n{}',
    `GET /v3/account HTTP/1.1\r\nHost: localhost\r\n${Array.from({ length: 3000 }, (_, index) => `x-${index}: y\r\n`).join('')}\r\n`,
    `GET /${'a'.repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    'GET /v3/account HTTP/1.1\r\n\r\n',
    Uint8Array.from({ length: 2000 }, (_, index) => (index * 7919) % 256),
    // The beginning of a TLS handshake, and HTTP/2 without having agreed on it.
    Buffer.from('16030100c8010000c40303', 'hex'),
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    `CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n`,
    `${account}nonsense\r\n\r\n`,
  ];
  for (const bytes of nonsense) {
    const about = Buffer.from(bytes).toString('latin1').slice(0, 100);
    const { answers, closed } = await rawExchange(world.server.port, bytes, { answers: 99, patience: 3000, end: true });
    expect(closed, about).toBe(true);
    for (const answer of answers) readRefusal(answer, about);
    if (!about.startsWith('CONNECT')) expect(answers.length, about).toBeGreaterThan(0);
  }
  await works();
});

test('a body that breaks off is no request', async () => {
  const before = await world.database.sql('select count(*) from member');
  for (const bytes of [
    `POST /v3/organization/user/invitation/send HTTP/1.1\r\nHost: localhost\r\napi-key: ${world.ownerKey}\r\nContent-Length: 200\r\n\r\n{"email":"eve@example.com","all_features_access":true}`,
    `POST /v3/organization/user/invitation/send HTTP/1.1\r\nHost: localhost\r\napi-key: ${world.ownerKey}\r\nTransfer-Encoding: chunked\r\n\r\n36\r\n{"email":"eve@example.com","all_features_access":true}\r\n`,
    `POST /v3/organization/user/invitation/send HTTP/1.1\r\nHost: localhost\r\napi-key: ${world.ownerKey}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
  ]) {
    const { answers } = await rawExchange(world.server.port, bytes, { end: true });
    for (const answer of answers) readRefusal(answer, bytes.slice(-60));
  }
  expect(await world.database.sql('select count(*) from member')).toEqual(before);
  await works();
});

test('a client that goes away in the middle of its request or of its answer is no fault', async () => {
  const key = { 'api-key': world.ownerKey };
  for (let time = 0; time < 20; time++) {
    await rawExchange(world.server.port, rawRequest('GET', '/v3/organization/invited/users', key), {
      answers: 0,
      patience: time,
    });
    await rawExchange(world.server.port, rawRequest('GET', '/v3/account', key).slice(0, 60), {
      answers: 99,
      patience: time,
    });
  }
  await works();
  expect(world.logged()).not.toContain('"level":50');
});

test('HTTP/1.0 is answered', async () => {
  const request = rawRequest('GET', '/v3/account', { 'api-key': world.ownerKey }, '', 'HTTP/1.0');
  const { answers, closed } = await rawExchange(world.server.port, request, { answers: 2 });
  expect(answers[0]).toMatchObject({ status: 200 });
  expect(closed).toBe(true);
});

test('requests in a pipeline are answered in their order, good and bad', async () => {
  const key = { 'api-key': world.ownerKey };
  const requests = [
    rawRequest('GET', '/v3/account', key),
    rawRequest('GET', '/v3/nowhere', key),
    rawRequest('POST', '/v3/organization/user/invitation/send', key, '{"email":1}'),
    rawRequest('GET', '/v3/account'),
    rawRequest('GET', '/v3/organization/me', key),
  ];
  const { answers } = await rawExchange(world.server.port, requests.join(''), { answers: requests.length });
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 400, 401, 200]);
});

test('a body beside a GET is not taken for anything, nor for the next request', async () => {
  const key = { 'api-key': world.ownerKey };
  const hidden = 'GET /v3/organization/me HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const request = rawRequest('GET', '/v3/account', { ...key, 'content-type': 'application/json' }, hidden);
  const { answers } = await rawExchange(world.server.port, request + rawRequest('GET', '/v3/account', key), {
    answers: 3,
    patience: 1000,
  });
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.text).toBe(answers[1]?.text);
});

test('whoever never finishes their headers or body is not waited for', async () => {
  for (const exchange of slow) {
    const { answers, closed, milliseconds } = await exchange;
    expect(closed).toBe(true);
    expect(milliseconds).toBeLessThan(45_000);
    for (const answer of answers) readRefusal(answer as Refused, 'slow');
  }
  await works();
}, 60_000);

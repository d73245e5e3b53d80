import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, rawExchange, rawRequest } from '../bad-input/raw-http.ts';
import { type Refused, readMessage } from '../bad-input/refusal.ts';
import type { World } from '../world.ts';
import { askDecisionPoint, paths } from './decision-point.ts';
import { startRecords } from './records.ts';

let world: World;
/** Begun before everything else, since the server is patient for some seconds. */
let slow: Promise<Exchange>[];
beforeAll(async () => {
  world = await startRecords();
  const head = `POST ${paths.evaluation} HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\napi-key: ${world.ownerKey}\r\n`;
  const unfinished = [
    `${head}Content-Length: 1000\r\n\r\n{"subject":`,
    `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"sub`,
    `${head}x-slow: `,
  ];
  slow = unfinished.map((bytes) => rawExchange(world.server.port, bytes, { answers: 2, patience: 50_000 }));
});
afterAll(() => world?.stop());

const question = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'read' },
  resource: { type: 'record', id: 'record-1' },
};
const text = JSON.stringify(question);
const works = async (): Promise<void> =>
  expect((await askDecisionPoint(world, 'evaluation', question)).body.decision).toBe(true);

const json = (): Record<string, string> => ({ 'api-key': world.ownerKey, 'content-type': 'application/json' });
const request = (headers: Record<string, string> = {}, body = text, method = 'POST', path: string = paths.evaluation) =>
  rawRequest(method, path, { ...json(), ...headers }, body);

async function exchange(bytes: string, answers = 1): Promise<Refused[]> {
  const done = await rawExchange(world.server.port, bytes, { answers, patience: 3000 });
  expect(done.answers, bytes.slice(0, 300)).toHaveLength(answers);
  return done.answers;
}

describe('X-Request-ID', () => {
  test('is echoed as it came, in answers and in errors', async () => {
    for (const id of [
      '1',
      'x'.repeat(5000),
      '"quoted"',
      'a, b;c=d',
      'caf\xe9',
      '\xff\xfe',
      'tab\there',
      '../../etc',
      '<script>',
    ])
      for (const body of [text, '{}', 'nonsense']) {
        const [answer] = await exchange(request({ 'x-request-id': id }, body));
        expect(answer?.headers.get('x-request-id'), id.slice(0, 50)).toBe(id);
        expect(answer?.status).toBe(body === text ? 200 : 400);
      }
    for (const [path, headers, status] of [
      [paths.evaluation, { 'api-key': 'wrong' }, 401],
      ['/.well-known/authzen-configuration', {}, 405],
    ] as const) {
      const [answer] = await exchange(request({ ...headers, 'x-request-id': 'mine' }, text, 'POST', path));
      expect([answer?.status, answer?.headers.get('x-request-id')]).toEqual([status, 'mine']);
    }
  });

  test('that stands twice comes back with both, and one that is absent or empty is no fault', async () => {
    const [twice] = await exchange(request({ 'x-request-id': 'a', 'X-Request-ID': 'b' }));
    expect([twice?.status, twice?.headers.get('x-request-id')]).toEqual([200, 'a, b']);
    for (const headers of [{}, { 'x-request-id': '' }]) {
      const [answer] = await exchange(request(headers as Record<string, string>));
      expect(answer?.status).toBe(200);
    }
  });

  test('is beside our own number, which nobody chooses', async () => {
    const [answer] = await exchange(request({ 'x-request-id': 'mine', 'sib-request-id': 'mine' }));
    expect(answer?.headers.get('sib-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a method', () => {
  test('that a path does not have is 405 with those it has', async () => {
    for (const path of Object.values(paths))
      for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'QUERY']) {
        const [answer] = await exchange(request({}, '', method, path));
        expect([answer?.status, answer?.headers.get('allow')], `${method} ${path}`).toEqual([405, 'POST']);
        readMessage(answer as Refused, method);
      }
    const [posted] = await exchange(request({}, text, 'POST', '/.well-known/authzen-configuration'));
    expect([posted?.status, posted?.headers.get('allow')]).toEqual([405, 'GET']);
  });

  test('HEAD is 405 without a body, and the connection goes on', async () => {
    for (const path of [...Object.values(paths), '/.well-known/authzen-configuration']) {
      const response = await fetch(world.base.replace('/v3', '') + path, { method: 'HEAD' });
      expect([response.status, await response.text()]).toEqual([405, '']);
    }
    await works();
  });
});

describe('a path', () => {
  test('may have a query, which says nothing', async () => {
    for (const query of ['?', '?a=b', '?a=b&a=c', '?%zz', `?${'x'.repeat(5000)}`]) {
      const [answer] = await exchange(request({}, text, 'POST', paths.evaluation + query));
      expect(JSON.parse(answer?.text ?? ''), query.slice(0, 50)).toMatchObject({ decision: true });
    }
  });

  test('that is nearly right is not found', async () => {
    for (const path of [
      '/access/v1/evaluation/',
      '/access/v1//evaluation',
      '/Access/v1/evaluation',
      '/access/v1/evaluation%20',
      '/access/v1',
      '/access/v2/evaluation',
      '/v3/access/v1/evaluation',
      '/access/v1/search',
      '/access/v1/search/subjects',
      '/.well-known/authzen-configuration/tenant',
    ])
      expect((await exchange(request({}, text, 'POST', path)))[0]?.status, path).toBe(404);
  });

  test('needs a Host, and HTTP/1.0 has none', async () => {
    const headers = Object.entries(json()).map(([name, value]) => `${name}: ${value}\r\n`);
    const bytes = (version: string): string =>
      `POST ${paths.evaluation} HTTP/${version}\r\n${headers.join('')}content-length: ${text.length}\r\n\r\n${text}`;
    const [without] = await exchange(bytes('1.1'));
    expect([without?.status, readMessage(without as Refused)]).toEqual([400, 'The request has no Host header.']);
    expect((await exchange(bytes('1.0')))[0]?.status).toBe(200);
  });
});

describe('a connection', () => {
  const keys = (): Record<string, string>[] => [{ 'api-key': 'wrong' }, { 'api-key': '' }];

  test('goes on after any error, with what comes next', async () => {
    const errors = [
      ...keys().map((headers) => request(headers)),
      request({}, 'nonsense'),
      request({}, '{}'),
      request({ 'content-type': 'text/plain' }),
      request({ 'latchkey-revision': '99999' }),
      request({}, '', 'GET'),
      request({}, text, 'PUT'),
      request({}, '{"a":"'.padEnd(300_000, 'x')),
      // More than fits a socket's buffers, so that it is still coming when the answer is written.
      request({ 'api-key': 'wrong' }, ' '.repeat(200_000)),
    ];
    for (const error of errors) {
      const about = `${error.slice(0, 60)} ${error.length}`;
      const [refused, answered] = await exchange(error + request(), 2);
      readMessage(refused as Refused, about);
      expect(answered?.status, about).toBe(200);
    }
  });

  test('with requests in a pipeline answers in their order, good and bad', async () => {
    const requests = [
      request(),
      request({}, '{}'),
      request({ 'api-key': 'wrong' }),
      request({}, '', 'GET', '/v3/account'),
      request({}, '', 'GET', '/.well-known/authzen-configuration'),
      request(),
    ];
    const all = [...requests, ...requests, ...requests];
    const answers = await exchange(all.join(''), all.length);
    const statuses = [200, 400, 401, 200, 200, 200];
    expect(answers.map(({ status }) => status)).toEqual([...statuses, ...statuses, ...statuses]);
  });

  test('may be gone at any moment', async () => {
    const whole = request();
    for (let cut = 10; cut < whole.length; cut += 17)
      await rawExchange(world.server.port, whole.slice(0, cut), {
        answers: 99,
        patience: cut % 30,
        end: cut % 2 === 0,
      });
    for (let time = 0; time < 20; time++)
      await rawExchange(world.server.port, request({}, text.replace('alice', `stranger-${time}`)), {
        answers: 0,
        patience: time % 5,
      });
    await works();
    expect(world.logged()).not.toContain('"level":50');
  });

  test('whose body comes byte by byte is answered', async () => {
    const socket = connect(world.server.port, '127.0.0.1');
    const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    for (const character of request()) {
      socket.write(character);
      if (character === '{') await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await answered).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  test('that expects to be told to continue is told', async () => {
    const socket = connect(world.server.port, '127.0.0.1');
    const received: string[] = [];
    socket.on('data', (data) => received.push(data.toString()));
    socket.write(request({ expect: '100-continue' }, text).slice(0, -text.length));
    await expect.poll(() => received.join('')).toMatch(/^HTTP\/1\.1 100 /);
    socket.write(text);
    await expect.poll(() => received.join('')).toMatch(/HTTP\/1\.1 200 /);
    socket.destroy();
  });
});

test('a request with compressed, empty chunked or no body at all is refused', async () => {
  const head = Object.entries(json()).map(([name, value]) => `${name}: ${value}\r\n`);
  for (const rest of [
    '\r\n',
    'Content-Length: 0\r\n\r\n',
    'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00',
  ])
    for (const path of Object.values(paths)) {
      const [answer] = await exchange(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${head.join('')}${rest}`);
      readMessage(answer as Refused, rest);
      expect(answer?.status, rest).toBe(400);
    }
  await works();
});

test('whoever never finishes their request is not waited for', async () => {
  for (const unfinished of slow) {
    const { answers, closed, milliseconds } = await unfinished;
    expect(closed).toBe(true);
    expect(milliseconds).toBeLessThan(45_000);
    for (const answer of answers) expect(answer.status).toBeLessThan(500);
  }
  await works();
  expect(world.logged()).not.toContain('"level":50');
}, 60_000);

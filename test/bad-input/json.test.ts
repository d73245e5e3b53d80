import { afterAll, beforeAll, expect, test } from 'vitest';
import { targetOf } from '../access/request.ts';
import { startWorld, type World } from '../world.ts';
import { pictureOf } from './database-picture.ts';
import { readMessage, readRefusal } from './refusal.ts';
import { forEach, send } from './send.ts';
import { type ValidRequest, validRequests } from './valid-requests.ts';

let world: World;
let requests: ValidRequest[];
let before: Record<string, string>;
beforeAll(async () => {
  world = await startWorld();
  requests = (await validRequests(world)).filter(({ body }) => body !== undefined);
  before = await pictureOf(world.database);
});
afterAll(() => world?.stop());

/** Sends a changed body text to every operation that takes a body, and expects each to refuse it for this reason. */
async function everyOperationRefuses(
  reason: string | RegExp,
  code: string,
  change: (valid: string, body: Record<string, unknown>) => string | Uint8Array<ArrayBuffer>,
  asked: readonly ValidRequest[] = requests,
): Promise<void> {
  await forEach(asked, async (request) => {
    const body = request.body ?? {};
    const answer = await send(world, request, { text: change(JSON.stringify(body), body) });
    if (request.operation.protocol === 'authzen') {
      expect(answer.status, request.name).toBe(400);
      readMessage(answer, request.name);
      return;
    }
    const refusal = readRefusal(answer, request.name);
    expect(refusal, request.name).toMatchObject({ code, details: [{ reason: expect.stringMatching(reason) }] });
  });
  expect(await pictureOf(world.database)).toEqual(before);
  expect((await world.owner.get('/account')).status).toBe(200);
}

/** The body of some operations may be left out, since everything in it may. */
const requiresSomething = ({ operation }: ValidRequest): boolean => (operation.body?.required?.length ?? 0) > 0;

const latin1 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'latin1'));
/** The same body with something put before its first member. */
const with_ = (valid: string, member: string): string => `{${member},${valid.slice(1)}`;

test('nesting is refused beyond 32 levels: 100 deep and 100,000 deep', async () => {
  for (const levels of [33, 100, 100_000]) {
    const deep = '['.repeat(levels) + ']'.repeat(levels);
    await everyOperationRefuses('too_deep', 'bad_request', (valid) => with_(valid, `"deep":${deep}`));
    await everyOperationRefuses('too_deep', 'bad_request', () => deep);
  }
  const objects = '{"a":'.repeat(40_000);
  await everyOperationRefuses('too_deep', 'bad_request', () => `${objects}1${'}'.repeat(40_000)}`);
  await everyOperationRefuses('not_json', 'bad_request', () => '['.repeat(100_000));
});

test('a body of 1 MB is out of range, with or without its length said, and the next request works', async () => {
  const megabyte = 'x'.repeat(1_048_576);
  await everyOperationRefuses('too_large', 'out_of_range', (valid) => with_(valid, `"filler":"${megabyte}"`));
  for (const request of requests) {
    const response = await fetch(`${world.base}${targetOf(request.operation).replaceAll(/\{\w+\}/g, 'x')}`, {
      method: request.operation.method,
      headers: { ...request.credential, 'content-type': 'application/json' },
      body: new Blob([`{"filler":"${megabyte}"}`]).stream(),
      duplex: 'half',
    } as RequestInit);
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    if (request.operation.protocol === 'authzen') expect(readMessage(answer, request.name)).toMatch(/too large/);
    else expect(readRefusal(answer, request.name).code, request.name).toBe('out_of_range');
  }
  expect((await world.owner.get('/account')).status).toBe(200);
});

test('a name that stands twice is refused at any depth, however it is spelled', async () => {
  await everyOperationRefuses('duplicate_name', 'bad_request', (valid, body) => {
    const [name, value] = Object.entries(body)[0] ?? ['', ''];
    return with_(valid, `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  });
  await everyOperationRefuses('duplicate_name', 'bad_request', (valid, body) => {
    const name = Object.keys(body)[0] ?? '';
    const escaped = `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`;
    return with_(valid, `"${escaped}" \n:"eve@example.com"`);
  });
  await everyOperationRefuses('duplicate_name', 'bad_request', (valid) => with_(valid, '"more":[{"a":1,"\\u0061":2}]'));
  await everyOperationRefuses('duplicate_name', 'bad_request', (valid) =>
    with_(valid, '"more":{"__proto__":1,"__proto__":2}'),
  );
});

test('a name inside a text is not taken for a name that stands twice', async () => {
  const answer = await world.owner.post(
    '/organization/api-keys',
    '{"name":"\\"name\\": \\\\","all_features_access":true,"privileges":[{},{}]}',
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  before = await pictureOf(world.database);
});

test('bytes that are not UTF-8 are refused: stray, overlong, surrogates, UTF-16, compressed', async () => {
  const strays = ['\xff', '\xc0\x80', '\xed\xa0\x80', '\xf4\x90\x80\x80', 'caf\xe9'];
  for (const stray of strays)
    await everyOperationRefuses('not_utf8', 'bad_request', (valid) => latin1(with_(valid, `"text":"${stray}"`)));
  await everyOperationRefuses(
    'not_utf8',
    'bad_request',
    (valid) => new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(valid, 'utf16le')])),
  );
  const { gzipSync } = await import('node:zlib');
  await everyOperationRefuses('not_utf8', 'bad_request', (valid) => new Uint8Array(gzipSync(valid)));
});

test('NUL characters and halves of surrogate pairs are refused in texts and names', async () => {
  for (const half of ['\\ud800', '\\udc00', '\\ud800x', '\\udc00\\ud800']) {
    await everyOperationRefuses('lone_surrogate', 'bad_request', (valid) => with_(valid, `"text":"${half}"`));
    await everyOperationRefuses('lone_surrogate', 'bad_request', (valid) => with_(valid, `"${half}":1`));
  }
  await everyOperationRefuses('nul_character', 'bad_request', (valid) => with_(valid, '"text":"a\\u0000b"'));
  await everyOperationRefuses('nul_character', 'bad_request', (valid) => with_(valid, '"a\\u0000b":1'));
  await everyOperationRefuses('not_json', 'bad_request', (valid) => `${valid}\0`);
  await everyOperationRefuses('not_json', 'bad_request', (valid) => with_(valid, '"text":"a\0b"'));
});

test('what is nearly JSON is refused', async () => {
  const nearly: ((valid: string) => string)[] = [
    (valid) => valid.slice(0, -1),
    (valid) => valid.slice(0, valid.length / 2),
    (valid) => `${valid},`,
    (valid) => valid + valid,
    (valid) => valid.replace(/}$/, ',}'),
    (valid) => valid.replaceAll('"', "'"),
    (valid) => `// a comment\n${valid}`,
    (valid) => `\ufeff\ufeff${valid}`,
    (valid) => `)]}',\n${valid}`,
    (valid) => with_(valid, '"n":NaN'),
    (valid) => with_(valid, '"n":0x10'),
    (valid) => with_(valid, '"n":01'),
    (valid) => with_(valid, '"n":undefined'),
    (valid) => with_(valid, '"n":"\\x41"'),
    (valid) => with_(valid, '"n":"\n"'),
    () => 'email=eve%40example.com&all_features_access=true',
    () => '<inviteuser/>',
    () => '--\r\nContent-Disposition: form-data\r\n\r\n--',
  ];
  for (const change of nearly) await everyOperationRefuses('not_json', 'bad_request', change);
});

test('nothing of a body that cannot be read is quoted in the answer or the log', async () => {
  const secret = 'lk_a-secret-that-nobody-else-should-read';
  for (const text of [`{"token": ${secret}}`, `${secret}`, `{"token":"${secret}"`, `{"a":"\0${secret}"}`]) {
    for (const request of requests) {
      const answer = await send(world, request, { text });
      if (request.operation.protocol === 'authzen') readMessage(answer, request.name);
      else readRefusal(answer, request.name);
      expect(answer.text, request.name).not.toContain('lk_a-secret');
    }
  }
  expect(world.logged()).not.toContain('lk_a-secret');
});

test('an empty body counts as a missing one', async () => {
  for (const text of ['', ' \r\n\t ']) {
    await everyOperationRefuses('missing', 'missing_parameter', () => text, requests.filter(requiresSomething));
  }
  await everyOperationRefuses('missing', 'missing_parameter', () => 'null');
});

test('a number that no value can hold is of the wrong type, not the nearest one that fits', async () => {
  const rotate = requests.find(({ name }) => name === 'rotateApiKey') as ValidRequest;
  for (const number of ['1e400', '-1e400', '60.5', '1e-400000', `6${'0'.repeat(100_000)}`, '-1', '604801']) {
    const answer = await send(world, rotate, { text: `{"overlap_seconds":${number}}` });
    if (number === '1e-400000') expect(answer.status, 'it is read as 0, as JSON numbers are').toBe(200);
    else readRefusal(answer, number.slice(0, 20));
  }
});

test('a byte order mark before the body changes nothing', async () => {
  const answer = await world.owner.post(
    '/organization/user/invitation/send',
    `\ufeff${JSON.stringify({ email: 'bom@example.com', all_features_access: true })}`,
  );
  expect(answer).toMatchObject({ status: 200, body: { email: 'bom@example.com', all_features_access: true } });
});

import { METHODS } from 'node:http';
import { api } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { pictureOf } from './database-picture.ts';
import { rawExchange, rawRequest } from './raw-http.ts';
import { type Refused, readMessage, readRefusal } from './refusal.ts';
import { forEach } from './send.ts';

let world: World;
let before: Record<string, string>;
beforeAll(async () => {
  world = await startWorld();
  await world.join('mei@example.com', { permissions: ['contacts:view'] });
  before = await pictureOf(world.database);
});
afterAll(() => world?.stop());

/** One request with its target as written, by Ada, or by the partner for what is theirs. */
async function ask(method: string, target: string, body = ''): Promise<Refused> {
  const key = target.startsWith('/v3/corporate') ? { 'partner-key': world.partnerKey } : { 'api-key': world.ownerKey };
  const { answers } = await rawExchange(world.server.port, rawRequest(method, target, key, body));
  expect(answers, `${method} ${target.slice(0, 200)} was answered`).toHaveLength(1);
  return answers[0] as Refused;
}

const oddSegments = [
  '%00',
  'mei%00@example.com',
  '%ff',
  '%c0%af',
  '%ed%a0%80',
  '%zz',
  '%',
  '%2',
  '%252F',
  'a%2Fb',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  '..',
  '.',
  ';jsessionid=1',
  'mei@example.com;a=b',
  'mei%40example.com%20x',
  '%0d%0aset-cookie:x=1',
  '%e2%80%ae',
  '%f0%9f%92%a9@example.com%f0%9f%92%a9',
  '*',
  ':email',
  '{email}',
  'undefined',
  '__proto__',
  'constructor',
  `${'a'.repeat(3000)}`,
  `${'a'.repeat(2999)}@example.com`,
  `${'%61'.repeat(1500)}`,
  '00000000-0000-0000-0000-000000000000',
  '0198C0DE-0000-7000-8000-000000000001',
];

test('odd encodings in a path are refused in our shape, for every operation that has a parameter', async () => {
  const withParams = Object.values(api).filter((operation) => operation.path.includes('{'));
  for (const { method, path } of withParams) {
    await forEach(oddSegments, async (segment) => {
      const target = `/v3${path.replaceAll(/\{\w+\}/g, segment)}`;
      const refusal = readRefusal(
        await ask(method, target, method === 'POST' || method === 'PUT' ? '{}' : ''),
        `${method} ${target.slice(0, 300)}`,
      );
      expect(JSON.stringify(refusal), target.slice(0, 300)).not.toContain('a'.repeat(300));
    });
  }
  expect(await pictureOf(world.database)).toEqual(before);
});

test('paths that are nearly right are not found, rather than guessed', async () => {
  const targets = [
    '//v3/account',
    '/v3//account',
    '/v3/account/',
    '/v3/Account',
    '/v3/./account',
    '/v3/organization/../account',
    '/v3/account%00',
    '/v3/account%20',
    '/v3/acc%6fun%74%2f',
    '/v3/account;a=b',
    '/v3',
    '/v3/',
    '/v3/organization/user//permissions',
    '/v3/organization/user/a/b/permissions',
    '/\\v3/account',
    `/${'a'.repeat(8000)}`,
    `/v3/${'a/'.repeat(3000)}`,
    `/v3/account${'?a=b'.repeat(10)}`,
    '/v3/account?%ff',
    '/v3/account?a=%zz',
  ];
  for (const target of targets) {
    const refusal = readRefusal(await ask('GET', target), target.slice(0, 100));
    expect(refusal.message.length, target.slice(0, 100)).toBeLessThan(400);
  }
});

test('a query whose percent signs mean nothing is refused, not read as it stands', async () => {
  for (const query of ['search=%ff', 'search=%zz', 'search=%', 'search=a%c0%afb', 'permission=%', 'status=%ff']) {
    const refusal = readRefusal(await ask('GET', `/v3/organization/invited/users?${query}`), query);
    expect(['bad_request', 'invalid_parameter'], query).toContain(refusal.code);
  }
  for (const query of ['search=%00', 'search=a%00b']) {
    const refusal = readRefusal(await ask('GET', `/v3/organization/invited/users?${query}`), query);
    expect(refusal.details?.[0], query).toMatchObject({ path: 'search', reason: 'nul_character' });
  }
});

test('a request target with a space, a control character or raw UTF-8 does not break the service', async () => {
  for (const target of [
    '/v3/organization/user/mei @example.com/permissions',
    '/v3/acc\x01ount',
    '/v3/account\x7f',
    '/v3/\xc3\xa9',
  ]) {
    readRefusal(await ask('GET', target), target);
  }
  const absolute = await ask('GET', 'http://elsewhere.example/v3/account');
  if (absolute.status !== 200) readRefusal(absolute, 'absolute form');
  readRefusal(await ask('OPTIONS', '*'), 'asterisk form');
});

test('an address in a path is decoded once, and its + stays a +', async () => {
  await world.join('jane+ops@example.com', { permissions: ['contacts:view'] });
  await world.join('100%25@example.com', { permissions: ['contacts:view'] });
  for (const segment of [
    'jane+ops@example.com',
    'jane%2Bops%40example.com',
    '%6aane+ops@EXAMPLE.com',
    '%20jane+ops@example.com%20',
  ])
    expect(JSON.parse((await ask('GET', `/v3/organization/user/${segment}/permissions`)).text), segment).toMatchObject({
      email: 'jane+ops@example.com',
    });
  expect((await ask('GET', '/v3/organization/user/jane%20ops@example.com/permissions')).status).toBe(400);
  const twice = await ask('GET', '/v3/organization/user/100%2525@example.com/permissions');
  expect(JSON.parse(twice.text)).toMatchObject({ email: '100%25@example.com' });
});

test('every path of the contract refuses every method that it does not have, and says which it has', async () => {
  const usual = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'QUERY'];
  const paths = Map.groupBy(Object.values<Operation>(api), ({ path, protocol }) => (protocol ? path : `/v3${path}`));
  const before = await pictureOf(world.database);
  for (const [path, operations] of paths) {
    const known: string[] = operations.map(({ method }) => method);
    const target = path.replaceAll('{action}', 'resend').replaceAll(/\{\w+\}/g, 'x');
    const authzen = operations.some(({ protocol }) => protocol === 'authzen');
    await forEach(
      METHODS.filter((method) => !known.includes(method) && !['CONNECT', 'HEAD'].includes(method)),
      async (method) => {
        const answer = await ask(method, target);
        const about = `${method} ${target}`;
        if (authzen) expect(readMessage(answer, about)).toBe(`${method} is not allowed on this path`);
        const refusal = authzen ? null : readRefusal(answer, about);
        if (!usual.includes(method)) return;
        if (refusal)
          expect(refusal, about).toEqual({
            code: 'method_not_allowed',
            message: `${method} Method is not allowed on this path`,
          });
        expect(answer.headers.get('allow')?.split(', ').sort(), about).toEqual(known.sort());
      },
    );
    const head = await fetch(`http://127.0.0.1:${world.server.port}${target}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('allow')?.split(', ').sort()], target).toEqual([405, known.sort()]);
  }
  expect(await pictureOf(world.database)).toEqual(before);
});

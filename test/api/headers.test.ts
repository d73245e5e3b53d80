import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../bad-input/send.ts';
import { type ValidRequest, validRequests } from '../bad-input/valid-requests.ts';
import { client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let requests: ValidRequest[];
beforeAll(async () => {
  world = await startWorld();
  requests = await validRequests(world);
});
afterAll(() => world?.stop());

const changesAccess = new Set([
  'updateMemberPermissions',
  'updateMember',
  'changeMembers',
  'revokeMember',
  'acceptInvitation',
  'giveOwnership',
  'stepDown',
  'leaveOrganization',
  'createApiKey',
  'rotateApiKey',
  'adoptApiKey',
  'deleteApiKey',
  'createSubAccountKey',
  'changeSubAccountPlan',
]);

test('every answer has an id of its own and is never cached; latchkey-revision stands on changes of access only', async () => {
  const ids = new Set<string | null>();
  for (const request of requests) {
    const answer = await send(world, request);
    expect(answer.status, `${request.name}: ${answer.text}`).toBe(request.operation.reply.status);
    const [type = 'application/json'] = [request.operation.reply.stream ?? []].flat();
    expect(answer.headers.get('content-type')?.split(';')[0], request.name).toBe(type);
    expect(answer.headers.get('cache-control'), request.name).toBe('no-store');
    expect(answer.headers.get('sib-request-id'), request.name).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.has('latchkey-revision'), request.name).toBe(changesAccess.has(request.name));
    ids.add(answer.headers.get('sib-request-id'));
  }
  expect(ids.size).toBe(requests.length);
});

test('each revision is one more than the one before', async () => {
  const mei = await world.join('mei3@example.com', { permissions: ['contacts:view'] });
  const revisions: number[] = [];
  for (const feature of ['phone', 'landing_pages', 'user_management']) {
    const answer = await world.owner.post('/organization/user/update/permissions', {
      email: mei.email,
      all_features_access: false,
      privileges: [{ feature, permissions: ['all'] }],
    });
    revisions.push(Number(answer.headers.get('latchkey-revision')));
  }
  const [first = 0] = revisions;
  expect(revisions).toEqual([first, first + 1, first + 2]);
});

test('a key may come with a prefix, or as a bearer token', async () => {
  const { ownerKey, base } = world;
  const accepted = [
    { 'api-key': ownerKey },
    { 'api-key': `Bearer ${ownerKey}` },
    { 'api-key': `  Token   ${ownerKey} ` },
    { 'API-KEY': ownerKey },
    { authorization: `Bearer ${ownerKey}` },
    { authorization: `bearer ${ownerKey}` },
  ];
  for (const headers of accepted)
    expect((await client(base, headers).get('/account')).body.email, Object.values(headers)[0]?.slice(0, 8)).toBe(
      'ada@example.com',
    );
});

test('the two 401 answers are those of the live wire, message first', async () => {
  const body = async (headers: Record<string, string>) => (await fetch(`${world.base}/account`, { headers })).text();
  expect(await body({})).toBe('{"message":"authentication not found in headers","code":"unauthorized"}');
  expect(await body({ 'api-key': '' })).toBe('{"message":"authentication not found in headers","code":"unauthorized"}');
  expect(await body({ 'api-key': 'unknown' })).toBe('{"message":"Key not found","code":"unauthorized"}');
});

test('any accept, no user agent and a content type on an empty GET or PUT are tolerated', async () => {
  const odd = { accept: 'image/png', 'content-type': 'application/json; charset=utf-8', 'user-agent': '' };
  expect((await world.owner.get('/account', odd)).status).toBe(200);
  const token = await world.invite('odd@example.com');
  expect(token).toHaveLength(94);
  expect(
    (await world.owner.send('PUT', '/organization/user/invitation/cancel/odd@example.com', undefined, odd)).status,
  ).toBe(200);
});

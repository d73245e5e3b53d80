import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstOwner, startWorld, type World } from '../world.ts';
import { type Generation, generations, type Privilege } from './generations.ts';
import { type RawAnswer, rawRequest } from './raw-request.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const send = '/organization/user/invitation/send';
const update = '/organization/user/update/permissions';

interface Caller {
  get(path: string): Promise<RawAnswer>;
  put(path: string): Promise<RawAnswer>;
  post(path: string, value: unknown): Promise<RawAnswer>;
}

/** Speaks as a generation does, byte for byte where it matters. */
function speakingAs({ headers, onGet, onPut, onPost, body }: Generation, key: string): Caller {
  const { port } = world.server;
  const every = headers(key);
  return {
    get: (path) => rawRequest(port, 'GET', `/v3${path}`, { ...every, ...onGet }),
    put: (path) => rawRequest(port, 'PUT', `/v3${path}`, { ...every, ...onPut }),
    post: (path, value) => rawRequest(port, 'POST', `/v3${path}`, { ...every, ...onPost }, body(value)),
  };
}

test.each(generations)('$client: all six operations work, and what it types is there', async (generation) => {
  const { inPath, sends, means } = generation;
  const ada = speakingAs(generation, world.ownerKey);
  const email = `jane+ops-${generation.client.replace(/\W+/g, '-').toLowerCase()}@example.com`;
  const request = { email, all_features_access: false, privileges: sends };

  decodeInviteUser(await ada.post(send, request), request);
  const pending = decodeUserPermission(await ada.get(`/organization/user/${inPath(email)}/permissions`));
  expect(pending).toMatchObject({ email, status: 'pending' });
  expect(pending.privileges).toHaveLength(means.length);
  expect(pending.privileges).toEqual(expect.arrayContaining(means));

  decodeEmail(await ada.put(`/organization/user/invitation/resend/${inPath(email)}`), email);
  await world.anonymous.post('/organization/user/invitation/accept', { token: await world.token(email) });

  const change = { email, all_features_access: true, privileges: [] };
  decodeInviteUser(await ada.post(update, change), change);
  const users = decodeUsersList(await ada.get('/organization/invited/users'));
  expect(users.filter((user) => user.email === firstOwner)).toMatchObject([{ is_owner: true, status: 'active' }]);
  expect(users.filter((user) => user.email === email)).toMatchObject([
    { is_owner: false, status: 'active', feature_access: { marketing: 'full', conversations: 'full', crm: 'full' } },
  ]);

  decodeEmail(await ada.put(`/organization/user/invitation/revoke/${inPath(email)}`), email);
  const another = `${email.split('@')[0]}-2@example.com`;
  decodeInviteUser(await ada.post(send, { ...request, email: another }), { ...request, email: another });
  decodeEmail(await ada.put(`/organization/user/invitation/cancel/${inPath(another)}`), another);
  const left = decodeUsersList(await ada.get('/organization/invited/users')).map((user) => user.email);
  expect(left).not.toContain(email);
  expect(left).not.toContain(another);
});

test.each(generations)('$client: failures are JSON with code and message', async (generation) => {
  const ada = speakingAs(generation, world.ownerKey);
  const path = (action: string, email: string): string =>
    `/organization/user/invitation/${action}/${generation.inPath(email)}`;
  const refused = async (answer: Promise<RawAnswer>, status: number, code: string): Promise<void> => {
    const { status: answered, headers, body } = await answer;
    expect(answered).toBe(status);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body).toMatchObject({ code, message: expect.stringMatching(/./) });
  };

  await refused(ada.put(path('revoke', firstOwner)), 403, 'permission_denied');
  await refused(ada.put(path('cancel', 'nobody@example.com')), 404, 'document_not_found');
  await refused(ada.put(path('remind', 'nobody@example.com')), 400, 'invalid_parameter');
  await refused(ada.post(send, { email: 'jane@example.com' }), 400, 'missing_parameter');
  await refused(ada.post(send, { email: 'jane', all_features_access: true, privileges: [] }), 400, 'invalid_parameter');
  await refused(speakingAs(generation, 'no-such-key').get('/organization/invited/users'), 401, 'unauthorized');
});

test('an address that Python 4 tears apart in the path is refused as JSON, and means nobody else', async () => {
  const python4 = generations.find(({ client }) => client.startsWith('Python 4'));
  if (!python4) throw new Error('Python 4 is not in the table');
  const ada = speakingAs(python4, world.ownerKey);
  for (const [torn, status] of [
    ['a/b%c%20d?e@x.co', 400],
    ['a/b@x.co', 404],
    ['ada?x@example.com', 400],
    ['%40', 400],
  ] as const) {
    const answer = await ada.put(`/organization/user/invitation/revoke/${torn}`);
    expect([torn, answer.status]).toEqual([torn, status]);
    expect(answer.body).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  }
});

test('a plus sign stays a plus sign, raw and encoded, and never means a space', async () => {
  await world.invite('jane+ops@example.com');
  for (const written of ['jane+ops@example.com', 'jane%2Bops%40example.com', 'jane%2bops@EXAMPLE.com']) {
    const answer = await rawRequest(world.server.port, 'GET', `/v3/organization/user/${written}/permissions`, {
      'api-key': world.ownerKey,
    });
    expect([written, answer.status, answer.body.email]).toEqual([written, 200, 'jane+ops@example.com']);
  }
});

test('a 401 is the live wire’s, its fields in the same order', async () => {
  const list = (headers: Record<string, string>) =>
    rawRequest(world.server.port, 'GET', '/v3/organization/invited/users', headers);
  const none = '{"message":"authentication not found in headers","code":"unauthorized"}';
  expect((await list({})).text).toBe(none);
  expect((await list({ 'api-key': '' })).text).toBe(none);
  expect((await list({ 'api-key': 'unknown' })).text).toBe('{"message":"Key not found","code":"unauthorized"}');
});

test('the key is found behind a prefix and in Authorization', async () => {
  const list = (headers: Record<string, string>) =>
    rawRequest(world.server.port, 'GET', '/v3/organization/invited/users', headers);
  expect((await list({ 'api-key': `Token ${world.ownerKey}` })).status).toBe(200);
  expect((await list({ authorization: `Bearer ${world.ownerKey}` })).status).toBe(200);
});

test('the misspelling of a real wrapper is told the right name', async () => {
  const answer = await world.owner.post(send, { email: 'jane@example.com', allFeaturesAccess: true });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain('all_features_access');
});

// What follows demands what the strictest models do: those of Python 1.2.0, which raise ValueError for anything less.

function decodeInviteUser({ status, body }: RawAnswer, sent: { email: string; privileges: Privilege[] }): void {
  expect(status).toBe(200);
  expect(body.status).toBe('OK');
  expect(body.email).toBe(sent.email);
  expect(typeof body.all_features_access).toBe('boolean');
  // In the names that the client used: its enumerations know no others.
  expect(body.privileges).toEqual(sent.privileges);
  expect(body).not.toHaveProperty('invoice_id');
  expect(body).not.toHaveProperty('credit_notes');
}

function decodeEmail({ status, body }: RawAnswer, email: string): void {
  expect(status).toBe(200);
  expect(body).toEqual({ status: 'OK', email });
}

interface ListedUser {
  email: string;
  is_owner: boolean;
  status: string;
  feature_access: Record<string, string>;
}

function decodeUsersList({ status, body }: RawAnswer): ListedUser[] {
  expect(status).toBe(200);
  const users: ListedUser[] = body.users;
  const areas = ['marketing', 'conversations', 'crm', 'transactional', 'phone'];
  for (const user of users) {
    const ours = ['locale', 'external_id', 'suspended', 'access_expires_at'];
    expect(Object.keys(user)).toEqual(['id', 'email', 'is_owner', 'status', 'feature_access', ...ours]);
    expect(user.is_owner).toBe(user.email === firstOwner);
    expect(user.status).toMatch(/^(pending|active)$/);
    expect(Object.keys(user.feature_access)).toEqual(expect.arrayContaining(areas));
    for (const access of Object.values(user.feature_access)) expect(access).toMatch(/^(owner|full|custom|none)$/);
  }
  return users;
}

function decodeUserPermission({ status, body }: RawAnswer): { email: string; privileges: Privilege[] } {
  expect(status).toBe(200);
  expect(typeof body.email).toBe('string');
  expect(typeof body.status).toBe('string');
  for (const { feature, permissions } of body.privileges) {
    expect(typeof feature).toBe('string');
    expect(Array.isArray(permissions)).toBe(true);
  }
  return body;
}

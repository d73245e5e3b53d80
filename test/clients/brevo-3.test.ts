import { AccountApi, AccountApiApiKeys, Inviteuser, InviteuserPrivilegesInner, UserApi, UserApiApiKeys } from 'brevo-3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstOwner, startWorld, type World } from '../world.ts';

let world: World;
let ada: UserApi;
beforeAll(async () => {
  world = await startWorld();
  ada = userApi(world.ownerKey);
});
afterAll(() => world?.stop());

function userApi(key: string, base = world.base): UserApi {
  const api = new UserApi(base);
  api.setApiKey(UserApiApiKeys.apiKey, key);
  return api;
}

const { FeatureEnum: Feature, PermissionsEnum: Permission } = InviteuserPrivilegesInner;
type Privilege = [InviteuserPrivilegesInner.FeatureEnum, InviteuserPrivilegesInner.PermissionsEnum[]];

function request(email: string, privileges: Privilege[], allFeaturesAccess = false): Inviteuser {
  const written = privileges.map(([feature, permissions]) =>
    Object.assign(new InviteuserPrivilegesInner(), { feature, permissions }),
  );
  return Object.assign(new Inviteuser(), { email, allFeaturesAccess, privileges: written });
}

test('all six operations work from end to end, and its models decode what they are typed as', async () => {
  const email = 'mei+ops@example.com';
  const invited = await ada.inviteuser(request(email, [[Feature.Contacts, [Permission.View, Permission.Export]]]));
  // It types this reply as the request; what it knows nothing about stays in the response.
  expect(invited.body).toBeInstanceOf(Inviteuser);
  expect(invited.body).toEqual(request(email, [[Feature.Contacts, [Permission.View, Permission.Export]]]));
  expect(invited.response.statusCode).toBe(200);

  const resent = await ada.putresendcancelinvitation('resend', email);
  expect(resent.body.email).toBe(email);
  await world.anonymous.post('/organization/user/invitation/accept', { token: await world.token(email) });

  const wholeSales: Privilege = [Feature.SalesPlatform, [Permission.ManageOwnedDealsTasksCompanies]];
  const updated = await ada.editUserPermission(request(email, [wholeSales]));
  expect(updated.body).toEqual(request(email, [wholeSales]));

  const read = await ada.getUserPermission(email);
  expect(read.body).toMatchObject({
    email,
    status: 'active',
    privileges: [
      { feature: 'contacts', permissions: ['view', 'export'] },
      { feature: 'sales_platform', permissions: ['create_edit_deals', 'delete_deals'] },
      { feature: 'companies', permissions: ['manage_owned_companies'] },
    ],
  });

  const list = await ada.getInvitedUsersList();
  expect(list.body.users).toMatchObject([
    {
      email: firstOwner,
      isOwner: true,
      status: 'active',
      featureAccess: { marketing: 'owner', conversations: 'owner', crm: 'owner' },
    },
    {
      email,
      isOwner: false,
      status: 'active',
      featureAccess: { marketing: 'none', conversations: 'none', crm: 'custom' },
    },
  ]);

  expect((await ada.putRevokeUserPermission(email)).body.email).toBe(email);
  await ada.inviteuser(request('noor@example.com', [[Feature.Phone, [Permission.All]]]));
  expect((await ada.putresendcancelinvitation('cancel', 'noor@example.com')).body.email).toBe('noor@example.com');
  expect((await ada.getInvitedUsersList()).body.users?.map((user) => user.email)).toEqual([firstOwner]);
});

test('everything is given with no privileges', async () => {
  const { body } = await ada.inviteuser(request('olga@example.com', [], true));
  expect(body).toMatchObject({ email: 'olga@example.com', allFeaturesAccess: true, privileges: [] });
});

test('its key can be probed with GET /account', async () => {
  const account = new AccountApi(world.base);
  account.setApiKey(AccountApiApiKeys.apiKey, world.ownerKey);
  const { body } = await account.getAccount();
  expect(body.companyName).not.toBe('');
  expect(body.email).toBe(firstOwner);
});

test('a partner key beside the api key is ignored, known or not', async () => {
  const both = userApi(world.ownerKey);
  both.setApiKey(UserApiApiKeys.partnerKey, world.ownerKey);
  expect((await both.getInvitedUsersList()).response.statusCode).toBe(200);
});

test('a snake_case plain object, from which it silently drops a field, is told which one', async () => {
  const plain = { email: 'c@example.com', all_features_access: true, privileges: [] } as unknown as Inviteuser;
  expect(await failureOf(ada.inviteuser(plain))).toMatchObject({
    status: 400,
    body: { code: 'missing_parameter', details: [{ path: 'all_features_access' }] },
  });
});

test('failures arrive with their status and our body', async () => {
  const nobody = 'nobody@example.com';
  const wrong = 'exports' as unknown as InviteuserPrivilegesInner.PermissionsEnum;
  const viewContacts: Privilege = [Feature.Contacts, [Permission.View]];

  expect(await failureOf(ada.inviteuser(request(nobody, [[Feature.Contacts, [wrong]]])))).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', details: [{ reason: 'unknown_permission', suggestion: 'export' }] },
  });
  expect(await failureOf(userApi('no-such-key').getInvitedUsersList())).toMatchObject({
    status: 401,
    body: { message: 'Key not found', code: 'unauthorized' },
  });
  expect(await failureOf(new UserApi(world.base).getInvitedUsersList())).toMatchObject({
    status: 401,
    body: { message: 'authentication not found in headers', code: 'unauthorized' },
  });
  const unknown = { status: 404, body: { code: 'document_not_found' } };
  expect(await failureOf(ada.getUserPermission(nobody))).toMatchObject(unknown);
  expect(await failureOf(ada.editUserPermission(request(nobody, [viewContacts])))).toMatchObject(unknown);
  expect(await failureOf(ada.putRevokeUserPermission(nobody))).toMatchObject(unknown);
  expect(await failureOf(ada.putresendcancelinvitation('cancel', nobody))).toMatchObject(unknown);

  const refused = { status: 403, body: { code: 'permission_denied' } };
  expect(await failureOf(ada.putRevokeUserPermission(firstOwner))).toMatchObject(refused);
  expect(await failureOf(ada.putresendcancelinvitation('resend', firstOwner))).toMatchObject(refused);
  expect(await failureOf(ada.editUserPermission(request(firstOwner, [viewContacts])))).toMatchObject(refused);
});

test('a key limit is a 429 whose wait can be read, since it does not wait by itself', async () => {
  const limited = await startWorld({ RATE_LIMIT: '1' });
  try {
    const hurried = userApi(limited.ownerKey, limited.base);
    const calls = Promise.all(Array.from({ length: 10 }, () => hurried.getInvitedUsersList()));
    const { status, body, headers } = await failureOf(calls);
    expect([status, body]).toMatchObject([429, { code: 'too_many_requests' }]);
    expect(headers).toMatchObject({ 'retry-after': '1', 'x-sib-ratelimit-reset': '1' });
  } finally {
    await limited.stop();
  }
});

interface Failure {
  status: number;
  body: unknown;
  headers: object;
}

/** It exports an HttpError, but what it rejects with is the error of the axios below it. */
async function failureOf(attempt: Promise<unknown>): Promise<Failure> {
  const error: unknown = await attempt.then(
    (value) => expect.unreachable(`answered ${JSON.stringify(value)}`),
    (failure: unknown) => failure,
  );
  if (!(error instanceof Error && 'response' in error)) throw error;
  const { status, data, headers } = error.response as { status: number; data: unknown; headers: object };
  return { status, body: data, headers };
}

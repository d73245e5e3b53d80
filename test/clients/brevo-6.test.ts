import { Brevo, BrevoClient, BrevoError } from 'brevo-6';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstOwner, startWorld, type World } from '../world.ts';
import { startLossyProxy } from './lossy-proxy.ts';

let world: World;
let ada: BrevoClient;
beforeAll(async () => {
  world = await startWorld();
  ada = clientOf(world.base, world.ownerKey);
});
afterAll(() => world?.stop());

const clientOf = (baseUrl: string, apiKey: string): BrevoClient => new BrevoClient({ apiKey, baseUrl });

const { Feature } = Brevo.Inviteuser.Privileges.Item;
const { Item: Permission } = Brevo.Inviteuser.Privileges.Item.Permissions;

const viewContacts = { feature: Feature.Contacts, permissions: [Permission.View] };
const invitation = (email: string): Brevo.Inviteuser => ({
  email,
  all_features_access: false,
  privileges: [viewContacts],
});

test('all six operations work from end to end', async () => {
  const email = 'mei+ops@example.com';
  const invited = await ada.user.inviteuser({
    email,
    all_features_access: false,
    privileges: [
      { feature: Feature.Contacts, permissions: [Permission.View, Permission.Export] },
      { feature: Feature.Companies, permissions: [Permission.ManageOthersCompanies] },
    ],
  });
  expect(invited.status).toBe('OK');
  expect(invited).not.toHaveProperty('invoice_id');

  const pending = await ada.user.getUserPermission({ email });
  expect(pending).toMatchObject({
    email,
    status: 'pending',
    privileges: [
      { feature: 'contacts', permissions: ['view', 'export'] },
      { feature: 'companies', permissions: ['manage_other_companies'] },
    ],
  });

  expect(await ada.user.putresendcancelinvitation({ action: 'resend', email })).toMatchObject({ status: 'OK' });
  await world.anonymous.post('/organization/user/invitation/accept', { token: await world.token(email) });

  const updated = await ada.user.editUserPermission({
    email,
    all_features_access: false,
    privileges: [
      { feature: Feature.Companies, permissions: [Permission.None] },
      { feature: Feature.Phone, permissions: [Permission.All] },
    ],
  });
  expect(updated.status).toBe('OK');
  expect((await ada.user.getUserPermission({ email })).privileges).toEqual([
    { feature: 'contacts', permissions: ['view', 'export'] },
    { feature: 'phone', permissions: ['all'] },
  ]);

  const { users = [] } = await ada.user.getInvitedUsersList();
  expect(users.map((user) => [user.email, user.status, user.is_owner, user.feature_access.crm])).toEqual([
    [firstOwner, 'active', true, 'owner'],
    [email, 'active', false, 'none'],
  ]);

  expect(await ada.user.putRevokeUserPermission({ email })).toMatchObject({ status: 'OK' });
  await ada.user.inviteuser(invitation('noor@example.com'));
  const cancelled = await ada.user.putresendcancelinvitation({ action: 'cancel', email: 'noor@example.com' });
  expect(cancelled).toMatchObject({ status: 'OK' });
  expect((await ada.user.getInvitedUsersList()).users?.map((user) => user.email)).toEqual([firstOwner]);
});

test('everything is given without privileges, and with the empty one of its generated example', async () => {
  await ada.user.inviteuser({ email: 'a@example.com', all_features_access: true, privileges: [] });
  await ada.user.inviteuser({ email: 'b@example.com', all_features_access: true, privileges: [{}] });
  const { users } = await ada.user.getInvitedUsersList();
  const access = new Map(users?.map((user) => [user.email, user.feature_access.marketing]));
  expect([access.get('a@example.com'), access.get('b@example.com')]).toEqual(['full', 'full']);
});

test('its key can be probed with GET /account, and its replies carry our request id', async () => {
  const { data, rawResponse } = await ada.account.getAccount().withRawResponse();
  expect(data).toMatchObject({ organization_id: world.organizationId });
  expect(rawResponse.headers.get('sib-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('a permission that does not exist is its BadRequestError, with the nearest name', async () => {
  const wrong = { ...viewContacts, permissions: ['exports' as 'export'] };
  const error = await failureOf(() => ada.user.inviteuser({ ...invitation('c@example.com'), privileges: [wrong] }));
  expect(error).toBeInstanceOf(Brevo.BadRequestError);
  expect(error).toMatchObject({
    statusCode: 400,
    body: {
      code: 'invalid_parameter',
      message: expect.stringContaining('did you mean export?'),
      details: [{ path: 'privileges[0].permissions[0]', reason: 'unknown_permission', suggestion: 'export' }],
    },
  });
  const update = await failureOf(() => ada.user.editUserPermission({ ...invitation(firstOwner), privileges: [wrong] }));
  expect(update).toBeInstanceOf(Brevo.BadRequestError);
});

test('a key that is unknown or empty is a BrevoError 401 with the body of the live wire', async () => {
  const unknown = await failureOf(() => clientOf(world.base, 'no-such-key').user.getInvitedUsersList());
  expect(unknown).toBeInstanceOf(BrevoError);
  expect(unknown).toMatchObject({ statusCode: 401, body: { message: 'Key not found', code: 'unauthorized' } });
  const empty = await failureOf(() => clientOf(world.base, '').user.getInvitedUsersList());
  expect(empty).toMatchObject({
    statusCode: 401,
    body: { message: 'authentication not found in headers', code: 'unauthorized' },
  });
});

test('an unknown user is a BrevoError 404', async () => {
  const email = 'nobody@example.com';
  for (const attempt of [
    () => ada.user.getUserPermission({ email }),
    () => ada.user.editUserPermission(invitation(email)),
    () => ada.user.putRevokeUserPermission({ email }),
    () => ada.user.putresendcancelinvitation({ action: 'resend', email }),
    () => ada.user.putresendcancelinvitation({ action: 'cancel', email }),
  ]) {
    const error = await failureOf(attempt);
    expect(error).toBeInstanceOf(BrevoError);
    expect(error).toMatchObject({ statusCode: 404, body: { code: 'document_not_found' } });
  }
});

test('a protected owner is its ForbiddenError on PUT, and a BrevoError 403 on POST', async () => {
  for (const attempt of [
    () => ada.user.putRevokeUserPermission({ email: firstOwner }),
    () => ada.user.putresendcancelinvitation({ action: 'cancel', email: firstOwner }),
    () => ada.user.putresendcancelinvitation({ action: 'resend', email: firstOwner }),
  ]) {
    const error = await failureOf(attempt);
    expect(error).toBeInstanceOf(Brevo.ForbiddenError);
    expect(error).toMatchObject({ statusCode: 403, body: { code: 'permission_denied' } });
  }
  const update = await failureOf(() => ada.user.editUserPermission(invitation(firstOwner)));
  expect(update).toMatchObject({ statusCode: 403, body: { code: 'permission_denied' } });
});

test('a key without rights is told so by every operation', async () => {
  const noor = await world.join('noor-without-rights@example.com', {});
  const { user } = clientOf(world.base, noor.secret);
  const email = 'mei@example.com';
  for (const attempt of [
    () => user.getInvitedUsersList(),
    () => user.getUserPermission({ email }),
    () => user.inviteuser(invitation(email)),
    () => user.editUserPermission(invitation(email)),
    () => user.putRevokeUserPermission({ email }),
    () => user.putresendcancelinvitation({ action: 'resend', email }),
  ]) {
    const error = await failureOf(attempt);
    expect(error).toMatchObject({
      statusCode: 403,
      body: { code: 'permission_denied', message: 'Access forbidden.' },
    });
  }
});

test('a key limit is a 429 that it waits out by itself', async () => {
  const limited = await startWorld({ RATE_LIMIT: '1' });
  try {
    const hurried = clientOf(limited.base, limited.ownerKey);
    const error = await failureOf(async () => {
      for (let call = 0; call < 20; call++) await hurried.user.getInvitedUsersList({ maxRetries: 0 });
    });
    expect(error).toMatchObject({ statusCode: 429, body: { code: 'too_many_requests' } });
    const headers = (error as BrevoError).rawResponse?.headers;
    expect(headers?.get('retry-after')).toBe('1');
    expect(Number(headers?.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000 - 2);
    expect(headers?.get('x-sib-ratelimit-limit')).toBe('1');
    expect(headers?.get('x-sib-ratelimit-remaining')).toBe('0');
    expect((await hurried.user.getInvitedUsersList()).users).toHaveLength(1);
  } finally {
    await limited.stop();
  }
});

test('the wait before another mail is the one our Retry-After says, not its own guess', async () => {
  const limited = await startWorld({ MAIL_RATE_RECIPIENT: '1' });
  const proxy = await startLossyProxy(limited.server);
  try {
    await limited.invite('mei@example.com');
    await limited.owner.put('/organization/user/invitation/cancel/mei@example.com');
    // Left to itself the client would come back after about 1 and 3 seconds, and be refused both times.
    await limited.database.sql(`update delivery set created_at = now() - interval '1 hour' + interval '4.5 seconds'`);
    const started = performance.now();
    const answer = await clientOf(proxy.base, limited.ownerKey).user.inviteuser(invitation('mei@example.com'));
    expect(answer.status).toBe('OK');
    expect(performance.now() - started).toBeGreaterThan(2500);
    expect(proxy.passed.map((request) => request.status)).toEqual([429, 200]);
  } finally {
    await proxy.close();
    await limited.stop();
  }
});

async function failureOf(attempt: () => PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(attempt()).then(
    (value) => expect.unreachable(`answered ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

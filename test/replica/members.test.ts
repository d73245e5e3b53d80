import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { Latchkey, LatchkeyError, type Replica, type ReplicaOptions } from '../../client/src/index.ts';
import { client } from '../client.ts';
import { revisionOf } from '../races/race.ts';
import { type Person, startWorld, type World } from '../world.ts';

let world: World;
let api: Latchkey;
let replica: Replica;
beforeAll(async () => {
  world = await startWorld({ ACCESS_LEASE: '500ms' });
  api = new Latchkey({ url: world.base, apiKey: world.ownerKey });
});
afterAll(() => world?.stop());
beforeEach(async () => {
  replica = await follow();
});

async function follow(options: ReplicaOptions = {}): Promise<Replica> {
  const opened = await api.access.replica(options);
  onTestFinished(() => opened.close());
  return opened;
}

let count = 0;
/** Joins through the API, so that the replica hears of it. */
async function somebody(email = `member-${++count}@example.com`, permissions = ['view']): Promise<string> {
  await world.owner.post('/organization/user/invitation/send', {
    email,
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions }],
  });
  const joined = await world.anonymous.post('/organization/user/invitation/accept', {
    token: await world.token(email),
  });
  expect(joined.status).toBe(200);
  await arrived(joined);
  return email;
}
async function arrived(answer: Parameters<typeof revisionOf>[0]): Promise<void> {
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  await replica.current({ revision: revisionOf(answer) as number });
}
const change = async (email: string, fields: object) =>
  arrived(await world.owner.put(`/organization/user/${email}`, fields));
const revoke = async (email: string) => arrived(await world.owner.put(`/organization/user/invitation/revoke/${email}`));
const idOf = async (email: string): Promise<string> =>
  (
    await world.database.sql<{ id: string }>(`select id from member where email = $1 and status <> 'removed'`, [email])
  )[0]?.id ?? '';

test('a handle follows its name: unknown at first, joined, gone, and back as somebody new', async () => {
  const email = 'later@example.com';
  const later = replica.member(email);
  expect(later.explain('contacts', 'view')).toMatchObject({ allowed: false, reason: 'not_a_member' });
  await somebody(email);
  expect(later.can('contacts', 'view')).toBe(true);
  await revoke(email);
  expect(later.explain('contacts', 'view')).toMatchObject({
    allowed: false,
    reason: 'not_a_member',
    needs: ['invitation'],
  });
  await somebody(email, ['export']);
  expect([later.can('contacts', 'view'), later.can('contacts', 'export')]).toEqual([false, true]);
});

test('a handle by external id means whoever has it now, as `can` does', async () => {
  const [mei, tomas] = [await somebody(), await somebody()];
  await arrived(
    await world.owner.post('/organization/user/update/permissions', { email: tomas, all_features_access: true }),
  );
  await change(tomas, { external_id: 'crm-1' });
  const handle = replica.member('crm-1');
  expect(handle.can('contacts', 'export')).toBe(true);

  await change(tomas, { external_id: null });
  expect([handle.can('contacts', 'export'), replica.can('crm-1', 'contacts', 'export')]).toEqual([false, false]);
  expect(replica.can(tomas, 'contacts', 'export')).toBe(true);
  await change(mei, { external_id: 'crm-1' });
  expect([handle.can('contacts', 'export'), handle.can('contacts', 'view')]).toEqual([false, true]);

  // From one to the other, told to the replica in one piece or in two.
  await world.owner.put(`/organization/user/${mei}`, { external_id: null });
  await change(tomas, { external_id: 'crm-1' });
  expect([handle.can('contacts', 'export'), replica.can(mei, 'contacts', 'view')]).toEqual([true, true]);
});

test('an external id that looks like somebody’s id is not taken for them', async () => {
  const [mei, tomas] = [await somebody(), await somebody()];
  await arrived(
    await world.owner.post('/organization/user/update/permissions', { email: tomas, all_features_access: true }),
  );
  const id = await idOf(mei);
  // The API refuses another member's id; a script may write it all the same.
  await world.database.sql('update member set external_id = $2 where email = $1', [tomas, id]);
  const { body } = await world.owner.get('/account');
  await replica.current({ revision: body.access_revision });
  for (const one of [replica, await follow()]) {
    expect(one.can(id, 'contacts', 'export')).toBe(false);
    expect(one.can(tomas, 'contacts', 'export')).toBe(true);
  }
  expect((await api.access.check({ member: id, feature: 'contacts', permission: 'export' })).allowed).toBe(false);

  await change(mei, { suspended: true });
  expect(replica.explain({ member: id, feature: 'contacts', permission: 'view' }).reason).toBe('suspended');
  expect(replica.can(tomas, 'contacts', 'export')).toBe(true);
  await change(tomas, { external_id: null });
  expect(replica.explain({ member: id, feature: 'contacts', permission: 'view' }).reason).toBe('suspended');
});

test('an address is understood in every form in which the server understands it, and in no other', async () => {
  await somebody('jörg.größe@xn--bcher-kva.example');
  const forms = [
    'jörg.größe@bücher.example',
    ' Jörg.Größe@BÜCHER.example ',
    'jo\u0308rg.gro\u0308ße@bu\u0308cher.example',
    'jörg.größe@xn--bcher-kva.example',
    'jörg.größe@ｂücher。example',
    'jörg.grosse@bücher.example',
    ...['/evil', ':80', '?x', '#x', '\\x', '%2e', ' ', '\t', '.', '@x', '\u200b'].map(
      (tail) => `jörg.größe@bücher.example${tail}`,
    ),
    'jörg.größe@b%C3%BCcher.example',
    'jörg.größe@bü\tcher.example',
    'jörg.größe@bü\u00adcher.example',
    '[jörg.größe@bücher.example]',
  ];
  const questions = forms.map((member) => ({ member, feature: 'contacts', permission: 'view' }));
  const byServer = (await api.access.checkMany(questions)).map(({ allowed }) => allowed);
  expect(questions.map((question) => replica.explain(question).allowed)).toEqual(byServer);
  expect(byServer.filter((allowed) => allowed)).toHaveLength(7);
});

test('owners, plans, suspensions and limits arrive, and each says why', async () => {
  const email = await somebody();
  const why = (permission = 'view') => replica.explain({ member: email, feature: 'contacts', permission }).reason;
  await arrived(await world.owner.post('/organization/ownership/give', { email }));
  expect(why('export')).toBe('owner');
  await world.database.sql('update member set is_owner = false where email = $1', [email]);
  await arrived(await world.owner.post('/organization/user/update/permissions', { email, all_features_access: true }));
  expect(why('export')).toBe('all_features_access');
  await change(email, { suspended: true });
  expect(why()).toBe('suspended');
  await change(email, { suspended: false, access_expires_at: new Date(Date.now() + 700).toISOString() });
  expect(why()).toBe('all_features_access');
  await expect.poll(() => why(), { timeout: 5_000 }).toBe('access_expired');
  await change(email, { access_expires_at: null });
  expect(why()).toBe('all_features_access');
  const plan = await world.partner.put(`/corporate/subAccount/${world.organizationId}/plan`, { plan: 'free' });
  await arrived(plan);
  expect(why()).toBe('all_features_access');
  await arrived(await world.partner.put(`/corporate/subAccount/${world.organizationId}/plan`, { plan: 'enterprise' }));
});

test('a revision that has not arrived is not answered from here, but by the server where that is allowed', async () => {
  const email = await somebody();
  const question = { member: email, feature: 'contacts', permission: 'view' };
  const ahead = replica.revision + 1;
  expect(() => replica.explain(question, { revision: ahead })).toThrow(expect.objectContaining({ code: 'stale' }));
  await expect(replica.check(question, { revision: ahead })).rejects.toMatchObject({ code: 'precondition_failed' });
  const strict = await follow({ beyondLease: 'throw' });
  await expect(strict.check(question, { revision: ahead })).rejects.toMatchObject({ code: 'stale' });
  await expect(strict.check(question)).resolves.toMatchObject({ allowed: true });
  await expect(replica.current({ revision: ahead, timeout: 100 })).rejects.toMatchObject({ code: 'timeout' });
});

test('a key that is deleted while a replica follows ends it within the lease', async () => {
  const own: Person = await world.join('follower@example.com', { all: true });
  const lease = 600;
  const followed = await new Latchkey({ url: world.base, apiKey: own.secret }).access.replica({ lease });
  onTestFinished(() => followed.close());
  expect(followed.can('ada@example.com', 'contacts', 'view')).toBe(true);
  const deleted = await world.owner.delete(`/organization/api-keys/${own.keyId}`);
  expect(deleted.status).toBeLessThan(300);
  const answered = performance.now();
  let last = answered;
  while (performance.now() - answered < lease * 2) {
    const asked = performance.now();
    try {
      followed.can('ada@example.com', 'contacts', 'view');
      last = asked;
    } catch (error) {
      expect(error).toMatchObject({ code: 'stale' });
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(last - answered).toBeLessThanOrEqual(lease);
  await expect(
    followed.check({ member: 'ada@example.com', feature: 'contacts', permission: 'view' }),
  ).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(followed.current({ timeout: 3_000 })).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a key that may not ask opens no replica, nor does one that is unknown', async () => {
  const mei = await world.join('mei@example.com', { permissions: ['contacts:view'] });
  for (const [apiKey, code] of [
    [mei.secret, 'permission_denied'],
    ['unknown-key', 'unauthorized'],
  ] as const) {
    const opening = new Latchkey({ url: world.base, apiKey }).access.replica();
    await expect(opening).rejects.toMatchObject({ code });
    await expect(opening).rejects.toBeInstanceOf(LatchkeyError);
  }
  expect((await client(world.base, {}).get('/access/snapshot')).status).toBe(401);
});

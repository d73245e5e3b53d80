import { api } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Latchkey } from '../../client/src/index.ts';
import { type OperationName, operations } from '../../client/src/operations.ts';
import { type AnyAsked, preparations } from '../access/preparations.ts';
import { type Stage, setStage } from '../access/stage.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let ada: Latchkey;
beforeAll(async () => {
  world = await startWorld();
  // Links are written down here, and there is nobody to mail them.
  world.server.services.signIn.mailsLinks = true;
  ada = new Latchkey({ url: world.base, apiKey: world.ownerKey });
});
afterAll(() => world?.stop());

type AnyMethod = (input?: object, options?: object) => Promise<unknown>;
const method = (client: Latchkey, name: string): AnyMethod =>
  (client as unknown as Record<string, AnyMethod>)[name]?.bind(client) as AnyMethod;

const names = Object.keys(operations) as OperationName[];

describe('the table of operations', () => {
  test('is the contract: every operation that is no stream is a method', () => {
    const contract = Object.entries<Operation>(api).filter(([, { reply }]) => !reply.stream);
    expect(names.toSorted()).toEqual(contract.map(([name]) => name).sort());
    for (const name of names) expect(method(ada, name), name).toBeTypeOf('function');
  });

  test.each(names)('%s takes one flat object and gives the reply of the contract', async (name) => {
    const stage = await setStage(world);
    const asked: AnyAsked = await preparations[name](stage);
    const operation: Operation = api[name];
    const reply = await method(
      await clientFor(stage, operation),
      name,
    )({ ...asked.params, ...asked.query, ...asked.body });
    expect(Value.Check(operation.reply.body, reply), JSON.stringify(reply)).toBe(true);
  });
});

async function clientFor(stage: Stage, { access, session }: Operation): Promise<Latchkey> {
  if (access === 'session') return browserWith((await stage.signIn('ada')).cookie);
  if (session === 'starts') return browserWith('');
  if (access === 'public') return new Latchkey({ url: world.base });
  if (access === 'partner') return new Latchkey({ url: world.base, partnerKey: stage.partner.secret });
  return new Latchkey({ url: world.base, apiKey: stage.ada.secret });
}

/** A page of ours, whose browser adds a cookie. */
const browserWith = (cookie: string): Latchkey =>
  new Latchkey({
    url: world.base,
    session: true,
    fetch: (url, { headers, ...init } = {}) => fetch(url, { ...init, headers: { ...headers, cookie } }),
  });

describe('the six operations', () => {
  const email = 'mei+ops@example.com';
  const privileges = [{ feature: 'contacts', permissions: ['view', 'export'] }];

  test('a member is invited, resent to, changed, read, listed and revoked', async () => {
    const invited = await ada.inviteMember({ email, all_features_access: false, privileges });
    expect(invited).toMatchObject({ status: 'OK', email, privileges });
    expect(await ada.resendOrCancelInvitation({ action: 'resend', email })).toEqual({ status: 'OK', email });
    await new Latchkey({ url: world.base }).acceptInvitation({ token: await world.token(email) });

    await ada.updateMemberPermissions({
      email,
      all_features_access: false,
      privileges: [{ feature: 'templates', permissions: ['create_edit_delete'] }],
    });
    const read = await ada.getMemberPermissions({ email });
    expect(read).toMatchObject({ id: invited.id, email, status: 'active', all_features_access: false });
    expect(read.privileges.map(({ feature }) => feature)).toEqual(['contacts', 'templates']);

    const { users } = await ada.listMembers({ status: 'active', search: 'mei+ops', limit: 10 });
    expect(users.map((user) => user.email)).toEqual([email]);

    await ada.revokeMember({ email });
    await ada.inviteMember({ email: 'noor@example.com', all_features_access: true });
    await ada.resendOrCancelInvitation({ action: 'cancel', email: 'noor@example.com' });
    expect((await ada.listMembers()).users).toHaveLength(1);
  });
});

describe('what comes with a reply', () => {
  test('a change gives the revision, a reading gives the etag that a change can insist on', async () => {
    const { email } = await world.join('tomas@example.com', { permissions: ['contacts:view'] });
    const update = {
      email,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['import'] }],
    };
    const { etag, requestId } = await ada.getMemberPermissions({ email }).withResponse();
    expect([etag, requestId]).toEqual([expect.stringMatching(/^"/), expect.any(String)]);

    const { access_revision } = await ada.getAccount();
    const changed = await ada.updateMemberPermissions(update, { ifMatch: etag }).withResponse();
    expect(changed).toMatchObject({ status: 200, revision: access_revision + 1, attempts: 1, reply: { status: 'OK' } });
    await expect(ada.updateMemberPermissions(update, { ifMatch: etag })).rejects.toMatchObject({
      code: 'precondition_failed',
      status: 412,
    });
  });

  test('it is one request, whether the reply is awaited or what came with it', async () => {
    let sent = 0;
    const counting = new Latchkey({
      url: world.base,
      apiKey: world.ownerKey,
      fetch: (url, init) => {
        sent++;
        return fetch(url, init);
      },
    });
    const call = counting.getAccount();
    expect((await call.withResponse()).reply).toBe(await call);
    expect(await call.finally()).toBe(await call);
    expect(sent).toBe(1);
  });

  test('ifMatch where nothing would heed it is refused before anything is sent', async () => {
    await expect(method(ada, 'revokeMember')({ email: 'a@example.com' }, { ifMatch: '"1"' })).rejects.toThrow(
      TypeError,
    );
  });
});

describe('a partner', () => {
  test('acts in the organization it names, and makes organizations', async () => {
    const settings = { url: world.base, partnerKey: world.partnerKey };
    const partner = new Latchkey(settings);
    const { id } = await partner.createSubAccount({ companyName: 'Umbrella', email: 'una@example.com' });
    await partner.changeSubAccountPlan({ id, plan: 'professional', seats: 3 });
    const inside = new Latchkey({ ...settings, organizationId: id });
    expect(await inside.getAccount()).toMatchObject({
      organization_id: id,
      companyName: 'Umbrella',
      seats: { limit: 3 },
    });
  });
});

test('an Idempotency-Key of one’s own makes two calls one', async () => {
  const invite = (idempotencyKey: string) =>
    ada.inviteMember({ email: 'wen@example.com', all_features_access: true }, { idempotencyKey });
  expect(await invite('once')).toEqual(await invite('once'));
  await expect(
    ada.inviteMember({ email: 'other@example.com', all_features_access: true }, { idempotencyKey: 'once' }),
  ).rejects.toMatchObject({ code: 'duplicate_request', reason: 'key_reused' });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../access/request.ts';
import { makePartner, type Stage, setStage } from '../access/stage.ts';
import { type Answer, client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let stage: Stage;
beforeAll(async () => {
  world = await startWorld();
  stage = await setStage(world, await makePartner(world));
});
afterAll(() => world?.stop());

/** All that a caller can see of an answer, besides the request’s own number and the time. */
function seen({ status, body, headers }: Answer): unknown {
  const shown = [...headers].filter(([name]) => !['sib-request-id', 'date', 'etag'].includes(name));
  return { status, body, headers: shown };
}

const byAddress = operations.filter(
  ([, { params, body, access }]) =>
    access === 'members' && ('email' in (params?.properties ?? {}) || 'email' in (body?.properties ?? {})),
);

describe('T19 whoever may not manage members', () => {
  test.each(byAddress)('learns nothing of an address from %s', async (_name, operation) => {
    const lucy = await stage.member(`lucy-${operation.path.length}-${operation.method}`.toLowerCase(), {
      permissions: ['contacts:view'],
    });
    const invited = await stage.pending(`pia-${operation.path.length}-${operation.method}`.toLowerCase());
    const answers: unknown[] = [];
    for (const email of [stage.email('nobody'), stage.ada.email, lucy.email, invited.email, 'olga@elsewhere.example'])
      for (const as of [lucy.client, world.anonymous]) {
        const path = operation.path.replace('{email}', encodeURIComponent(email)).replace('{action}', 'resend');
        const body = { email, all_features_access: true };
        answers.push(seen(await as.send(operation.method, path, operation.body && body)));
      }
    const [forLucy, forAnybody] = answers;
    expect(forLucy).toMatchObject({ status: 403, body: { code: 'permission_denied', message: 'Access forbidden.' } });
    expect(forAnybody).toMatchObject({ status: 401 });
    for (const [index, answer] of answers.entries()) expect(answer).toEqual(index % 2 === 0 ? forLucy : forAnybody);
  });
});

describe('T19 a partner', () => {
  test('cannot tell an organization of others from none, or from what is no id', async () => {
    const stranger = await makePartner(world);
    const named = [
      stage.organizationId,
      stage.organizationId.toUpperCase(),
      world.organizationId,
      world.server.services.newId(),
      '00000000-0000-0000-0000-000000000000',
      'not-an-id',
      "' or 1=1",
    ];
    const answers = await Promise.all(
      named.map(async (id) => seen(await stranger.inOrganization(id).get('/organization/invited/users'))),
    );
    expect(answers[0]).toMatchObject({ status: 403 });
    for (const answer of answers) expect(answer).toEqual(answers[0]);

    const known = [stage.organizationId, world.organizationId, world.server.services.newId()];
    for (const ask of [
      (id: string) => stranger.client.put(`/corporate/subAccount/${id}/plan`, { plan: 'free' }),
      (id: string) => stranger.client.post('/corporate/subAccount/key', { id, name: 'Integration' }),
    ]) {
      const refusals = await Promise.all(known.map(async (id) => seen(await ask(id))));
      expect(refusals[0]).toMatchObject({ status: 403 });
      for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
    }
  });

  test('cannot tell a partner key of others from none', async () => {
    const stranger = await makePartner(world);
    const ids = [stage.partner.keyId, stage.ada.keyId, world.server.services.newId()];
    for (const ask of [
      (id: string) => stranger.client.delete(`/corporate/partner-keys/${id}`),
      (id: string) => stranger.client.post(`/corporate/partner-keys/${id}/rotate`),
    ]) {
      const answers = await Promise.all(ids.map(async (id) => seen(await ask(id))));
      expect(answers[0]).toMatchObject({ status: 404 });
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    }
  });
});

describe('T19 from outside', () => {
  test('an owner cannot tell keys and addresses of another organization from none', async () => {
    const other = await setStage(world);
    const foreign = await other.pending('olga');
    for (const [known, unknown] of [
      [other.ada.keyId, world.server.services.newId()],
      [other.partner.keyId, world.server.services.newId()],
    ] as const)
      for (const method of ['DELETE', 'POST'])
        expect(seen(await stage.ada.client.send(method, pathOfKey(method, known), bodyFor(method)))).toEqual(
          seen(await stage.ada.client.send(method, pathOfKey(method, unknown), bodyFor(method))),
        );
    const read = (email: string) => stage.ada.client.get(`/organization/user/${email}/permissions`);
    expect(seen(await read(foreign.email))).toEqual(seen(await read(stage.email('nobody'))));
  });

  test('a key that was deleted, rotated out or never made answers the same', async () => {
    const { id, secret } = await stage.key(stage.grace.id, { permissions: ['contacts:view'] });
    const rotated = await stage.key(stage.grace.id, { permissions: ['contacts:view'] });
    await stage.ada.client.delete(`/organization/api-keys/${id}`);
    await stage.ada.client.post(`/organization/api-keys/${rotated.id}/rotate`, { overlap_seconds: 0 });
    const answers = await Promise.all(
      [secret, rotated.secret, 'lk_never', 'anything', stage.partner.secret].map(async (key) =>
        seen(await client(world.base, { 'api-key': key }).get('/account')),
      ),
    );
    expect(answers[0]).toMatchObject({ status: 401, body: { message: 'Key not found' } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test('a token that was never made and one of an organization that is none answer the same', async () => {
    const { links, newId } = world.server.services;
    const url = links.url({ organizationId: newId(), invitationId: newId(), generation: 1, purpose: 'mailed' });
    for (const verb of ['inspect', 'accept', 'decline']) {
      const [unknown, unsigned] = await Promise.all(
        [url.slice(url.indexOf('#') + 1), 'A'.repeat(94)].map(async (token) =>
          seen(await world.anonymous.post(`/organization/user/invitation/${verb}`, { token })),
        ),
      );
      expect(unknown).toMatchObject({ status: 404 });
      expect(unsigned).toEqual(unknown);
    }
  });
});

const pathOfKey = (method: string, id: string): string =>
  `/organization/api-keys/${id}${method === 'POST' ? '/rotate' : ''}`;
const bodyFor = (method: string): object | undefined => (method === 'POST' ? {} : undefined);

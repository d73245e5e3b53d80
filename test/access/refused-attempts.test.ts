import { api } from '@latchkey/core/api/index.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { client } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { type AnyAsked, preparations } from './preparations.ts';
import { ask, operations } from './request.ts';
import { allRows } from './rows-of.ts';
import { type Stage, setStage } from './stage.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const refusals = async (stage: Stage): Promise<{ action: string; actor: { id: string }; request_id: string }[]> =>
  (await stage.ada.client.get('/organization/activities?outcome=refused&limit=100')).body.logs;
const changing = operations.filter(([, { audit, access }]) => audit !== undefined && access !== 'public');
/** What somebody does about their own sign-in is about no organization, so no log is there for the attempt of another. */
const inOrganizations = changing.filter(([, { access }]) => access !== 'session');

describe('a refused attempt to change something', () => {
  test.each(inOrganizations)('%s stands in the log of activities, by whom and from where', async (name, { audit }) => {
    const stage = await setStage(world);
    // Of those who may ask for nothing, a key that acts for nobody is refused even what everybody may do for themselves.
    const lucy = await stage.key(null, { permissions: ['contacts:view'] });
    const asked: AnyAsked = await preparations[name](stage);
    const answer = await ask(world.as(lucy.secret), name, asked, { 'user-agent': 'a client' });
    expect(answer.status).toBe(403);
    expect(await refusals(stage)).toMatchObject([
      {
        action: expect.toBeOneOf([audit].flat()),
        outcome: 'refused',
        actor: { kind: 'api_key', id: lucy.id },
        request_id: answer.headers.get('sib-request-id'),
        user_ip: '127.0.0.1',
        user_agent: 'a client',
      },
    ]);
  });

  test.each(inOrganizations)('%s of somebody who is signed in stands there as theirs', async (name, { audit }) => {
    const stage = await setStage(world);
    const lucy = await stage.member('lucy', { permissions: ['contacts:view'] });
    const { client: page } = await stage.signIn('lucy');
    const asked: AnyAsked = await preparations[name](stage);
    const answer = await ask(page, name, asked);
    // Everybody may leave, and nobody stops being an owner who is none.
    if (api[name].access === 'self') return expect(answer.status).toBeOneOf([200, 400]);
    expect(answer.status).toBe(403);
    expect(await refusals(stage)).toMatchObject([
      {
        action: expect.toBeOneOf([audit].flat()),
        outcome: 'refused',
        actor: { kind: 'member', id: lucy.id, name: lucy.email },
        request_id: answer.headers.get('sib-request-id'),
      },
    ]);
  });

  test('is there for the grant ceiling too, and undoes nothing but itself', async () => {
    const stage = await setStage(world);
    const tomas = await stage.member('tomas', { permissions: ['user_management:all'] });
    const answer = await tomas.client.post('/organization/user/invitation/send', {
      email: stage.email('new'),
      all_features_access: true,
    });
    expect(answer.body.details[0].reason).toBe('grant_ceiling');
    expect(await refusals(stage)).toMatchObject([{ action: 'member.invited', actor: { id: tomas.keyId } }]);
    expect((await stage.ada.client.get(`/organization/user/${stage.email('new')}/permissions`)).status).toBe(404);
  });

  test('is written down 30 times a minute for one key, and no more; other keys have a count of their own', async () => {
    const stage = await setStage(world);
    const [lucy, sam] = await Promise.all(
      ['lucy', 'sam'].map((name) => stage.member(name, { permissions: ['contacts:view'] })),
    );
    if (!lucy || !sam) throw new Error('nobody is there');
    const attempts = await Promise.all(
      Array.from({ length: 75 }, () => lucy.client.put('/organization', { name: 'Mine' })),
    );
    expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set([403]));
    await sam.client.put('/organization', { name: 'Mine' });
    const written = await refusals(stage);
    const ofLucy = written.filter(({ actor }) => actor.id === lucy.keyId).length;
    expect(ofLucy).toBeGreaterThanOrEqual(30);
    // Where a minute ended in between, the next one has its own 30.
    expect(ofLucy).toBeLessThanOrEqual(60);
    expect(written.filter(({ actor }) => actor.id === sam.keyId)).toHaveLength(1);
  });
});

test('nothing is written for whoever has no valid key, whatever they try', async () => {
  const stage = await setStage(world);
  const expired = await stage.key(stage.ada.id, { everything: true, expiresAt: new Date(Date.now() - 1000) });
  const elsewhere = await stage.key(stage.ada.id, { everything: true, allowedIps: ['203.0.113.7'] });
  const asked = await Promise.all(
    changing.map(async ([name]) => [name, await preparations[name](await setStage(world))] as const),
  );
  const before = await allRows(world.database);
  const unknownPage = client(world.base, {
    'latchkey-session': '1',
    cookie: `latchkey-session=${'A'.repeat(43)}`,
    'organization-id': stage.organizationId,
  });
  for (const as of [
    world.anonymous,
    world.as('wrong'),
    world.as(expired.secret),
    world.as(elsewhere.secret),
    unknownPage,
  ])
    for (const [name, request] of asked) expect((await ask(as, name, request)).status).toBe(401);
  for (const verb of ['inspect', 'accept', 'decline'])
    expect((await world.anonymous.post(`/organization/user/invitation/${verb}`, { token: 'x' })).status).toBe(404);
  expect(await allRows(world.database)).toEqual(before);
});

test('an answer that an invited person was refused is not an attempt of any key', async () => {
  const stage = await setStage(world);
  const mei = await stage.member('mei', { permissions: ['user_management:all', 'contacts:view'] });
  const sent = await mei.client.post('/organization/user/invitation/send', {
    email: stage.email('pia'),
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
  });
  expect(sent.status).toBe(200);
  const token = await world.token(stage.email('pia'), stage.organizationId);
  await stage.ada.client.put(`/organization/user/invitation/revoke/${mei.email}`);
  expect((await world.anonymous.post('/organization/user/invitation/accept', { token })).status).toBe(403);
  expect(await refusals(stage)).toEqual([]);
});

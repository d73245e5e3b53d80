import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, client } from '../client.ts';
import { type StoppedClock, stopClock } from '../threats/stopped-clock.ts';
import { startWorld, type World } from '../world.ts';
import { makePartner, type Stage, setStage } from './stage.ts';

const second = 1000;
const start = new Date('2031-02-03T04:05:06.000Z');

let world: World;
let stage: Stage;
let clock: StoppedClock;
beforeAll(async () => {
  world = await startWorld();
  clock = await stopClock(world, start);
  stage = await setStage(world);
});
afterAll(() => world?.stop());

const account = (headers: Record<string, string>): Promise<Answer> => client(world.base, headers).get('/account');
const withKey = (key: string): Promise<Answer> => account({ 'api-key': key });
const notFound = { status: 401, body: { message: 'Key not found', code: 'unauthorized' } };
const make = async (body: object = {}): Promise<{ id: string; key: string }> => {
  const answer = await stage.ada.client.post('/organization/api-keys', {
    name: 'k',
    all_features_access: true,
    ...body,
  });
  expect(answer.status).toBe(201);
  return answer.body;
};

describe('a key expires', () => {
  test('at its very moment, by the database’s clock', async () => {
    await clock.set(start);
    const moment = new Date(start.getTime() + 90 * second);
    const { key } = await make({ expires_at: moment.toISOString() });
    await clock.set(new Date(moment.getTime() - 1));
    expect((await withKey(key)).status).toBe(200);
    await clock.set(moment);
    expect(await withKey(key)).toMatchObject({ status: 401, body: { message: 'Key has expired' } });
  });

  test('and cannot be made expired', async () => {
    for (const expires_at of ['2020-01-01T00:00:00Z', 'soon', '2031-02-31T00:00:00Z', 5])
      expect(
        (await stage.ada.client.post('/organization/api-keys', { name: 'k', all_features_access: true, expires_at }))
          .status,
        String(expires_at),
      ).toBe(400);
  });
});

describe('rotation', () => {
  test('lets the old secret work until the overlap ends, and not a moment longer', async () => {
    await clock.set(start);
    const { id, key } = await make();
    const rotated = await stage.ada.client.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 60 });
    expect(rotated.body).toMatchObject({
      id,
      old_key_valid_until: new Date(start.getTime() + 60 * second).toISOString(),
    });
    await clock.advance(60 * second - 1);
    expect((await withKey(key)).status).toBe(200);
    await clock.advance(1);
    expect(await withKey(key)).toMatchObject(notFound);
    expect((await withKey(rotated.body.key)).status).toBe(200);
  });

  test('with no overlap ends the old secret at once; without a number it lasts a day', async () => {
    await clock.set(start);
    const { id, key } = await make();
    const { body } = await stage.ada.client.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 0 });
    expect(await withKey(key)).toMatchObject(notFound);
    const again = await stage.ada.client.post(`/organization/api-keys/${id}/rotate`, {});
    expect(again.body.old_key_valid_until).toBe(new Date(start.getTime() + 86_400 * second).toISOString());
    expect((await withKey(body.key)).status).toBe(200);
    for (const overlap_seconds of [-1, 604_801, 1.5, '60'])
      expect((await stage.ada.client.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds })).status).toBe(
        400,
      );
  });

  test('twice never lengthens what an older secret was given', async () => {
    await clock.set(start);
    const { id, key } = await make();
    await stage.ada.client.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 60 });
    await stage.ada.client.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 6000 });
    await clock.advance(60 * second);
    expect(await withKey(key)).toMatchObject(notFound);
  });

  test('keeps the key’s identity, what it holds, and its expiry', async () => {
    await clock.set(start);
    const made = await make({
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['view'] }],
      expires_at: new Date(start.getTime() + 500 * second).toISOString(),
    });
    const before = await client(world.base, { 'api-key': made.key }).get('/organization/me');
    const { body } = await stage.ada.client.post(`/organization/api-keys/${made.id}/rotate`, {});
    const after = await client(world.base, { 'api-key': body.key }).get('/organization/me');
    expect(after.body).toEqual(before.body);
    await clock.advance(500 * second);
    expect((await withKey(body.key)).status).toBe(401);
  });
});

describe('a deleted key', () => {
  test('is refused from the next request on, with every secret it ever had', async () => {
    const { id, key } = await make();
    const { body } = await stage.ada.client.post(`/organization/api-keys/${id}/rotate`, { overlap_seconds: 600 });
    expect((await withKey(key)).status).toBe(200);
    expect((await stage.ada.client.delete(`/organization/api-keys/${id}`)).status).toBe(200);
    for (const secret of [key, body.key]) expect(await withKey(secret)).toMatchObject(notFound);
    expect((await stage.ada.client.delete(`/organization/api-keys/${id}`)).status).toBe(404);
    const { body: list } = await stage.ada.client.get('/organization/api-keys');
    expect(list.api_keys.map((listed: { id: string }) => listed.id)).not.toContain(id);
  });
});

describe('a key acts for its member', () => {
  test('within what they hold now, from the next request on', async () => {
    const mei = await stage.member('mei', { permissions: ['user_management:all', 'contacts:view'] });
    expect((await mei.client.get('/organization/invited/users')).status).toBe(200);
    const change = (permissions: string[]) =>
      stage.ada.client.post('/organization/user/update/permissions', {
        email: mei.email,
        all_features_access: false,
        privileges: [{ feature: 'user_management', permissions }],
      });
    await change(['none']);
    expect((await mei.client.get('/organization/invited/users')).status).toBe(403);
    await change(['all']);
    expect((await mei.client.get('/organization/invited/users')).status).toBe(200);
    await stage.ada.client.put(`/organization/user/invitation/revoke/${mei.email}`);
    expect((await mei.client.get('/organization/invited/users')).status).toBe(403);
  });

  test('and one that a member makes is bound likewise, while an owner’s stands by itself', async () => {
    const mei = await stage.member('mei-2', { permissions: ['smtp_api:api_keys', 'user_management:all'] });
    const privileges = [{ feature: 'user_management', permissions: ['all'] }];
    const meis = await mei.client.post('/organization/api-keys', { name: 'k', all_features_access: false, privileges });
    const adas = await make({ all_features_access: false, privileges });
    await stage.ada.client.put(`/organization/user/invitation/revoke/${mei.email}`);
    const list = (key: string) => client(world.base, { 'api-key': key }).get('/organization/invited/users');
    expect((await list(meis.body.key)).status).toBe(403);
    expect((await list(adas.key)).status).toBe(200);
  });

  test('an owner adopts the key of somebody who left, and it works again by itself', async () => {
    const wen = await stage.member('wen', { permissions: ['user_management:all'] });
    await wen.client.post('/organization/leave');
    expect((await wen.client.get('/organization/invited/users')).status).toBe(403);
    const ravi = await stage.member('ravi', { all: true });
    expect((await ravi.client.post(`/organization/api-keys/${wen.keyId}/adopt`)).status).toBe(403);

    expect((await stage.ada.client.post(`/organization/api-keys/${wen.keyId}/adopt`)).status).toBe(200);
    expect((await wen.client.get('/organization/invited/users')).status).toBe(200);
    const { body } = await stage.ada.client.get('/organization/api-keys');
    expect(body.api_keys.find((key: { id: string }) => key.id === wen.keyId)).toMatchObject({
      bound: false,
      member: { email: stage.ada.email },
    });
  });
});

describe('where a key may stand', () => {
  test('alone, behind a prefix, or as a bearer', async () => {
    const { secret } = stage.ada;
    const forms: Record<string, string>[] = [
      { 'api-key': secret },
      { 'api-key': `Token ${secret}` },
      { 'api-key': `Bearer   ${secret}` },
      { authorization: `Bearer ${secret}` },
      { authorization: `bearer ${secret}` },
      { 'api-key': secret, authorization: 'Bearer something-else' },
      { 'api-key': '', authorization: `Bearer ${secret}` },
    ];
    for (const form of forms) expect((await account(form)).status, JSON.stringify(form)).toBe(200);
  });

  test('but not in another scheme, half, or twice as something else', async () => {
    const { secret } = stage.ada;
    const forms: Record<string, string>[] = [
      { authorization: `Basic ${secret}` },
      { authorization: secret },
      { 'x-api-key': secret },
      { cookie: `api-key=${secret}` },
      { 'api-key': `${secret} trailing` },
      { 'api-key': `${secret},${secret}` },
      { 'api-key': secret.toUpperCase() },
      { 'partner-key': secret, 'organization-id': stage.organizationId },
    ];
    for (const form of forms) expect((await account(form)).status, JSON.stringify(form)).toBe(401);
    expect((await world.anonymous.get(`/account?api-key=${secret}`)).status).toBe(401);
  });

  test('beside a valid api key, partner-key and organization-id are not read', async () => {
    const { secret, client: ada } = stage.ada;
    const alone = await ada.get('/organization/me');
    for (const beside of [secret, stage.partner.secret, world.partnerKey, 'rubbish', ''])
      for (const organization of [world.organizationId, 'rubbish'])
        expect(
          (await ada.get('/organization/me', { 'partner-key': beside, 'organization-id': organization })).body,
        ).toEqual(alone.body);
    expect((await ada.get('/corporate/partner-keys', { 'partner-key': stage.partner.secret })).status).toBe(403);
  });

  test('a partner key only in partner-key, and never instead of a wrong api key', async () => {
    const { secret } = stage.partner;
    const inside = { 'organization-id': stage.organizationId };
    expect((await account({ 'partner-key': secret, ...inside })).status).toBe(200);
    expect((await account({ 'partner-key': `Token ${secret}`, ...inside })).status).toBe(200);
    for (const form of [{ 'api-key': secret }, { authorization: `Bearer ${secret}` }])
      expect(await account({ ...form, ...inside })).toMatchObject(notFound);
    expect(await account({ 'api-key': 'wrong', 'partner-key': secret, ...inside })).toMatchObject(notFound);
  });
});

describe('partner keys', () => {
  test('expire, rotate and end as api keys do', async () => {
    await clock.set(start);
    const partner = await makePartner(world);
    const list = (key: string) => client(world.base, { 'partner-key': key }).get('/corporate/partner-keys');
    const made = await partner.client.post('/corporate/partner-keys', {
      name: 'second',
      expires_at: new Date(start.getTime() + 90 * second).toISOString(),
    });
    const rotated = await partner.client.post(`/corporate/partner-keys/${made.body.id}/rotate`, {
      overlap_seconds: 60,
    });
    await clock.advance(60 * second - 1);
    expect((await list(made.body.key)).status).toBe(200);
    await clock.advance(1);
    expect(await list(made.body.key)).toMatchObject(notFound);
    expect((await list(rotated.body.key)).status).toBe(200);
    await clock.advance(30 * second);
    expect(await list(rotated.body.key)).toMatchObject({ status: 401, body: { message: 'Key has expired' } });

    expect(await partner.client.delete(`/corporate/partner-keys/${partner.keyId}`)).toMatchObject({
      status: 400,
      body: { details: [{ reason: 'own_key' }] },
    });
    const third = await partner.client.post('/corporate/partner-keys', { name: 'third' });
    expect((await partner.client.delete(`/corporate/partner-keys/${third.body.id}`)).status).toBe(200);
    expect(await list(third.body.key)).toMatchObject(notFound);
  });
});

test('when a key was last used is noted for those that were let in, and for no other', async () => {
  const own = await startWorld();
  try {
    const there = await setStage(own);
    const used = await there.key(there.ada.id, { permissions: ['contacts:view'] });
    const unused = await there.key(there.ada.id, { everything: true });
    const expired = await there.key(there.ada.id, { everything: true, expiresAt: new Date(Date.now() - second) });
    const elsewhere = await there.key(there.ada.id, { everything: true, allowedIps: ['203.0.113.7'] });
    const began = Date.now();
    for (const { secret } of [used, expired, elsewhere])
      await client(own.base, { 'api-key': secret }).get('/organization/invited/users');
    await there.partner.inOrganization(there.organizationId).get('/account');
    await own.server.stop();
    const noted = async (table: string, id: string): Promise<Date | null> => {
      const [row] = await own.database.sql<{ last_used_at: Date | null }>(
        `select last_used_at from ${table} where id = $1`,
        [id],
      );
      return row?.last_used_at ?? null;
    };
    for (const at of [await noted('api_key', used.id), await noted('partner_key', there.partner.keyId)])
      expect(Math.abs((at?.getTime() ?? 0) - began)).toBeLessThan(60 * second);
    for (const { id } of [unused, expired, elsewhere]) expect(await noted('api_key', id)).toBeNull();
  } finally {
    await own.stop();
  }
});

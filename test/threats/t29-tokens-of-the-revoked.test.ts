import { decodeBitset, hasBit } from '@latchkey/core/access/bitset.ts';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setStage } from '../access/stage.ts';
import { plannedCatalogue } from '../api/planned-catalogue.ts';
import { readNaively } from '../authzen/naive-reader.ts';
import type { Answer } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({}, plannedCatalogue);
});
afterAll(() => world?.stop());

const issue = (member: string, fields: object = {}): Promise<Answer> =>
  world.owner.post('/access/token', { member, audience: 'shop', ...fields });

/** As a verifier that knows nothing but the published keys reads it. */
async function verified(token: string): Promise<JWTPayload> {
  const keys = (await world.anonymous.get('/access/jwks')).body as JSONWebKeySet;
  const read = await jwtVerify(token, createLocalJWKSet(keys), {
    algorithms: ['ES256'],
    audience: 'shop',
    issuer: world.server.services.links
      .url({
        organizationId: world.organizationId,
        invitationId: world.organizationId,
        generation: 1,
        purpose: 'mailed',
      })
      .replace(/\/join#.*/, ''),
    typ: 'access+jwt',
  });
  return read.payload;
}

function refused({ status, body }: Answer, about = ''): void {
  expect([status, body.details?.[0].reason], `${about} ${JSON.stringify(body)}`).toEqual([404, 'no_active_member']);
  expect(JSON.stringify(body)).not.toMatch(/eyJ/);
}

describe('T29 a token is issued for nobody', () => {
  const revoking: Record<string, (email: string) => Promise<Answer>> = {
    'was revoked': (email) => world.owner.put(`/organization/user/invitation/revoke/${email}`),
    'is suspended': (email) => world.owner.put(`/organization/user/${email}`, { suspended: true }),
  };

  test.each(Object.entries(revoking))('who %s, by whatever name, from the next request on', async (_how, revoke) => {
    for (let round = 0; round < 10; round++) {
      const mei = await world.join(`mei-${round}@example.com`, { permissions: ['contacts:view'] });
      const external = `mei-${round}`;
      await world.owner.put(`/organization/user/${mei.email}`, { external_id: external });
      for (const name of [mei.email, mei.id, external]) expect((await issue(name)).status).toBe(201);
      expect((await revoke(mei.email)).status).toBe(200);
      for (const name of [mei.email, mei.id, external, mei.email.toUpperCase()]) refused(await issue(name), name);
      await world.owner.put(`/organization/user/${mei.email}`, { suspended: false });
      await world.owner.put(`/organization/user/invitation/revoke/${mei.email}`);
    }
  });

  test('whose time is over, and none outlives the time of its member', async () => {
    const tim = await world.join('tim@example.com', { permissions: ['contacts:view'] });
    const ends = new Date(Date.now() + 3000);
    await world.owner.put(`/organization/user/${tim.email}`, { access_expires_at: ends.toISOString() });
    const { status, body } = await issue(tim.email, { ttl: 900 });
    expect(status).toBe(201);
    const { exp = Number.POSITIVE_INFINITY } = await verified(body.token);
    expect(exp * 1000).toBeLessThanOrEqual(ends.getTime());
    expect(new Date(body.expires_at).getTime()).toBe(exp * 1000);
    await new Promise((resolve) => setTimeout(resolve, ends.getTime() - Date.now() + 50));
    refused(await issue(tim.email));
  });

  test('who has not accepted, has declined, is of another organization, or is nobody', async () => {
    await world.invite('pia@example.com');
    const token = await world.invite('dec@example.com');
    await world.anonymous.post('/organization/user/invitation/decline', { token });
    const stage = await setStage(world);
    for (const name of [
      'pia@example.com',
      'dec@example.com',
      'nobody@example.com',
      stage.ada.email,
      stage.ada.id,
      'x',
      '__proto__',
      '%',
      '@',
    ])
      refused(await issue(name), name);
  });

  test('by a key that may not ask any more', async () => {
    const cy = await world.join('cy@example.com', { permissions: ['access:check'] });
    const body = { member: 'ada@example.com', audience: 'shop' };
    expect((await cy.client.post('/access/token', body)).status).toBe(201);
    await world.owner.put(`/organization/user/${cy.email}`, { suspended: true });
    expect((await cy.client.post('/access/token', body)).status).toBe(403);
    await world.owner.put(`/organization/user/invitation/revoke/${cy.email}`);
    expect((await cy.client.post('/access/token', body)).status).toBe(403);
  });
});

describe('T29 a token', () => {
  test('says what checks say, masked by the plan, and for how long', async () => {
    const { vocabulary } = world.server.services.checks;
    const wren = await world.join('wren@example.com', {
      permissions: ['contacts:view', 'phone:all', 'sales_platform:reports'],
    });
    await world.owner.put(`/organization/user/${wren.email}`, { external_id: 'wren' });
    for (const plan of ['enterprise', 'small']) {
      const changed = await world.partner.put(`/corporate/subAccount/${world.organizationId}/plan`, { plan });
      const issued = await issue('wren', { ttl: 60 });
      expect(issued.status).toBe(201);
      const claims = await verified(issued.body.token);
      expect(claims).toMatchObject({
        sub: wren.id,
        ext: 'wren',
        org: world.organizationId,
        voc: vocabulary.fingerprint,
        rev: issued.body.revision,
      });
      expect(issued.body.revision).toBeGreaterThanOrEqual(Number(changed.headers.get('latchkey-revision')));
      expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
      const bits = decodeBitset(String(claims.acc), vocabulary.words);
      const naive = await readNaively(world, world.organizationId, 'wren');
      for (const [feature, permissions] of Object.entries(vocabulary.data.permissions))
        for (const [permission, bit] of Object.entries(permissions))
          expect(hasBit(bits, bit), `${plan}: ${feature}:${permission}`).toBe(naive.may(feature, permission));
    }
    await world.partner.put(`/corporate/subAccount/${world.organizationId}/plan`, { plan: 'enterprise' });
  });

  test('of somebody who may do everything is below 1 KB, and never kept by a cache', async () => {
    const { body, headers } = await issue('ada@example.com', { audience: 'a'.repeat(100), ttl: 900 });
    expect(body.token.length).toBeLessThan(1024);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('that was changed anywhere is none', async () => {
    const { token } = (await issue('ada@example.com')).body;
    const [head, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const forged of [
      [head, encoded({ ...claims, sub: 'somebody' }), signature],
      [encoded({ alg: 'none', typ: 'access+jwt' }), payload, ''],
      [encoded({ alg: 'HS256', typ: 'access+jwt' }), payload, signature],
      [head, payload, signature.slice(0, -4)],
    ])
      await expect(verified(forged.join('.'))).rejects.toThrow();
    await expect(verified(token)).resolves.toMatchObject({ aud: 'shop' });
  });

  test('is asked for in words that make sense, or refused', async () => {
    for (const fields of [
      { ttl: 4 },
      { ttl: 901 },
      { ttl: 1.5 },
      { ttl: '60' },
      { ttl: null },
      { audience: '' },
      { audience: 'x'.repeat(201) },
      { audience: ['shop'] },
      { member: '' },
      { member: 'x'.repeat(401) },
      { member: null },
      { extra: 1 },
    ])
      expect((await issue('ada@example.com', fields)).status, JSON.stringify(fields)).toBe(400);
  });
});

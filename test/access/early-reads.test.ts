import { Readable } from 'node:stream';
import type { Actor } from '@latchkey/core/actor.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EarlyReads } from '../../server/src/http/early-reads.ts';
import type { Client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

/** What a read finds before its key was looked up is told to nobody whom the key does not allow it any more. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const people = '/organization/invited/users?limit=5';
const keyOf = async (body: object = {}): Promise<{ id: string; reader: Client }> => {
  const made = await world.owner.post('/organization/api-keys', { name: 'k', all_features_access: true, ...body });
  return { id: made.body.id, reader: world.as(made.body.key) };
};

describe('of a key that has just read', () => {
  test('the next read is refused once it is deleted, also among reads that never cease', async () => {
    for (let n = 0; n < 5; n++) {
      const { id, reader } = await keyOf();
      expect((await reader.get(people)).status).toBe(200);
      let deleted = false;
      const wrong: number[] = [];
      let refused = 0;
      const readOn = async (): Promise<void> => {
        for (;;) {
          const afterwards = deleted;
          const { status } = await reader.get(people);
          if (afterwards && status !== 401) wrong.push(status);
          if (status === 401) refused++;
          if (afterwards) return;
        }
      };
      const reading = Array.from({ length: 8 }, readOn);
      expect((await world.owner.delete(`/organization/api-keys/${id}`)).status).toBe(200);
      deleted = true;
      await Promise.all(reading);
      expect(wrong).toEqual([]);
      expect(refused).toBeGreaterThanOrEqual(8);
    }
  });

  test('the next read is refused once its member may not read any more', async () => {
    const noor = await world.join('noor@example.com', { permissions: ['user_management:all', 'contacts:view'] });
    const grant = async (permission: string): Promise<void> => {
      const privileges = [{ feature: 'user_management', permissions: [permission] }];
      const change = { email: noor.email, all_features_access: false, privileges };
      expect((await world.owner.post('/organization/user/update/permissions', change)).status).toBe(200);
    };
    for (let n = 0; n < 3; n++) {
      await grant('all');
      expect((await noor.client.get(people)).status).toBe(200);
      await grant('none');
      expect((await noor.client.get(people)).status).toBe(403);
    }
  });

  test('the next read says how things are now where what the key belongs to has changed', async () => {
    const { reader } = await keyOf();
    for (const name of ['First', 'Second', 'Third']) {
      expect((await world.owner.put('/organization', { name })).status).toBe(200);
      expect((await reader.get('/account')).body.companyName).toBe(name);
      expect((await reader.get('/account')).body.companyName).toBe(name);
    }
  });

  test('a read that fails fails in the same way as the first', async () => {
    const { reader } = await keyOf();
    const ask = () => reader.get('/organization/user/nobody%40example.com/permissions');
    const first = await ask();
    expect(first.status).toBe(404);
    expect(await ask()).toMatchObject({ status: 404, body: first.body });
  });

  test('a read that asks for nonsense is told so, and one that may not ask is told that first', async () => {
    const { id, reader } = await keyOf();
    expect((await reader.get(people)).status).toBe(200);
    for (const nonsense of ['?limit=0', '?nonsense=1', '?search=%ff'])
      expect((await reader.get(`/organization/invited/users${nonsense}`)).status, nonsense).toBe(400);
    await world.owner.delete(`/organization/api-keys/${id}`);
    for (const nonsense of ['?limit=0', '?nonsense=1', '?search=%ff'])
      expect((await reader.get(`/organization/invited/users${nonsense}`)).status, nonsense).toBe(401);
  });
});

describe('what was read for one actor', () => {
  const actor = (permissions: string[], allowedIps: string[] = []): Actor =>
    ({
      kind: 'api_key',
      id: 'k',
      holdings: { owner: false, everything: false, permissions: new Set(permissions) },
      limits: { expiresAt: null, allowedIps },
    }) as never;
  const headers = { 'api-key': 'secret' };

  test('is found for that one, and for no other', async () => {
    const reads = new EarlyReads();
    expect(reads.begin(headers, '192.0.2.1', async () => ({ body: {} }))).toBeUndefined();
    reads.keep(headers, actor(['contacts:view']));
    const read = reads.begin(headers, '192.0.2.1', async (expected) => ({ body: [...expected.holdings.permissions] }));
    expect(read?.foundFor(actor(['contacts:view', 'contacts:export']))).toBeUndefined();
    expect(read?.foundFor(actor([]))).toBeUndefined();
    expect(await read?.foundFor(actor(['contacts:view']))).toEqual({ body: ['contacts:view'] });
    expect(reads.begin({ 'api-key': 'another' }, '192.0.2.1', async () => ({ body: {} }))).toBeUndefined();
    reads.keep(headers, undefined);
    expect(reads.begin(headers, '192.0.2.1', async () => ({ body: {} }))).toBeUndefined();
  });

  test('is not begun from where the key may not be used, and not for everybody who asks at once', async () => {
    const reads = new EarlyReads();
    reads.keep(headers, actor([], ['198.51.100.0/24']));
    const read = async () => ({ body: {} });
    expect(reads.begin(headers, '192.0.2.1', read)).toBeUndefined();
    const begun = Array.from({ length: 9 }, () => reads.begin(headers, '198.51.100.7', read)).filter(Boolean);
    expect(begun).toHaveLength(4);
    await new Promise(setImmediate);
    expect(reads.begin(headers, '198.51.100.7', read)).toBeDefined();
  });

  test('of a thousand and one keys is begun but for the one that came first', () => {
    const reads = new EarlyReads();
    const of = (n: number) => ({ 'api-key': `secret ${n}` });
    for (let n = 0; n <= 1_000; n++) reads.keep(of(n), actor([]));
    for (let n = 1; n <= 1_000; n++) reads.keep(of(n), actor([`again ${n}`]));
    const known = Array.from({ length: 1_001 }, (_, n) => reads.begin(of(n), '192.0.2.1', async () => ({ body: {} })));
    expect(known.filter((read) => read === undefined)).toHaveLength(1);
    expect(known[0]).toBeUndefined();
  });

  test('and is of no use holds nothing, whether it is a stream or an error', async () => {
    const reads = new EarlyReads();
    reads.keep(headers, actor([]));
    const stream = Readable.from(['a']);
    reads.begin(headers, '192.0.2.1', async () => ({ stream, type: 'application/json' }))?.discard();
    reads.begin(headers, '192.0.2.1', () => Promise.reject(new Error('unheard')))?.discard();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stream.destroyed).toBe(true);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, client } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { makePartner, type Stage, setStage } from './stage.ts';

/** One behind proxies at 127.0.0.1 and in 10.0.0.0/8, one that anybody reaches directly. */
let proxied: World;
let direct: World;
let behind: Stage;
let plain: Stage;
beforeAll(async () => {
  [proxied, direct] = await Promise.all([startWorld({ TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' }), startWorld()]);
  [behind, plain] = await Promise.all([setStage(proxied), setStage(direct)]);
});
afterAll(() => Promise.all([proxied?.stop(), direct?.stop()]));

const from = async (stage: Stage, allowedIps: string[], forwarded: string | undefined): Promise<Answer> => {
  const { secret } = await stage.key(stage.ada.id, { everything: true, allowedIps });
  return client(stage.world.base, {
    'api-key': secret,
    ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
  }).get('/account');
};

test.each([
  ['203.0.113.7', '203.0.113.7', true],
  ['203.0.113.7', '203.0.113.8', false],
  ['203.0.113.0/24', '203.0.113.255', true],
  ['203.0.113.0/24', '203.0.114.0', false],
  ['203.0.113.77/24', '203.0.113.1', true],
  ['203.0.113.8/29', '203.0.113.15', true],
  ['203.0.113.8/29', '203.0.113.16', false],
  ['0.0.0.0/0', '198.51.100.1', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['203.0.113.7/32', '203.0.113.7', true],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', true],
  ['2001:db8::1/128', '2001:db8::2', false],
  ['::/0', '2001:db8::1', true],
  ['203.0.113.0/24', '::ffff:203.0.113.9', true],
  ['203.0.113.0/24', '::FFFF:203.0.113.9', true],
  ['203.0.113.0/24', '::ffff:cb00:7109', true],
  ['203.0.113.0/24', '::ffff:203.0.114.9', false],
  ['::ffff:203.0.113.0/120', '203.0.113.9', true],
  ['::ffff:203.0.113.0/120', '203.0.114.9', false],
])('a key for %s, used from %s: %s', async (range, address, allowed) => {
  expect((await from(behind, [range], address)).status).toBe(allowed ? 200 : 401);
});

test('a key for several ranges may be used from each; one for none, from anywhere', async () => {
  const ranges = ['198.51.100.1', '2001:db8::/32', '203.0.113.0/24'];
  for (const address of ['198.51.100.1', '2001:db8::7', '203.0.113.200'])
    expect((await from(behind, ranges, address)).status).toBe(200);
  expect((await from(behind, ranges, '198.51.100.2')).status).toBe(401);
  expect((await from(behind, [], '198.51.100.2')).status).toBe(200);
});

describe('X-Forwarded-For', () => {
  test('is believed only from a proxy that is trusted', async () => {
    expect((await from(plain, ['203.0.113.7'], '203.0.113.7')).status).toBe(401);
    expect((await from(plain, ['127.0.0.1'], '203.0.113.7')).status).toBe(200);
    expect((await from(plain, ['127.0.0.0/8'], undefined)).status).toBe(200);
    expect((await from(behind, ['127.0.0.1'], '203.0.113.7')).status).toBe(401);
    expect((await from(behind, ['127.0.0.1'], undefined)).status).toBe(200);
  });

  test('counts from the last address that is not a trusted proxy; what the client wrote before it does not', async () => {
    expect((await from(behind, ['203.0.113.7'], '203.0.113.7, 198.51.100.9')).status).toBe(401);
    expect((await from(behind, ['198.51.100.9'], '203.0.113.7, 198.51.100.9')).status).toBe(200);
    expect((await from(behind, ['203.0.113.7'], '203.0.113.7, 10.1.2.3')).status).toBe(200);
    expect((await from(behind, ['203.0.113.7'], '198.51.100.9, 203.0.113.7, 10.1.2.3, 10.4.5.6')).status).toBe(200);
  });

  test.each(['unknown', '_hidden', '203.0.113.7:443', '[2001:db8::1]', '203.0.113.7/24', 'x'.repeat(300), '999.1.1.1'])(
    'with %s in it is refused for a key with addresses, and is no fault of ours',
    async (forwarded) => {
      expect((await from(behind, ['203.0.113.0/24', '2001:db8::/32'], forwarded)).status).toBe(401);
      expect((await from(behind, [], forwarded)).status).toBe(200);
    },
  );

  test('other headers that name an address are not read', async () => {
    const { secret } = await behind.key(behind.ada.id, { everything: true, allowedIps: ['203.0.113.7'] });
    for (const header of ['x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip'])
      expect((await client(proxied.base, { 'api-key': secret, [header]: '203.0.113.7' }).get('/account')).status).toBe(
        401,
      );
  });

  test('is where an audit event says it came from', async () => {
    await behind.ada.client.put(
      '/organization',
      { name: 'Named from afar' },
      { 'x-forwarded-for': '::ffff:203.0.113.7' },
    );
    const { body } = await behind.ada.client.get('/organization/activities?action=organization.updated');
    expect(body.logs[0].user_ip).toBe('203.0.113.7');
  });
});

test('the refusal says which address it saw, in the words of the live wire', async () => {
  expect(await from(behind, ['203.0.113.0/24'], '198.51.100.9')).toMatchObject({
    status: 401,
    body: { code: 'unauthorized', message: expect.stringContaining('unrecognised IP address 198.51.100.9') },
  });
});

test('addresses hold for keys made over the API and for partner keys', async () => {
  const made = await behind.ada.client.post('/organization/api-keys', {
    name: 'k',
    all_features_access: true,
    allowed_ips: ['203.0.113.0/24', '2001:db8::/32'],
  });
  const ask = (forwarded: string) =>
    client(proxied.base, { 'api-key': made.body.key, 'x-forwarded-for': forwarded }).get('/account');
  expect((await ask('2001:db8::5')).status).toBe(200);
  expect((await ask('198.51.100.1')).status).toBe(401);

  const partner = await makePartner(proxied);
  const key = await partner.client.post('/corporate/partner-keys', { name: 'k', allowed_ips: ['203.0.113.7'] });
  const list = (forwarded: string) =>
    client(proxied.base, { 'partner-key': key.body.key, 'x-forwarded-for': forwarded }).get('/corporate/partner-keys');
  expect((await list('203.0.113.7')).status).toBe(200);
  expect((await list('203.0.113.8')).status).toBe(401);
});

test.each([
  '203.0.113.7/33',
  '::/129',
  '203.0.113',
  'fe80::1%eth0',
  'example.com',
  '',
  '203.0.113.7/',
  ' 203.0.113.7',
  '203.0.113.7/-1',
  '0x7f.1',
  '203.0.113.7/24/24',
  '*',
])('a key cannot be made for %s', async (range) => {
  expect(
    await behind.ada.client.post('/organization/api-keys', {
      name: 'k',
      all_features_access: true,
      allowed_ips: [range],
    }),
  ).toMatchObject({ status: 400, body: { details: [{ path: 'allowed_ips[0]', reason: 'invalid_ip' }] } });
});

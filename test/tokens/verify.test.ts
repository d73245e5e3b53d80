import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessTokens, Latchkey, type TokenSettings } from '../../client/src/index.ts';
import { type Person, startWorld, type World } from '../world.ts';
import { decoded, encoded, type Forger, forger, partsOf } from './forge.ts';

const issuer = 'https://access.example.com';
const audience = 'shop';
let world: World;
let api: Latchkey;
let mei: Person;
let token: string;
let revision: number;
beforeAll(async () => {
  world = await startWorld({ PUBLIC_URL: issuer });
  api = new Latchkey({ url: world.base, apiKey: world.ownerKey });
  mei = await world.join('mei@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  ({ token, revision } = await api.issueAccessToken({ member: mei.email, audience, ttl: 300 }));
});
afterAll(() => world?.stop());

/** Verifies as a product does, with the issuer's name pointing at the server. */
const verifier = (settings: Partial<TokenSettings> = {}): AccessTokens =>
  new AccessTokens({ issuer, audience, fetch: fetchFromServer, ...settings });
const fetchFromServer = (url: string): Promise<Response> =>
  fetch(url.replace(issuer, `http://127.0.0.1:${world.server.port}`));
const unauthorized = (message?: string) =>
  expect.objectContaining({ code: 'unauthorized', ...(message && { message: expect.stringContaining(message) }) });
const refuses = (given: string, message?: string, tokens = verifier()) =>
  expect(tokens.verify(given)).rejects.toEqual(unauthorized(message));

/** A verifier for whom the forger is the issuer. */
const trusting = (one: Forger) =>
  verifier({
    fetch: async (url) => (url.endsWith('/jwks') ? Response.json({ keys: [one.open] }) : fetchFromServer(url)),
  });

test('a token says what its member may do, by permission and by alias', async () => {
  const access = await verifier().verify(token);
  expect(access).toMatchObject({
    member: mei.id,
    organizationId: world.organizationId,
    revision,
    externalId: undefined,
  });
  expect(access.can('contacts', 'view')).toBe(true);
  expect(access.can('contacts', 'create_edit_delete')).toBe(false);
  expect(access.can('contacts', 'nothing')).toBe(false);
  expect(access.can('constructor', 'toString')).toBe(false);
});

describe('T28: whom a token is from and for is never left open', () => {
  test.each([
    {},
    { issuer },
    { audience },
    { issuer: '', audience },
    { issuer, audience: '' },
    { issuer, audience: undefined },
    { issuer, audience: ['shop'] },
    { issuer: /./, audience },
  ])('a verifier without both is not made: %j', (settings) => {
    expect(() => new AccessTokens(settings as unknown as TokenSettings)).toThrow(TypeError);
  });

  test('a token for another audience is refused, and so is one of another issuer', async () => {
    await refuses(token, 'another audience', verifier({ audience: 'shop2' }));
    await refuses(token, 'another audience', verifier({ audience: 'Shop' }));
    const elsewhere = 'https://access.example.org';
    const tokens = verifier({ issuer: elsewhere, fetch: (url) => fetchFromServer(url.replace(elsewhere, issuer)) });
    await refuses(token, 'another issuer', tokens);
  });

  test('an audience among others, or none, is not the audience', async () => {
    const one = await forger();
    const claims = decoded(partsOf(token)[1]);
    const tokens = trusting(one);
    expect((await tokens.verify(await one.sign(claims))).member).toBe(mei.id);
    for (const aud of [[audience], [audience, 'x'], undefined, null, '', { [audience]: true }])
      await refuses(await one.sign({ ...claims, aud }), undefined, tokens);
    for (const iss of [[issuer], undefined, `${issuer}/`, issuer.toUpperCase()])
      await refuses(await one.sign({ ...claims, iss }), undefined, tokens);
  });
});

describe('what is not exactly what was signed is refused', () => {
  test('a changed claim, header or signature', async () => {
    const [header, claims, signature] = partsOf(token);
    const more = encoded({ ...decoded(claims), acc: '_______________' });
    await refuses(`${header}.${more}.${signature}`, 'not signed');
    await refuses(`${encoded({ ...decoded(header), extra: 1 })}.${claims}.${signature}`, 'not signed');
    for (let at = 0; at < signature.length; at += 9) {
      const other = signature[at] === 'A' ? 'B' : 'A';
      await refuses(`${header}.${claims}.${signature.slice(0, at)}${other}${signature.slice(at + 1)}`);
    }
    await refuses(`${header}.${claims}.${Buffer.alloc(64).toString('base64url')}`, 'not signed');
  });

  test('what is no token at all', async () => {
    const [header, claims, signature] = partsOf(token);
    const odd = [
      '',
      '.',
      '..',
      'x',
      `${header}.${claims}`,
      `${header}.${claims}.`,
      `${token}.`,
      `${token}.x`,
      ` ${token}`,
    ];
    odd.push(`${header}.${claims}.${signature}=`, `${header}.bnVsbA.${signature}`, `bnVsbA.${claims}.${signature}`);
    odd.push('x'.repeat(1_000_000), `${encoded([])}.${encoded(1)}.${signature}`, `${token}\n`);
    for (const text of odd) await refuses(text);
  });

  test('another algorithm, whatever key it would be verified with', async () => {
    const [header, claims] = partsOf(token);
    const { keys } = (await (await fetchFromServer(`${issuer}/v3/access/jwks`)).json()) as {
      keys: Record<string, string>[];
    };
    const own = decoded(header);
    const withHeader = (changed: object): string => `${encoded({ ...own, ...changed })}.${claims}`;
    for (const alg of ['none', 'None', '', undefined, 'ES384', 'es256']) {
      const unsigned = withHeader({ alg });
      await refuses(`${unsigned}.`);
      await refuses(`${unsigned}.AA`, 'not of our kind');
    }
    // The public key as the secret of a MAC.
    for (const key of keys) {
      for (const secret of [JSON.stringify(key), `${key.x}${key.y}`, key.x ?? '']) {
        const text = withHeader({ alg: 'HS256' });
        await refuses(`${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`, 'not of our kind');
      }
    }
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const text = withHeader({ alg: 'RS256' });
    await refuses(
      `${text}.${createSign('sha256').update(text).sign(privateKey).toString('base64url')}`,
      'not of our kind',
    );
  });

  test('another key: unknown, brought along, or of another server', async () => {
    const claims = decoded(partsOf(token)[1]);
    const own = decoded(partsOf(token)[0]) as { kid: string };
    const one = await forger();
    await refuses(await one.sign(claims), 'unknown key');
    await refuses(await one.sign(claims, { jwk: one.open }), 'unknown key');
    await refuses(await one.sign(claims, { kid: own.kid }), 'not signed');
    await refuses(await one.sign(claims, { kid: own.kid, jwk: one.open, jku: 'https://evil.example' }), 'not signed');
    for (const kid of [undefined, 1, null, ['x'], '__proto__', 'constructor'])
      await refuses(await one.sign(claims, { kid: kid as string }));
  });

  test('another type of token of the same key', async () => {
    const one = await forger();
    const claims = decoded(partsOf(token)[1]);
    for (const typ of ['JWT', 'at+jwt', undefined])
      await refuses(await one.sign(claims, { typ }), 'not of our kind', trusting(one));
  });

  test('claims that are missing or of another kind', async () => {
    const one = await forger();
    const tokens = trusting(one);
    const claims = decoded(partsOf(token)[1]);
    for (const name of ['iss', 'aud', 'sub', 'org', 'rev', 'voc', 'acc', 'iat', 'exp'])
      for (const value of [undefined, null, {}, true, '', -0.5, Number.MAX_VALUE, '9999999999'])
        if (!(name === 'sub' || name === 'org' || name === 'acc') || typeof value !== 'string')
          await refuses(await one.sign({ ...claims, [name]: value }), undefined, tokens);
  });
});

describe('a token ends', () => {
  const claims = () => decoded(partsOf(token)[1]) as { iat: number; exp: number };

  test('at its end and not a moment later, and it is not valid before it was issued', async () => {
    const { iat, exp } = claims();
    await expect(verifier({ now: () => exp * 1000 - 1 }).verify(token)).resolves.toBeDefined();
    await refuses(token, 'no longer valid', verifier({ now: () => exp * 1000 }));
    await refuses(token, 'of the future', verifier({ now: () => (iat - 11) * 1000 }));
    await expect(verifier({ now: () => (iat - 9) * 1000 }).verify(token)).resolves.toBeDefined();
  });

  test('also once it was verified', async () => {
    let now = Date.now();
    const access = await verifier({ now: () => now }).verify(token);
    expect(access.can('contacts', 'view')).toBe(true);
    now = claims().exp * 1000;
    expect(() => access.can('contacts', 'view')).toThrow(expect.objectContaining({ code: 'stale' }));
  });

  test('also where the clock is set back after it was verified', async () => {
    const { token: short } = await api.issueAccessToken({ member: mei.email, audience, ttl: 5 });
    let back = 0;
    const access = await verifier({ now: () => Date.now() - back }).verify(short);
    back = 3_600_000;
    expect(access.can('contacts', 'view')).toBe(true);
    const left = access.expiresAt.getTime() - Date.now();
    await new Promise((resolve) => setTimeout(resolve, left + 20));
    expect(() => access.can('contacts', 'view')).toThrow(expect.objectContaining({ code: 'stale' }));
  });

  test('T29: for who insists on a revision, with the change that took something away', async () => {
    const before = await api.issueAccessToken({ member: mei.email, audience });
    const { revision: after } = await api
      .updateMemberPermissions({
        email: mei.email,
        all_features_access: false,
        privileges: [{ feature: 'contacts', permissions: ['view'] }],
      })
      .withResponse();
    expect(after).toBeGreaterThan(before.revision);
    expect((await verifier().verify(before.token)).can('contacts', 'export')).toBe(true);
    await expect(verifier().verify(before.token, { revision: after })).rejects.toEqual(
      unauthorized('from before the revision'),
    );
    const fresh = await api.issueAccessToken({ member: mei.email, audience });
    expect((await verifier().verify(fresh.token, { revision: after })).can('contacts', 'export')).toBe(false);
  });
});

test('keys are fetched once, and an unknown one makes them be fetched again only now and then', async () => {
  let fetches = 0;
  let now = Date.now();
  const tokens = verifier({
    now: () => now,
    fetch: (url) => {
      if (url.endsWith('/jwks')) fetches++;
      return fetchFromServer(url);
    },
  });
  const one = await forger();
  const forged = await one.sign(decoded(partsOf(token)[1]));
  for (let count = 0; count < 20; count++) {
    await tokens.verify(token);
    await refuses(forged, 'unknown key', tokens);
  }
  expect(fetches).toBe(1);
  now += 11_000;
  await refuses(forged, 'unknown key', tokens);
  expect(fetches).toBe(2);
});

test('where the issuer cannot be reached there is no answer', async () => {
  for (const fetch of [
    async () => new Response('', { status: 503 }),
    async () => new Response('<html>'),
    async () => {
      throw new TypeError('fetch failed');
    },
  ])
    await expect(verifier({ fetch }).verify(token)).rejects.toMatchObject({ code: 'unreachable' });
});

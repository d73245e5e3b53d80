import { setTimeout as sleep } from 'node:timers/promises';
import { challengeSeconds, mostPasskeys } from '@latchkey/core/passkey.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteOldChallenges } from '../../server/src/store/passkeys.ts';
import { type Mutant, mutantsOf } from '../bad-input/mutants.ts';
import { type Answer, type Client, client } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { cbor, type Differently, makePasskey, type SoftwarePasskey, strangersKey } from './software-authenticator.ts';

const origin = 'https://access.example.com';

let world: World;
let page: Client;
beforeAll(async () => {
  world = await startWorld({ PUBLIC_URL: origin });
  page = client(world.base, { 'latchkey-session': '1' });
});
afterAll(() => world?.stop());

let people = 0;
const email = (name: string): string => `${name}@example.com`;

/** Somebody new, signed in just now. */
async function person(name = `person-${++people}`): Promise<Client> {
  await world.join(email(name), { permissions: ['contacts:view'] });
  return (await world.signIn(email(name))).client;
}

const creation = async (session: Client) => (await session.post('/passkeys/options')).body.options;
const request = async () => (await page.post('/sign-in/passkey/options')).body.options;
const add = (session: Client, response: unknown, name = 'Telephone') => session.post('/passkeys', { name, response });
const signIn = (response: unknown) => page.post('/sign-in/passkey', { response });
const reason = ({ body }: Answer): string | undefined => body.details?.[0]?.reason;

/** Somebody new with a passkey. */
async function passkeyHolder(differently: Parameters<typeof makePasskey>[2] = {}) {
  const session = await person();
  const passkey = makePasskey(await creation(session), origin, differently);
  const added = await add(session, passkey.registration);
  if (added.status !== 201) throw new Error(JSON.stringify(added.body));
  return { session, passkey, id: added.body.id as string };
}

const passkeyRow = async (id: string) =>
  (await world.database.sql('select * from passkey where id = $1', [id]))[0] as Record<string, unknown>;
const sessionsOf = (address: string) =>
  world.database.sql('select 1 from session s join identity i on i.id = s.identity_id where i.email = $1', [address]);

describe('adding a passkey', () => {
  test('asks for one that finds its person by itself, makes sure it is them, and says nothing of its make', async () => {
    const session = await person('asked');
    const options = await creation(session);
    const [identity] = await world.database.sql<{ id: string }>('select id from identity where email = $1', [
      email('asked'),
    ]);
    expect(options).toEqual({
      rp: { id: 'access.example.com', name: 'Latchkey' },
      user: {
        id: Buffer.from(identity?.id.replaceAll('-', '') ?? '', 'hex').toString('base64url'),
        name: email('asked'),
        displayName: email('asked'),
      },
      challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      timeout: challengeSeconds * 1000,
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
    });
  });

  test('keeps its key and shows it among one’s own, and asks the next authenticator to make no second one', async () => {
    const session = await person();
    const passkey = makePasskey(await creation(session), origin, { backedUp: true });
    const added = await add(session, passkey.registration, 'Ada’s key 🔑 <b>');
    expect(added).toMatchObject({
      status: 201,
      body: { name: 'Ada’s key 🔑 <b>', last_used_at: null, backed_up: true },
    });
    expect((await session.get('/passkeys')).body).toEqual({ passkeys: [added.body] });
    expect((await creation(session)).excludeCredentials).toEqual([
      { type: 'public-key', id: passkey.id, transports: ['hybrid', 'internal'] },
    ]);
    expect((await (await person()).get('/passkeys')).body).toEqual({ passkeys: [] });
  });

  test('is in the audit log of every organization that it opens, as is removing it', async () => {
    const founded = await world.partner.post('/corporate/subAccount', { companyName: 'Other', email: 'o@example.org' });
    const second: string = founded.body.id;
    await world.join(email('everywhere'), { permissions: ['contacts:view'] });
    await world.join(email('everywhere'), { permissions: ['contacts:view'] }, second);
    const { client: session } = await world.signIn(email('everywhere'));
    await world.signIn(email('everywhere'), second);
    const passkey = makePasskey(await creation(session), origin);
    const { id } = (await add(session, passkey.registration, 'Laptop')).body;
    await session.delete(`/passkeys/${id}`);
    const events = await world.database.sql(
      `select e.organization_id, e.action, e.details, e.actor_kind from audit_event e join audit_person p on p.event_id = e.id
       where p.target_email = $1 and e.action like 'member.passkey%' and e.outcome = 'done' order by e.action, e.organization_id`,
      [email('everywhere')],
    );
    const organizations = [world.organizationId, second].sort();
    expect(events).toEqual(
      ['member.passkey_added', 'member.passkey_removed'].flatMap((action) =>
        organizations.map((organization_id) => ({
          organization_id,
          action,
          details: { name: 'Laptop' },
          actor_kind: 'member',
        })),
      ),
    );
  });

  test('needs a sign-in of the last hour, both to begin and to end', async () => {
    const session = await person('stale');
    const passkey = makePasskey(await creation(session), origin);
    await world.database.sql(
      `update session set created_at = now() - interval '61 minutes'
       where identity_id = (select id from identity where email = $1)`,
      [email('stale')],
    );
    for (const answer of [await session.post('/passkeys/options'), await add(session, passkey.registration)]) {
      expect(answer.status).toBe(403);
      expect(reason(answer)).toBe('sign_in_again');
    }
    expect((await session.get('/passkeys')).body).toEqual({ passkeys: [] });
  });

  test('is for people who are signed in, on a page of ours', async () => {
    await person('elsewhere');
    const { cookie } = await world.signIn(email('elsewhere'));
    for (const asking of [world.anonymous, client(world.base, { cookie })])
      expect((await asking.post('/passkeys/options')).status).toBe(401);
    expect((await world.owner.post('/passkeys/options')).status).toBe(403);
  });

  test('keeps nothing for a session that ends while its turn is waited for', async () => {
    const session = await person('too-late');
    const passkey = makePasskey(await creation(session), origin);
    const waiting = await world.server.services.db.transaction(async (transaction) => {
      await transaction.rows('select id from identity where email = $1 for no key update', [email('too-late')]);
      const answer = add(session, passkey.registration);
      await sleep(300);
      expect((await session.delete('/session')).status).toBe(200);
      return [answer];
    });
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([401]);
    expect(reason(await signIn(passkey.answer(await request())))).toBe('passkey_refused');
  });

  test('is refused for a passkey that somebody has already, whoever it is', async () => {
    const { session, passkey } = await passkeyHolder();
    const credentialId = Buffer.from(passkey.id, 'base64url');
    for (const asking of [session, await person()]) {
      const again = makePasskey(await creation(asking), origin, { credentialId });
      const answer = await add(asking, again.registration);
      expect(answer).toMatchObject({ status: 400, body: { code: 'duplicate_parameter' } });
    }
    expect((await signIn(passkey.answer(await request()))).status).toBe(200);
  });

  test(`ends at ${mostPasskeys}, even for those added at the same time`, async () => {
    const session = await person();
    const asked = await Promise.all(Array.from({ length: mostPasskeys + 5 }, () => creation(session)));
    const answers = await Promise.all(asked.map((options) => add(session, makePasskey(options, origin).registration)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(mostPasskeys);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(answer.status).toBe(403);
      expect(reason(answer)).toBe('too_many_passkeys');
    }
    expect(reason(await session.post('/passkeys/options'))).toBe('too_many_passkeys');
    const [first] = (await session.get('/passkeys')).body.passkeys;
    await session.delete(`/passkeys/${first.id}`);
    expect((await session.post('/passkeys/options')).status).toBe(200);
  });

  test('does not look at what an authenticator says of its make, nor at certificates that come with it', async () => {
    const statement = new Map<string, string | number | Buffer | Buffer[]>([
      ['alg', -7],
      ['sig', Buffer.from('nonsense')],
      ['x5c', [Buffer.from('no certificate')]],
    ]);
    for (const fmt of ['packed', 'tpm', 'android-key', 'apple', 'fido-u2f', 'of-the-future']) {
      const session = await person();
      const passkey = makePasskey(await creation(session), origin, { attestation: { fmt, statement } });
      expect((await add(session, passkey.registration)).status, fmt).toBe(201);
      expect((await signIn(passkey.answer(await request()))).status, fmt).toBe(200);
    }
  });

  const wrong: [string, Differently][] = [
    ['another challenge', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
    ['a page of others', { origin: 'https://access.example.com.evil.example' }],
    ['http in place of https', { origin: 'http://access.example.com' }],
    ['another port', { origin: `${origin}:8443` }],
    ['another host', { rpId: 'evil.example' }],
    ['a page within a page', { crossOrigin: true }],
    ['an answer for signing in', { type: 'webauthn.get' }],
    ['nobody there', { userPresent: false, userVerified: false }],
    ['somebody there, whoever it is', { userVerified: false }],
    ['an algorithm that was not asked for', { algorithm: -47 }],
  ];
  test.each(wrong)('is refused for %s, in the same words', async (_what, differently) => {
    const session = await person();
    const answer = await add(session, makePasskey(await creation(session), origin, differently).registration);
    expect(answer).toMatchObject({ status: 403, body: { code: 'permission_denied', message: refusal } });
    expect(reason(answer)).toBe('passkey_refused');
    expect((await session.get('/passkeys')).body).toEqual({ passkeys: [] });
  });

  test('needs a challenge that was given to the same person for adding, and was neither used nor left to expire', async () => {
    const [session, other] = [await person('challenged'), await person()];
    const refused = async (options: Record<string, unknown>) =>
      reason(await add(session, makePasskey({ ...(await creation(session)), ...options }, origin).registration));
    expect(await refused({ challenge: (await creation(other)).challenge })).toBe('passkey_refused');
    expect(await refused({ challenge: (await request()).challenge })).toBe('passkey_refused');

    const expired = await creation(session);
    await world.database.sql('update passkey_challenge set expires_at = now()');
    expect(await refused({ challenge: expired.challenge })).toBe('passkey_refused');

    const used = await creation(session);
    expect((await add(session, makePasskey(used, origin, { userVerified: false }).registration)).status).toBe(403);
    expect(await refused({ challenge: used.challenge })).toBe('passkey_refused');
  });
});

describe('signing in with a passkey', () => {
  test('names nobody before, and begins a session of its owner after', async () => {
    const session = await person('signs-in');
    const passkey = makePasskey(await creation(session), origin);
    const { id } = (await add(session, passkey.registration)).body;
    const options = await request();
    expect(options).toEqual({
      rpId: 'access.example.com',
      challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      timeout: challengeSeconds * 1000,
      allowCredentials: [],
      userVerification: 'required',
    });
    const answer = await signIn(passkey.answer(options, { backedUp: true }));
    expect(answer).toMatchObject({ status: 200, body: { status: 'OK', email: email('signs-in') } });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^__Host-latchkey-session=[A-Za-z0-9_-]{43}; .*HttpOnly; SameSite=Strict; Secure/);
    const begun = client(world.base, { 'latchkey-session': '1', cookie: cookie.split(';')[0] ?? '' });
    expect((await begun.get('/session')).body).toMatchObject({ email: email('signs-in'), method: 'passkey' });
    expect(await passkeyRow(id)).toMatchObject({ counter: 1, backed_up: true, last_used_at: expect.any(Date) });
    const [event] = await world.database.sql(
      `select e.details from audit_event e join audit_person p on p.event_id = e.id
       where e.action = 'member.signed_in' and p.target_email = $1 order by e.id desc limit 1`,
      [email('signs-in')],
    );
    expect(event).toEqual({ details: { method: 'passkey' } });
  });

  test('happens once for an answer: of twenty of the same at once exactly one begins a session', async () => {
    const { passkey } = await passkeyHolder();
    const response = passkey.answer(await request());
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(response)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => reason(answer) === 'passkey_refused')).toHaveLength(19);
  });

  const wrong: [string, (passkey: SoftwarePasskey) => Differently][] = [
    ['another challenge', () => ({ challenge: Buffer.alloc(32, 1).toString('base64url') })],
    ['no challenge to speak of', () => ({ challenge: '' })],
    ['a page of others', () => ({ origin: 'https://evil.example' })],
    ['another host', () => ({ rpId: 'evil.example' })],
    ['a page within a page', () => ({ crossOrigin: true })],
    ['an answer for making one', () => ({ type: 'webauthn.create' })],
    ['nobody there', () => ({ userPresent: false, userVerified: false })],
    ['somebody there, whoever it is', () => ({ userVerified: false })],
    ['a signature of another key', () => ({ signedBy: strangersKey() })],
    ['the handle of somebody else', () => ({ userHandle: Buffer.alloc(16, 7).toString('base64url') })],
  ];
  test.each(wrong)('is refused for %s, in the same words as an unknown passkey', async (_what, differently) => {
    const { passkey, id } = await passkeyHolder();
    const unknown = makePasskey(await creation(await person()), origin);
    const before = await passkeyRow(id);
    const answer = await signIn(passkey.answer(await request(), differently(passkey)));
    const ofUnknown = await signIn(unknown.answer(await request()));
    expect(answer).toMatchObject({ status: 403, body: { code: 'permission_denied', message: refusal } });
    expect(answer.body).toEqual(ofUnknown.body);
    expect(answer.headers.has('set-cookie')).toBe(false);
    expect(await passkeyRow(id)).toEqual(before);
  });

  test('is refused for a challenge that was used by a wrong answer, has expired, or was for adding', async () => {
    const { session, passkey } = await passkeyHolder();
    const used = await request();
    expect((await signIn(passkey.answer(used, { signedBy: strangersKey() }))).status).toBe(403);
    const adding = await creation(session);
    const expired = await request();
    await world.database.sql(`update passkey_challenge set expires_at = now() where challenge = $1`, [
      Buffer.from(expired.challenge, 'base64url'),
    ]);
    for (const { challenge } of [used, adding, expired])
      expect(reason(await signIn(passkey.answer({ ...(await request()), challenge })))).toBe('passkey_refused');
  });

  test('finds out a copy by its counter, and leaves the passkey as it was', async () => {
    const { passkey, id } = await passkeyHolder({ counter: 5 });
    const copy = passkey.copy();
    expect((await signIn(passkey.answer(await request()))).status).toBe(200);
    const before = await passkeyRow(id);
    for (const response of [copy.answer(await request()), passkey.answer(await request(), { counter: 0 })]) {
      const answer = await signIn(response);
      expect(answer.status).toBe(403);
      expect(reason(answer)).toBe('passkey_copied');
      expect(await passkeyRow(id)).toEqual(before);
    }
    expect(reason(await signIn(copy.answer(await request(), { signedBy: strangersKey(), counter: 0 })))).toBe(
      'passkey_refused',
    );
    expect((await signIn(passkey.answer(await request(), { counter: 2 ** 32 - 1 }))).status).toBe(200);
    expect((await passkeyRow(id)).counter).toBe(2 ** 32 - 1);
  });

  test('leaves an audit event where a copy was found out, though the sign-in is refused', async () => {
    const { session, passkey } = await passkeyHolder({ counter: 5 });
    const { email: address } = (await session.get('/session')).body;
    const copy = passkey.copy();
    await signIn(passkey.answer(await request()));
    expect(reason(await signIn(copy.answer(await request())))).toBe('passkey_copied');
    const { logs } = (await world.owner.get(`/organization/activities?action=member.passkey_copied&email=${address}`))
      .body;
    expect(logs).toHaveLength(1);
    expect(logs[0]).toMatchObject({
      outcome: 'refused',
      actor: { kind: 'member', name: address },
      target: { kind: 'member', name: address },
      details: { name: 'Telephone' },
    });
  });

  test('finds out a copy that is used at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const { passkey } = await passkeyHolder();
      const copies = Array.from({ length: 8 }, () => passkey.copy());
      const responses = await Promise.all(copies.map(async (copy) => copy.answer(await request())));
      const answers = await Promise.all(responses.map(signIn));
      expect(answers.map((answer) => reason(answer) ?? answer.status).sort()).toEqual([
        200,
        ...Array.from({ length: 7 }, () => 'passkey_copied'),
      ]);
    }
  });

  test('works again and again with authenticators that do not count', async () => {
    const { passkey } = await passkeyHolder({ counts: false });
    for (let time = 0; time < 3; time++) expect((await signIn(passkey.answer(await request()))).status).toBe(200);
  });

  test('is over with the last membership, and with the passkey’s removal', async () => {
    const session = await person('leaves');
    const passkey = makePasskey(await creation(session), origin);
    await add(session, passkey.registration);
    await world.owner.put(`/organization/user/invitation/revoke/${email('leaves')}`);
    const answer = await signIn(passkey.answer(await request()));
    expect(answer.status).toBe(403);
    expect(reason(answer)).toBe('passkey_refused');
    expect(await sessionsOf(email('leaves'))).toEqual([]);

    const holder = await passkeyHolder();
    expect((await holder.session.delete(`/passkeys/${holder.id}`)).status).toBe(200);
    expect(reason(await signIn(holder.passkey.answer(await request())))).toBe('passkey_refused');
    expect((await holder.session.get('/session')).status).toBe(200);
  });

  test('signs in nobody who is given the address, and invited, after its owner was removed', async () => {
    const session = await person('recycled');
    const passkey = makePasskey(await creation(session), origin);
    await add(session, passkey.registration);
    await world.owner.put(`/organization/user/invitation/revoke/${email('recycled')}`);
    const token = await world.invite(email('recycled'));
    const joined = await page.post('/organization/user/invitation/accept', { token, sign_in: true });
    expect(joined.body).toMatchObject({ state: 'joined', signed_in: true });
    expect(reason(await signIn(passkey.answer(await request())))).toBe('passkey_refused');
    expect(await sessionsOf(email('recycled'))).toHaveLength(1);
  });

  test('outlives one membership of two', async () => {
    const founded = await world.partner.post('/corporate/subAccount', { companyName: 'Two', email: 'two@example.org' });
    const { session, passkey } = await passkeyHolder();
    const { email: address } = (await session.get('/session')).body;
    await world.join(address, { permissions: ['contacts:view'] }, founded.body.id);
    await world.signIn(address, founded.body.id);
    await world.owner.put(`/organization/user/invitation/revoke/${address}`);
    expect((await signIn(passkey.answer(await request()))).status).toBe(200);
    await world.partnerIn(founded.body.id).put(`/organization/user/invitation/revoke/${address}`);
    expect(reason(await signIn(passkey.answer(await request())))).toBe('passkey_refused');
  });

  test('is offered only to pages of ours', async () => {
    const { passkey } = await passkeyHolder();
    const response = passkey.answer(await request());
    for (const headers of [{}, { 'latchkey-session': '1', origin: 'https://evil.example' }])
      expect(reason(await client(world.base, headers).post('/sign-in/passkey', { response }))).toBe('not_our_page');
    expect((await signIn(response)).status).toBe(200);
  });
});

describe('removing a passkey', () => {
  test('is for one’s own, once', async () => {
    const { session, id } = await passkeyHolder();
    const stranger = await person();
    expect(await stranger.delete(`/passkeys/${id}`)).toMatchObject({ status: 404 });
    expect((await session.delete(`/passkeys/${id}`)).status).toBe(200);
    const again = await session.delete(`/passkeys/${id}`);
    expect(again.status).toBe(404);
    expect(reason(again)).toBe('unknown_passkey');
    expect((await session.delete('/passkeys/nonsense')).status).toBe(400);
  });
});

test('challenges that nobody answered are swept away when their time is over, and no others', async () => {
  const [old, young] = [await request(), await request()];
  const bytes = ({ challenge }: { challenge: string }) => Buffer.from(challenge, 'base64url');
  await world.database.sql(
    `update passkey_challenge set expires_at = now() - interval '1 second' where challenge = $1`,
    [bytes(old)],
  );
  await deleteOldChallenges(world.server.services.db);
  const left = await world.database.sql('select 1 from passkey_challenge where challenge = any($1)', [
    [bytes(old), bytes(young)],
  ]);
  expect(left).toHaveLength(1);
});

describe('an answer that makes no sense', () => {
  const refusedWell = ({ status, body }: Answer, about: unknown): void => {
    expect([400, 403], JSON.stringify(about).slice(0, 300)).toContain(status);
    const codes = ['invalid_parameter', 'missing_parameter', 'permission_denied', 'bad_request'];
    expect(codes, JSON.stringify(about).slice(0, 300)).toContain(body.code);
  };

  test('with any one place of it wrong, missing or strange is refused, unless nobody needs that place', async () => {
    const { session, passkey } = await passkeyHolder({ counts: false });
    const challenges = { adding: await creation(session), signingIn: await request() };
    const { registration } = makePasskey(challenges.adding, origin);
    const assertion = passkey.answer(challenges.signingIn);
    const everyChallenge = await world.database.sql('select challenge, identity_id from passkey_challenge');
    const accepted = new Set<string>();
    const tried = async (send: (response: unknown) => Promise<Answer>, { body, place, change }: Mutant) => {
      // As if it were the first answer.
      for (const { challenge, identity_id } of everyChallenge)
        await world.database.sql(
          `insert into passkey_challenge values ($1, $2, now() + interval '1 minute') on conflict do nothing`,
          [challenge, identity_id],
        );
      const answer = await send(body);
      if (answer.status >= 300) return refusedWell(answer, { place, change });
      // What is unknown may stand anywhere, even with an empty name.
      if (change !== 'is unknown') accepted.add(place);
      await world.database.sql('delete from passkey where name = $1', ['Mutant']);
    };
    for (const mutant of mutantsOf(registration)) await tried((response) => add(session, response, 'Mutant'), mutant);
    for (const mutant of mutantsOf(assertion)) await tried(signIn, mutant);
    expect([...accepted]).toContain('response.transports');
    const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
    const needed = ['', 'id', 'rawId', 'type', 'response', ...parts.map((part) => `response.${part}`)];
    // A misspelt name ends in `_`, and the right one is missing.
    expect(needed.flatMap((place) => [place, `${place}_`]).filter((place) => accepted.has(place))).toEqual([]);
  });

  test('of random JSON is refused', async () => {
    const session = await person();
    const names = fc.constantFrom('id', 'rawId', 'type', 'response', '__proto__', 'constructor', 'toString');
    const response = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.dictionary(names, fc.jsonValue({ maxDepth: 2 })));
    await fc.assert(
      fc.asyncProperty(response, async (value) => {
        refusedWell(await signIn(value), value);
        refusedWell(await add(session, value), value);
      }),
      { numRuns: 150 },
    );
  });

  test('of random bytes where the standard has bytes is refused', async () => {
    const session = await person();
    const { passkey } = await passkeyHolder();
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
      // A map, text and list that say they are endless, and a list in a list in a list.
      fc.constantFrom(
        Buffer.from('bbffffffffffffffff', 'hex'),
        Buffer.from('7bffffffffffffffff', 'hex'),
        Buffer.from('9affffffff', 'hex'),
        Buffer.alloc(20_000, 0x81),
        cbor(new Map([['authData', 'text']])),
        cbor(new Map([['authData', Buffer.alloc(36)]])),
        cbor([1, 2]),
        cbor(7),
      ),
    );
    const clientData = fc.oneof(
      bytes,
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
    );
    const places = fc.constantFrom('attestationObject', 'authenticatorData', 'signature', 'userHandle');
    await fc.assert(
      fc.asyncProperty(places, bytes, async (place, value) => {
        const isNew = place === 'attestationObject';
        const good = isNew
          ? makePasskey(await creation(session), origin).registration
          : passkey.answer(await request());
        const response = { ...(good.response as object), [place]: value.toString('base64url') };
        const answer = await (isNew ? add(session, { ...good, response }) : signIn({ ...good, response }));
        refusedWell(answer, { place, value: value.toString('hex') });
      }),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(clientData, async (value) => {
        const good = passkey.answer(await request());
        const response = { ...(good.response as object), clientDataJSON: value.toString('base64url') };
        refusedWell(await signIn({ ...good, response }), value.toString('utf8'));
      }),
      { numRuns: 100 },
    );
  });

  test('of any size is refused', async () => {
    const { session, passkey } = await passkeyHolder();
    const huge = 'A'.repeat(60_000);
    const assertion = passkey.answer(await request());
    refusedWell(await signIn({ ...assertion, id: huge, rawId: huge }), 'id');
    const registration = makePasskey(await creation(session), origin).registration;
    for (const part of ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle'])
      refusedWell(await signIn({ ...assertion, response: { ...(assertion.response as object), [part]: huge } }), part);
    for (const part of ['clientDataJSON', 'attestationObject'])
      refusedWell(
        await add(session, { ...registration, response: { ...(registration.response as object), [part]: huge } }),
        part,
      );
    const long = makePasskey(await creation(session), origin, { credentialId: Buffer.alloc(1024, 1) });
    refusedWell(await add(session, long.registration), 'a credential id of 1024 bytes');
    const longest = makePasskey(await creation(session), origin, { credentialId: Buffer.alloc(1023, 1) });
    expect((await add(session, longest.registration)).status).toBe(201);
  });

  test('leaves no fault in the log', () => {
    const faults = world
      .logged()
      .split('\n')
      .filter((line) => /"level":(50|60)/.test(line));
    expect(faults).toEqual([]);
  });
});

const refusal = 'This passkey was not accepted. Try once more, or sign in another way.';

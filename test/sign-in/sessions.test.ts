import { setTimeout as sleep } from 'node:timers/promises';
import { mostSessions } from '@latchkey/core/session.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeMember } from '../../server/src/store/members.ts';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const ownPage = { 'latchkey-session': '1' };
const tokenIn = (url: string): string => url.slice(url.indexOf('#') + 1);
const link = async (email: string): Promise<string> => tokenIn(await makeOperatorLink(world.server.services, email));
const page = (headers: Record<string, string> = {}) => client(world.base, { ...ownPage, ...headers });
const member = (name: string, permissions: `${string}:${string}`[] = ['user_management:all']) =>
  world.join(`${name}@example.com`, { permissions });

describe('a sign-in link', () => {
  test('signs in once: of fifty at the same time exactly one gets a session', async () => {
    await member('once');
    const token = await link('once@example.com');
    const answers = await Promise.all(Array.from({ length: 50 }, () => page().post('/sign-in', { token })));
    const signedIn = answers.filter(({ status }) => status === 200);
    expect(signedIn).toHaveLength(1);
    expect(answers.filter(({ headers }) => headers.has('set-cookie'))).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expect(answer.body.details[0].reason).toBe('sign_in_link_used');
  });

  test('is only looked at by inspecting it, as often as one likes', async () => {
    await member('looked');
    const token = await link('looked@example.com');
    for (let time = 0; time < 3; time++)
      expect((await page().post('/sign-in/inspect', { token })).body).toMatchObject({
        state: 'open',
        email: 'looked@example.com',
      });
    expect((await page().post('/sign-in', { token })).status).toBe(200);
    expect((await page().post('/sign-in/inspect', { token })).body.state).toBe('used');
  });

  test('is refused when it has expired, was tampered with, or is an invitation’s', async () => {
    await member('late');
    const token = await link('late@example.com');
    await world.database.sql(`update sign_in_link set expires_at = now() where email = 'late@example.com'`);
    expect((await page().post('/sign-in', { token })).body.details[0].reason).toBe('sign_in_link_expired');
    const other = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of [other, 'x', await world.invite('sign-in-by-invitation@example.com')])
      expect((await page().post('/sign-in', { token: wrong })).body.details[0].reason).toBe('sign_in_link_unknown');
  });

  test('does nothing for a member who was revoked after it was made', async () => {
    await member('gone');
    const token = await link('gone@example.com');
    await world.owner.put('/organization/user/invitation/revoke/gone@example.com');
    const answer = await page().post('/sign-in', { token });
    expect(answer.status).toBe(404);
    expect(answer.headers.has('set-cookie')).toBe(false);
  });

  test('begins no session for a page of others, nor for a program that is no page', async () => {
    await member('csrf');
    const token = await link('csrf@example.com');
    const others = [
      {},
      { 'latchkey-session': '0' },
      { ...ownPage, 'sec-fetch-site': 'cross-site' },
      { ...ownPage, 'sec-fetch-site': 'same-site' },
      { ...ownPage, 'sec-fetch-site': 'none' },
      { ...ownPage, origin: 'https://evil.example' },
      { ...ownPage, origin: 'null' },
    ];
    for (const headers of others) {
      const answer = await client(world.base, headers).post('/sign-in', { token });
      expect(answer.status).toBe(403);
      expect(answer.body.details[0].reason).toBe('not_our_page');
      expect(answer.headers.has('set-cookie')).toBe(false);
    }
    const headers = { ...ownPage, 'sec-fetch-site': 'same-origin', origin: new URL(world.base).origin };
    expect((await client(world.base, headers).post('/sign-in', { token })).status).toBe(200);
  });
});

describe('a session', () => {
  test('holds exactly what its member holds, and follows every change from the next request on', async () => {
    await member('follows', ['contacts:view']);
    const { client: session } = await world.signIn('follows@example.com');
    expect((await session.get('/organization/me')).body).toMatchObject({
      kind: 'member',
      name: 'follows@example.com',
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['view'] }],
    });
    expect((await session.get('/organization/invited/users?limit=1')).status).toBe(403);
    const grant = (permissions: string[]) =>
      world.owner.post('/organization/user/update/permissions', {
        email: 'follows@example.com',
        all_features_access: false,
        privileges: [{ feature: 'user_management', permissions }],
      });
    await grant(['all']);
    expect((await session.get('/organization/invited/users?limit=1')).status).toBe(200);
    await grant(['none']);
    expect((await session.get('/organization/invited/users?limit=1')).status).toBe(403);
  });

  test('is over with its member’s revocation', async () => {
    await member('revoked');
    const { client: session } = await world.signIn('revoked@example.com');
    expect((await session.get('/session')).status).toBe(200);
    await world.owner.put('/organization/user/invitation/revoke/revoked@example.com');
    expect((await session.get('/session')).status).toBe(401);
    expect((await session.get('/organization/me')).status).toBe(401);
    expect(
      await world.database.sql(
        `select 1 from session s join identity i on i.id = s.identity_id where i.email = 'revoked@example.com'`,
      ),
    ).toEqual([]);
  });

  test('of a suspended member stays, and can do nothing until the suspension is lifted', async () => {
    await member('suspended');
    const { client: session } = await world.signIn('suspended@example.com');
    await world.owner.put('/organization/user/suspended@example.com', { suspended: true });
    expect((await session.get('/organization/me')).status).toBe(403);
    await world.owner.put('/organization/user/suspended@example.com', { suspended: false });
    expect((await session.get('/organization/me')).status).toBe(200);
  });

  test('counts only with the header that pages of others cannot send', async () => {
    await member('crossed');
    const { cookie } = await world.signIn('crossed@example.com');
    const ask = (headers: Record<string, string>) => client(world.base, { cookie, ...headers }).get('/session');
    expect((await ask({})).status).toBe(401);
    expect((await ask({ ...ownPage, 'sec-fetch-site': 'cross-site' })).status).toBe(401);
    expect((await ask({ ...ownPage, origin: 'https://evil.example' })).status).toBe(401);
    expect((await ask(ownPage)).status).toBe(200);
  });

  test('is not in a cookie whose name begins with anything but the name', async () => {
    await member('named');
    const { cookie } = await world.signIn('named@example.com');
    const ask = (value: string) => client(world.base, { ...ownPage, cookie: value }).get('/session');
    expect((await ask(`other=1;  ${cookie}\t`)).status).toBe(200);
    // What a neighbouring host may set, since to a browser it is another name.
    for (const before of ['\u00a0', '\u00ad', '=', '"', 'x'])
      expect((await ask(`${before}${cookie}`)).status).toBe(401);
  });

  test('has a cookie that scripts, other sites and plain connections do not get', async () => {
    await member('cookie');
    const answer = await page().post('/sign-in', { token: await link('cookie@example.com') });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^latchkey-session=[A-Za-z0-9_-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const secure = await startWorld({ PUBLIC_URL: 'https://team.example.com' });
    try {
      const url = await makeOperatorLink(secure.server.services, 'ada@example.com');
      const begun = await client(secure.base, ownPage).post('/sign-in', { token: tokenIn(url) });
      expect(begun.headers.get('set-cookie')).toMatch(
        /^__Host-latchkey-session=[A-Za-z0-9_-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
      );
    } finally {
      await secure.stop();
    }
  });

  test('stands in the database only as a hash, and its link not at all', async () => {
    await member('hashed');
    const token = await link('hashed@example.com');
    const answer = await page().post('/sign-in', { token });
    const secret = /latchkey-session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
    expect(secret).toHaveLength(43);
    const rows = await world.database.sql<{ line: string }>(
      `select s::text as line from session s union all select l::text from sign_in_link l union all select e::text from audit_event e`,
    );
    const dump = rows.map(({ line }) => line).join('\n');
    expect(dump).not.toContain(secret);
    expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
    expect(dump).not.toContain(token);
    expect(world.logged()).not.toContain(secret);
    expect(world.logged()).not.toContain(token);
  });

  test('ends by signing out, takes its cookie away, and is nobody’s afterwards', async () => {
    await member('out');
    const { client: session } = await world.signIn('out@example.com');
    const answer = await session.delete('/session');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/^latchkey-session=; Max-Age=0; /);
    expect((await session.get('/session')).status).toBe(401);
  });

  test('ends at its time, and when nobody used it for long', async () => {
    await member('old');
    const { client: session } = await world.signIn('old@example.com');
    const set = (what: string) =>
      world.database.sql(
        `update session set ${what} where identity_id = (select id from identity where email = 'old@example.com')`,
      );
    await set(`last_used_at = now() - interval '25 hours'`);
    expect((await session.get('/session')).status).toBe(401);
    await set(`last_used_at = now()`);
    expect((await session.get('/session')).status).toBe(200);
    await set(`expires_at = now()`);
    expect((await session.get('/session')).status).toBe(401);
  });

  test('is listed to its own person, who can end each, and to nobody else', async () => {
    await member('several');
    await member('neighbour');
    const [first, second] = [await world.signIn('several@example.com'), await world.signIn('several@example.com')];
    const { client: neighbour } = await world.signIn('neighbour@example.com');
    const { sessions } = (await second.client.get('/sessions')).body;
    expect(sessions).toHaveLength(2);
    const other = sessions.find(({ current }: { current: boolean }) => !current);
    expect((await neighbour.delete(`/sessions/${other.id}`)).status).toBe(404);
    expect((await first.client.get('/session')).status).toBe(200);
    expect((await second.client.delete(`/sessions/${other.id}`)).status).toBe(200);
    expect((await first.client.get('/session')).status).toBe(401);
    expect((await second.client.get('/session')).status).toBe(200);
  });

  test('says who did something: the member, by name, with nothing of the session', async () => {
    await member('auditor', ['user_management:all', 'contacts:view']);
    const { client: session } = await world.signIn('auditor@example.com');
    await session.post('/organization/user/invitation/send', {
      email: 'audited@example.com',
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['view'] }],
    });
    const { logs } = (await world.owner.get('/organization/activities?email=audited@example.com')).body;
    expect(logs[0]).toMatchObject({ action: 'member.invited', actor: { kind: 'member', name: 'auditor@example.com' } });
  });
});

describe('one person in two organizations', () => {
  test('acts in the one that a request names, with what they hold there, and in no third', async () => {
    const created = await world.partner.post('/corporate/subAccount', {
      companyName: 'Second',
      email: 'second-owner@example.com',
    });
    const second: string = created.body.id;
    await world.join('both@example.com', { permissions: ['contacts:view'] });
    await world.join('both@example.com', { permissions: ['user_management:all'] }, second);
    await world.signIn('both@example.com', second);
    const { cookie } = await world.signIn('both@example.com');
    const ask = (headers: Record<string, string>) =>
      client(world.base, { ...ownPage, cookie, ...headers }).get('/organization/invited/users?limit=1');
    expect((await ask({ 'organization-id': second })).status).toBe(200);
    expect((await ask({ 'organization-id': world.organizationId })).status).toBe(403);
    expect((await ask({ 'organization-id': '0198c0de-0000-7000-8000-000000000001' })).status).toBe(403);
    expect((await ask({})).body.details[0].reason).toBe('missing');
    const { organizations } = (await client(world.base, { ...ownPage, cookie }).get('/session')).body;
    expect(organizations.map(({ id }: { id: string }) => id).sort()).toEqual([world.organizationId, second].sort());
    await world.owner.put('/organization/user/invitation/revoke/both@example.com');
    expect((await ask({ 'organization-id': second })).status).toBe(200);
  });

  test('is signed out where both are taken from them at once', async () => {
    const created = await world.partner.post('/corporate/subAccount', { companyName: 'Third', email: '3@example.com' });
    const third: string = created.body.id;
    const here = await world.join('twice@example.com', {});
    const there = await world.join('twice@example.com', {}, third);
    await world.signIn('twice@example.com', third);
    const { client: session } = await world.signIn('twice@example.com');
    const { db } = world.server.services;
    const removed = Promise.withResolvers<void>();
    const other = Promise.withResolvers<void>();
    const first = db.transaction(async (transaction) => {
      await removeMember(transaction, world.organizationId, here.id, 'revoked', here.id);
      removed.resolve();
      await other.promise;
    });
    await removed.promise;
    const second = db.transaction((transaction) => removeMember(transaction, third, there.id, 'revoked', there.id));
    // Until the second waits for the first, or, if it does not, is over.
    for (let waiting = 0, tries = 0; waiting === 0 && tries < 20; tries++) {
      await sleep(50);
      waiting = (await world.database.sql(`select 1 from pg_locks where not granted`)).length;
    }
    other.resolve();
    await Promise.all([first, second]);
    expect((await session.get('/session')).status).toBe(401);
  });
});

describe(`of more than ${mostSessions} sessions of one person`, () => {
  const sessionsOf = (email: string) =>
    world.database.sql<{ id: string }>(
      'select s.id from session s join identity i on i.id = s.identity_id where i.email = $1',
      [email],
    );
  const signInAgain = (email: string, times: number) =>
    Promise.all(
      Array.from({ length: times }, async () => (await page().post('/sign-in', { token: await link(email) })).status),
    );

  test('those end that were left alone the longest, and nobody else’s', async () => {
    await member('many');
    await member('few');
    const { client: few } = await world.signIn('few@example.com');
    const { client: forgotten } = await world.signIn('many@example.com');
    const { client: oldButUsed } = await world.signIn('many@example.com');
    await signInAgain('many@example.com', mostSessions - 2);
    const { id } = (await forgotten.get('/session')).body;
    await world.database.sql(
      `update session set last_used_at = last_used_at - interval '1 hour', created_at = created_at - interval '1 hour'
       where id = $1`,
      [id],
    );
    expect((await oldButUsed.get('/session')).status).toBe(200);
    await world.signIn('many@example.com');
    expect((await forgotten.get('/session')).status).toBe(401);
    for (const still of [oldButUsed, few]) expect((await still.get('/session')).status).toBe(200);
    expect(await sessionsOf('many@example.com')).toHaveLength(mostSessions);
  });

  test('none is left over, even where people sign in at the same time', async () => {
    await member('hasty');
    const answers = await signInAgain('hasty@example.com', mostSessions + 30);
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(await sessionsOf('hasty@example.com')).toHaveLength(mostSessions);
  });
});

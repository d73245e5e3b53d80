import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { privilegesOf } from '../access/stage.ts';
import { type Answer, type Client, client } from '../client.ts';
import { atOnce, expectNoFaults, jostling, short, startRaceTrack, times } from '../races/race.ts';
import { eventually } from '../runtime/temporary-database.ts';
import { type Person, type SignedInPerson, startWorld, type World } from '../world.ts';

const ownPage = { 'latchkey-session': '1' };

let world: World;
/** Behind the server's back: holds locks, so that what happens meanwhile is known. */
let holder: pg.Client;
beforeAll(async () => {
  world = await startRaceTrack();
  holder = new pg.Client(world.database.ownerUrl);
  await holder.connect();
});
afterAll(async () => {
  await holder?.end();
  await world?.stop();
});

let joined = 0;
const address = (name: string): string => `${name}-${++joined}@example.com`;

/** A member who is signed in; their key is bound to them too. */
async function signedIn(
  name: string,
  permissions: readonly `${string}:${string}`[],
): Promise<Person & { page: Client; cookie: string }> {
  const person = await world.join(address(name), { permissions });
  const { client: page, cookie } = await world.signIn(person.email);
  return { ...person, page, cookie };
}

const administration = ['user_management:all', 'smtp_api:api_keys', 'contacts:view', 'contacts:export'] as const;
const inviting = (email: string, permissions: readonly `${string}:${string}`[] = ['contacts:view']) => ({
  email,
  ...holding(permissions),
});
const holding = (permissions: readonly `${string}:${string}`[]) => ({
  all_features_access: false,
  privileges: privilegesOf(permissions),
});
const invite = (by: Client, email: string, permissions?: readonly `${string}:${string}`[]): Promise<Answer> =>
  by.post('/organization/user/invitation/send', inviting(email, permissions));
const revoke = (email: string, by: Client = world.owner): Promise<Answer> =>
  by.put(`/organization/user/invitation/revoke/${email}`);
/** All permissions of one feature. */
const take = (email: string, feature: string): Promise<Answer> =>
  world.owner.post('/organization/user/update/permissions', {
    email,
    all_features_access: false,
    privileges: [{ feature, permissions: ['none'] }],
  });
const accept = (token: string, headers: Record<string, string> = {}, body: object = {}): Promise<Answer> =>
  world.anonymous.post('/organization/user/invitation/accept', { token, ...body }, headers);
const sessionsOf = (email: string): Promise<object[]> =>
  world.database.sql('select s.id from session s join identity i on i.id = s.identity_id where i.email = $1', [email]);
const begun = ({ headers }: Answer): string | undefined => headers.get('set-cookie')?.split(';')[0];
const inPage = (cookie: string): Client =>
  client(world.base, { ...ownPage, cookie, 'organization-id': world.organizationId });

describe('in a session nobody goes beyond what they hold', () => {
  test('T11 by inviting, by changing others, or by making a key', async () => {
    const { page } = await signedIn('mei', administration);
    const noor = await world.join(address('noor'), { permissions: ['contacts:view'] });
    const beyond = holding(['phone:all']);
    const attempts = [
      invite(page, address('new'), ['phone:all']),
      page.post('/organization/user/invitation/send', { email: address('new'), all_features_access: true }),
      page.post('/organization/user/update/permissions', { email: noor.email, ...beyond }),
      page.post('/organization/api-keys', { name: 'Reports', ...beyond }),
      page.post('/organization/api-keys', { name: 'Reports', all_features_access: true }),
    ];
    for (const answer of await Promise.all(attempts)) {
      expect(short(answer)).toBe('403 grant_ceiling');
      expect(answer.body.message).toContain('whoever is signed in lacks');
    }
    expect(short(await invite(page, address('new'), ['contacts:export']))).toBe('200');
  });

  test('T11 what they hold is judged again when it is their turn: of two who weaken each other only one succeeds', async () => {
    for (const round of times(12, (index) => index)) {
      const [first, second] = [await signedIn('first', administration), await signedIn('second', administration)];
      const weaken = (by: Client, email: string) => () =>
        by.post('/organization/user/update/permissions', inviting(email, ['contacts:view']));
      const answers = await jostling(round, [weaken(first.page, second.email), weaken(second.page, first.email)]);
      expect(answers.map(({ status }) => status).sort(), `round ${round}`).toEqual([200, 403]);
    }
  });

  test('beside a key the key decides, and a wrong key is no session', async () => {
    const mei = await signedIn('mei', administration);
    const lucy = await world.join(address('lucy'), { permissions: ['contacts:view'] });
    const both = inPage(mei.cookie);
    const { body } = await both.get('/organization/me', { 'api-key': lucy.secret });
    expect(body).toMatchObject({ kind: 'api_key', id: lucy.keyId, member: { email: lucy.email } });
    expect((await both.get('/organization/invited/users', { 'api-key': lucy.secret })).status).toBe(403);
    expect((await both.get('/organization/me', { 'api-key': 'wrong' })).status).toBe(401);
    expect((await both.get('/session', { 'api-key': mei.secret })).status).toBe(403);
  });
});

describe('a key that is made in a session', () => {
  const make = async (page: Client): Promise<Answer['body']> =>
    (await page.post('/organization/api-keys', { name: 'k', ...holding(['user_management:all']) })).body;
  const works = async (key: string): Promise<number> => (await world.as(key).get('/organization/invited/users')).status;

  test('is bound to its member: it holds no more than they do, and nothing once they are gone', async () => {
    const mei = await signedIn('mei', administration);
    const { id, key } = await make(mei.page);
    const { api_keys } = (await world.owner.get('/organization/api-keys')).body;
    expect(api_keys.find((made: { id: string }) => made.id === id)).toMatchObject({
      bound: true,
      member: { email: mei.email },
    });
    expect(await works(key)).toBe(200);
    await mei.page.delete('/session');
    expect(await works(key), 'the key outlives the session').toBe(200);
    await revoke(mei.email);
    expect(await works(key)).toBe(403);
  });

  test('of an owner’s stands by itself', async () => {
    const ben = await world.join(address('ben'), { owner: true, all: true });
    const { client: page } = await world.signIn(ben.email);
    const { id, key } = await make(page);
    const { api_keys } = (await world.owner.get('/organization/api-keys')).body;
    expect(api_keys.find((made: { id: string }) => made.id === id)).toMatchObject({ bound: false });
    expect((await page.post('/organization/leave')).status).toBe(200);
    expect(await works(key)).toBe(200);
    expect((await page.get('/organization/me')).status, 'who left is signed out').toBe(401);
  });
});

describe('an invitation that was made in a session', () => {
  test('T12 stands on the member: it passes when the session has ended, and not when the member is gone', async () => {
    const mei = await signedIn('mei', administration);
    const people = [address('lena'), address('lena')] as const;
    for (const email of people) expect(short(await invite(mei.page, email))).toBe('200');
    await mei.page.delete('/session');
    expect(short(await accept(await world.token(people[0])))).toBe('200');
    await revoke(mei.email);
    expect(short(await accept(await world.token(people[1])))).toBe('403 grantor_not_entitled');
  });

  test.each([
    ['holds less than they gave', 'contacts'],
    ['may not manage members any more', 'user_management'],
  ])('T12 is refused while whoever made it %s', async (_, lost) => {
    const mei = await signedIn('mei', administration);
    const email = address('lena');
    await invite(mei.page, email);
    expect(short(await take(mei.email, lost))).toBe('200');
    expect(short(await accept(await world.token(email)))).toBe('403 grantor_not_entitled');
    const given = await world.owner.post('/organization/user/update/permissions', inviting(mei.email, administration));
    expect(short(given)).toBe('200');
    expect(short(await accept(await world.token(email)))).toBe('200');
  });

  test('is resent and cancelled once: a repetition by the same person answers alike, in whatever session, by another not', async () => {
    const mei = await signedIn('mei', administration);
    const { client: telephone } = await world.signIn(mei.email);
    const tomas = await signedIn('tomas', administration);
    const email = address('lena');
    await invite(mei.page, email);
    const act = (by: Client, action: string) => by.put(`/organization/user/invitation/${action}/${email}`);

    expect(short(await act(mei.page, 'resend'))).toBe('200');
    const token = await world.token(email);
    for (const page of [mei.page, telephone]) expect(short(await act(page, 'resend'))).toBe('200');
    expect(await world.token(email)).toBe(token);
    expect(short(await act(tomas.page, 'resend'))).toBe('200');
    expect(await world.token(email)).not.toBe(token);

    for (const page of [mei.page, mei.page, telephone]) expect(short(await act(page, 'cancel'))).toBe('200');
    expect(short(await act(tomas.page, 'cancel'))).toBe('404 unknown_member');
    expect(short(await act(mei.client, 'cancel')), 'their key is another credential').toBe('404 unknown_member');
  });
});

describe('an Idempotency-Key in a session', () => {
  const make = (by: Client, key: string) =>
    by.post('/organization/api-keys', { name: 'once', ...holding(['contacts:view']) }, { 'idempotency-key': key });

  test('is the person’s: another session of theirs gets the same answer, another person does it anew', async () => {
    const mei = await signedIn('mei', administration);
    const { client: telephone } = await world.signIn(mei.email);
    const tomas = await signedIn('tomas', administration);
    const first = await make(mei.page, 'a-word');
    expect(first.status).toBe(201);
    expect((await make(telephone, 'a-word')).body).toEqual(first.body);
    const others = await make(tomas.page, 'a-word');
    expect(others.status).toBe(201);
    expect(others.body.id).not.toBe(first.body.id);
    expect((await make(mei.client, 'a-word')).body.id, 'their key is another credential').not.toBe(first.body.id);
  });

  test('gives its answer to nobody whose session has ended, or who may not ask any more', async () => {
    const mei = await signedIn('mei', administration);
    await make(mei.page, 'a-word');
    await take(mei.email, 'smtp_api');
    expect((await make(mei.page, 'a-word')).status).toBe(403);
    await mei.page.delete('/session');
    expect((await make(mei.page, 'a-word')).status).toBe(401);
  });

  test('T3 beside an acceptance by somebody else: the attempt is in the log all the same', async () => {
    const email = address('lena');
    const token = await world.invite(email);
    const mei = await signedIn('mei', ['contacts:view']);
    const answer = await accept(token, { ...ownPage, cookie: mei.cookie, 'idempotency-key': 'as-another' });
    expect([answer.status, answer.body.details[0].reason]).toEqual([403, 'signed_in_as_another']);
    const { logs } = (await world.owner.get(`/organization/activities?email=${email}`)).body;
    expect(logs.map(({ action, outcome }: Record<string, string>) => [action, outcome])).toEqual([
      ['invitation.accepted', 'refused'],
      ['member.invited', 'done'],
    ]);
  });

  test('beside an acceptance that signs in: the repetition is answered, and signed in no second time', async () => {
    const email = address('lena');
    const token = await world.invite(email);
    const join = () => accept(token, { ...ownPage, 'idempotency-key': 'join-once' }, { sign_in: true });
    const [first, second] = [await join(), await join()];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(begun(first)).toBeDefined();
    expect(begun(second)).toBeUndefined();
    expect(await sessionsOf(email)).toHaveLength(1);
  });

  test('beside an acceptance that signs in: the repetition claims no sign-in, since it gives none', async () => {
    const email = address('lena');
    const token = await world.invite(email);
    const join = () => accept(token, { ...ownPage, 'idempotency-key': 'join-truly' }, { sign_in: true });
    const [first, second] = [await join(), await join()];
    expect(first.body.signed_in).toBe(true);
    expect(second.body).toEqual({ ...first.body, signed_in: false });
  });
});

describe('at the same time', () => {
  test('of 30 acceptances that want to sign in exactly one is signed in', async () => {
    for (const email of times(3, () => address('lena'))) {
      const token = await world.invite(email);
      const answers = await atOnce(times(30, () => () => accept(token, ownPage, { sign_in: true })));
      expect(answers.map(({ status }) => status)).toEqual(times(30, () => 200));
      expect(answers.filter((answer) => begun(answer) !== undefined)).toHaveLength(1);
      expect(answers.filter(({ body }) => body.signed_in)).toHaveLength(1);
      expect(await sessionsOf(email)).toHaveLength(1);
    }
  });

  const mailedLink = async (email: string): Promise<string> => {
    const { services } = world.server;
    services.signIn.mailsLinks = true;
    await world.anonymous.post('/sign-in/request', { email });
    const [row] = await world.database.sql<{ id: string }>(
      `select id from sign_in_link where email = $1 and purpose = 'mailed' order by created_at desc limit 1`,
      [email],
    );
    const url = services.signIn.url(row?.id ?? '');
    return url.slice(url.indexOf('#') + 1);
  };
  const operatorLink = async (email: string): Promise<string> => {
    const url = await makeOperatorLink(world.server.services, email);
    return url.slice(url.indexOf('#') + 1);
  };

  test.each([
    ['the operator’s', operatorLink],
    ['a mailed', mailedLink],
  ])('signing in by %s link against a revocation: whoever is removed has no session left', async (_, linkFor) => {
    for (const round of times(25, (index) => index)) {
      const { email } = await signedIn('noor', ['contacts:view']);
      const token = await linkFor(email);
      const signIn = () => world.anonymous.post('/sign-in', { token }, ownPage);
      const [gone, ...answers] = await jostling(round, [() => revoke(email), ...times(4, () => signIn)]);
      expect(gone?.status).toBe(200);
      for (const { status } of answers) expect([200, 403, 404]).toContain(status);
      expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
      expect(await sessionsOf(email), `round ${round}`).toEqual([]);
      for (const cookie of answers.map(begun))
        if (cookie) expect((await inPage(cookie).get('/session')).status).toBe(401);
    }
  });

  test('a session that is ended before its turn writes nothing', async () => {
    const mei = await signedIn('mei', administration);
    const { client: telephone } = await world.signIn(mei.email);
    const email = address('never');
    await holder.query('begin');
    await holder.query('select id from organization where id = $1 for no key update', [world.organizationId]);
    const written = revoke(email, mei.page);
    const changed = mei.page.post('/organization/api-keys', { name: 'never', ...holding(['contacts:view']) });
    await waiting(2);
    const { sessions } = (await telephone.get('/sessions')).body;
    for (const { id } of sessions.filter(({ current }: { current: boolean }) => !current))
      expect((await telephone.delete(`/sessions/${id}`)).status).toBe(200);
    await holder.query('rollback');
    for (const answer of await Promise.all([written, changed])) expect(answer.status).toBe(403);
    expect(await world.database.sql(`select id from api_key where name = 'never'`)).toEqual([]);
  });

  test('ending a session waits for what it is writing, so that nothing is written afterwards', async () => {
    const mei = await signedIn('mei', administration);
    const { client: telephone } = await world.signIn(mei.email);
    const noor = await world.join(address('noor'), { permissions: ['contacts:view'] });
    const [{ id } = { id: '' }] = (await telephone.get('/sessions')).body.sessions.filter(
      ({ current }: { current: boolean }) => !current,
    );
    await holder.query('begin');
    await holder.query('select id from member where id = $1 for update', [noor.id]);
    let answered = 0;
    const count = (answer: Answer): Answer => {
      answered += 1;
      return answer;
    };
    const written = revoke(noor.email, mei.page).then(count);
    await waiting(1);
    const ended = telephone.delete(`/sessions/${id}`).then(count);
    await waiting(2);
    expect(answered).toBe(0);
    await holder.query('rollback');
    expect((await Promise.all([written, ended])).map(({ status }) => status)).toEqual([200, 200]);
    expect((await mei.page.get('/session')).status).toBe(401);
  });

  test('a copied link that is accepted in a session which ends before its turn joins, and binds nobody', async () => {
    const founded = await world.partner.post('/corporate/subAccount', { companyName: 'Other', email: address('o') });
    const second: string = founded.body.id;
    const { email } = await world.join(address('noor'), { permissions: ['contacts:view'] });
    const { cookie } = await world.signIn(email);
    const { client: telephone } = await world.signIn(email);
    const inviting = world.partnerIn(second);
    await invite(inviting, email);
    const { link } = (await inviting.post(`/organization/user/invitation/link/${email}`)).body;
    const token = link.slice(link.indexOf('#') + 1);

    await holder.query('begin');
    await holder.query('select id from organization where id = $1 for no key update', [second]);
    const accepted = accept(token, { ...ownPage, cookie }, { sign_in: true });
    await waiting(1);
    const { sessions } = (await telephone.get('/sessions')).body;
    for (const { id } of sessions.filter(({ current }: { current: boolean }) => !current))
      expect((await telephone.delete(`/sessions/${id}`)).status).toBe(200);
    await holder.query('rollback');
    const answer = await accepted;
    expect([answer.status, answer.body.signed_in, begun(answer)]).toEqual([200, false, undefined]);
    const [member] = await world.database.sql(
      'select status, identity_id from member where organization_id = $1 and email = $2',
      [second, email],
    );
    expect(member).toEqual({ status: 'active', identity_id: null });
  });

  /** Until so many of the server's connections wait for a lock. */
  const waiting = (count: number): Promise<void> =>
    eventually(async () => {
      const [row] = await world.database.sql<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return (row?.count ?? 0) >= count;
    }, 20_000);

  test('many sessions of one person, ended by each other, leave no fault', async () => {
    const { email } = await world.join(address('busy'), { permissions: administration });
    const pages: SignedInPerson[] = [];
    for (const _ of times(6, () => 0)) pages.push(await world.signIn(email));
    const ids: string[] = (await pages[0]?.client.get('/sessions'))?.body.sessions.map(({ id }: { id: string }) => id);
    const answers = await atOnce(
      pages.flatMap(({ client: page }, index) => [
        () => invite(page, address('guest')),
        () => page.delete(`/sessions/${ids[index]}`),
        () => page.delete('/session'),
        () => page.get('/organization/me'),
      ]),
    );
    for (const { status } of answers) expect([200, 401, 403, 404]).toContain(status);
    expect(await sessionsOf(email)).toEqual([]);
  });

  test('none of it was a fault', async () => {
    await holder.query('rollback');
    expect(world.logged()).not.toContain('"level":50');
  });
});

describe('a session’s limits and traces', () => {
  test('each session has a rate of its own, and so has a key', async () => {
    const slow = await startWorld({ RATE_LIMIT: '3' });
    try {
      const mei = await slow.join('mei@example.com', { permissions: ['user_management:all', 'access:check'] });
      const [one, other] = [await slow.signIn(mei.email), await slow.signIn(mei.email)];
      const question = {
        subject: { type: 'user', id: mei.email },
        action: { name: 'view' },
        resource: { type: 'feature', id: 'contacts' },
      };
      for (const ask of [
        ({ client: page }: { client: Client }) => page.get('/session'),
        ({ client: page }: { client: Client }) => page.get('/organization/me'),
        ({ client: page }: { client: Client }) => page.post('/../access/v1/evaluation', question),
      ]) {
        const many = await atOnce(times(12, () => () => ask(one)));
        expect(many.filter(({ status }) => status === 429).length).toBeGreaterThan(5);
        expect((await ask(other)).status).toBe(200);
        expect((await mei.client.get('/organization/me')).status).toBe(200);
      }
    } finally {
      await slow.stop();
    }
  });

  test('all that somebody does stands in the log as theirs: the member, by address, and never the session', async () => {
    const mei = await signedIn('mei', administration);
    const id: string = (await mei.page.get('/session')).body.id;
    const email = address('lena');
    await invite(mei.page, email);
    await mei.page.put(`/organization/user/invitation/cancel/${email}`);
    await invite(mei.page, address('more'), ['phone:all']);
    await mei.page.put('/organization', { name: 'Mine' });
    const { logs } = (await world.owner.get('/organization/activities?limit=100')).body;
    const theirs = logs.filter(({ actor }: { actor: { id: string } }) => actor.id === mei.id);
    expect(theirs.map(({ action, outcome }: { action: string; outcome: string }) => `${action} ${outcome}`)).toEqual([
      'organization.updated refused',
      'member.invited refused',
      'invitation.cancelled done',
      'member.invited done',
      'member.signed_in done',
    ]);
    for (const { actor } of theirs) expect(actor).toEqual({ kind: 'member', id: mei.id, name: mei.email });
    expect(JSON.stringify(logs)).not.toContain(id);
  });

  test('when it was last used is noted', async () => {
    const own = await startWorld();
    try {
      await own.join('mei@example.com', { permissions: ['contacts:view'] });
      const { client: page } = await own.signIn('mei@example.com');
      await own.database.sql(`update session set last_used_at = now() - interval '1 hour'`);
      await page.get('/organization/me');
      await own.server.stop();
      const [row] = await own.database.sql<{ recent: boolean }>(
        `select last_used_at > now() - interval '1 minute' as recent from session`,
      );
      expect(row).toEqual({ recent: true });
    } finally {
      await own.stop();
    }
  });
});

test('nothing that people did in sessions at once was a fault or a deadlock', () => expectNoFaults(world));

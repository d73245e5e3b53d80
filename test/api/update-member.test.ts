import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, Client } from '../client.ts';
import { type Grants, type Person, startWorld, type World } from '../world.ts';

let world: World;
/** May manage members, view and export contacts. */
let tomas: Person;
beforeAll(async () => {
  world = await startWorld();
  tomas = await world.join('tomas@example.com', {
    permissions: ['user_management:all', 'contacts:view', 'contacts:export'],
  });
});
afterAll(() => world?.stop());

const update = (email: string, body: object, by: Client = world.owner, headers = {}): Promise<Answer> =>
  by.put(`/organization/user/${encodeURIComponent(email)}`, body, headers);
const read = (email: string): Promise<Answer> => world.owner.get(`/organization/user/${email}/permissions`);
const tagOf = async (email: string): Promise<string> => (await read(email)).headers.get('etag') ?? '';
const listed = async (email: string) =>
  (await world.owner.get('/organization/invited/users')).body.users.find(
    (user: { email: string }) => user.email === email,
  );
const eventsAbout = async (email: string, action = 'member.updated') =>
  (await world.owner.get(`/organization/activities?limit=100&email=${email}&action=${action}`)).body.logs;
const give = (email: string) => world.owner.post('/organization/ownership/give', { email });
const accept = async (email: string) =>
  world.anonymous.post('/organization/user/invitation/accept', { token: await world.token(email) });
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();
const letTimePass = (email: string) =>
  world.database.sql(`update member set access_expires_at = date_trunc('second', now()) where email = $1`, [email]);

let count = 0;
const somebody = (grants: Grants = { permissions: ['contacts:view'] }): Promise<Person> =>
  world.join(`member-${++count}@example.com`, grants);
const nextId = (): string => `u-${++count}`;

const taken = {
  status: 400,
  body: { code: 'duplicate_parameter', details: [{ path: 'external_id', reason: 'external_id_taken' }] },
};
const ceiling = { status: 403, body: { code: 'permission_denied', details: [{ reason: 'grant_ceiling' }] } };
const ownerProtected = {
  status: 403,
  body: { code: 'permission_denied', details: [{ path: 'email', reason: 'owner_protected' }] },
};

describe('the product’s own id for a member', () => {
  test('is given, shown in the list and to the member, and taken away', async () => {
    const mei = await somebody();
    const answer = await update(mei.email.toUpperCase(), { external_id: 'Crm/42 é' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'OK',
        id: mei.id,
        email: mei.email,
        external_id: 'Crm/42 é',
        suspended: false,
        access_expires_at: null,
        version: 2,
      },
    });
    expect(await listed(mei.email)).toMatchObject({ external_id: 'Crm/42 é', suspended: false });
    expect((await mei.client.get('/organization/me')).body.member).toEqual({
      id: mei.id,
      email: mei.email,
      is_owner: false,
      external_id: 'Crm/42 é',
      suspended: false,
      access_expires_at: null,
    });
    expect((await update(mei.email, { external_id: null })).body.external_id).toBeNull();
    expect(await listed(mei.email)).toMatchObject({ external_id: null });
  });

  test('is held by one member of an organization at a time, exactly as written', async () => {
    const [mei, ravi] = [await somebody(), await somebody()];
    const id = nextId();
    expect((await update(mei.email, { external_id: id })).status).toBe(200);
    expect(await update(ravi.email, { external_id: id, suspended: true })).toMatchObject(taken);
    expect(await listed(ravi.email), 'nothing of it happened').toMatchObject({ external_id: null, suspended: false });
    expect(await eventsAbout(ravi.email)).toEqual([]);
    for (const other of [id.toUpperCase(), ` ${id}`, `${id} `])
      expect((await update(ravi.email, { external_id: other })).status, other).toBe(200);
    await world.owner.put(`/organization/user/invitation/revoke/${mei.email}`);
    expect((await update(ravi.email, { external_id: id })).status, 'free again').toBe(200);
  });

  test('may be the member’s own id or any UUID, but not another member’s id', async () => {
    const [mei, ravi] = [await somebody(), await somebody()];
    expect(await update(ravi.email, { external_id: mei.id })).toMatchObject(taken);
    const invited = { email: 'late@example.com', all_features_access: true, external_id: mei.id };
    expect(await world.owner.post('/organization/user/invitation/send', invited)).toMatchObject(taken);
    expect((await update(ravi.email, { external_id: ravi.id })).status).toBe(200);
    expect((await update(mei.email, { external_id: randomUUID() })).status).toBe(200);
  });

  test('may be the same in another organization', async () => {
    const { id } = (
      await world.partner.post('/corporate/subAccount', { companyName: 'Olga Ltd', email: 'olga@example.org' })
    ).body;
    const mei = await somebody();
    const mia = await world.join('mia@example.org', {}, id);
    const same = nextId();
    expect((await update(mei.email, { external_id: same })).status).toBe(200);
    expect((await update(mia.email, { external_id: same }, world.partnerIn(id))).status).toBe(200);
  });

  test('is never an address, empty, too long, or with control characters', async () => {
    const mei = await somebody();
    for (const [value, code, reason] of [
      ['mei@example.com', 'invalid_parameter', 'looks_like_an_address'],
      ['@', 'invalid_parameter', 'looks_like_an_address'],
      ['', 'out_of_range', 'out_of_range'],
      ['x'.repeat(201), 'out_of_range', 'out_of_range'],
      ['   ', 'invalid_parameter', 'invalid_format'],
      ['a\nb', 'invalid_parameter', 'invalid_format'],
      ['a\u0085b', 'invalid_parameter', 'invalid_format'],
      [42, 'invalid_parameter', 'wrong_type'],
    ] as const) {
      const refused = { status: 400, body: { code, details: [{ path: 'external_id', reason }] } };
      expect(await update(mei.email, { external_id: value }), String(value)).toMatchObject(refused);
      expect(await invite('somebody-new@example.com', { external_id: value }), `inviting with ${value}`).toMatchObject(
        refused,
      );
    }
    expect((await update(mei.email, { external_id: 'x'.repeat(200) })).status).toBe(200);
  });

  test('of an owner is set only by whoever covers an owner', async () => {
    const olga = await somebody({ owner: true });
    const all = await somebody({ all: true });
    const id = nextId();
    for (const by of [all.client, tomas.client, world.partnerIn(world.organizationId)])
      expect(await update(olga.email, { external_id: id }, by)).toMatchObject(ceiling);
    expect(await update(olga.email, { external_id: id })).toMatchObject({ status: 200, body: { external_id: id } });
  });
});

describe('a suspended member', () => {
  test('keeps their grants and holds nothing from the next request on, until it is lifted', async () => {
    const mei = await somebody({ permissions: ['user_management:all'] });
    expect((await mei.client.get('/organization/invited/users')).status).toBe(200);
    expect((await update(mei.email, { suspended: true })).body.suspended).toBe(true);
    for (const path of ['/organization/me', '/organization/invited/users', '/account'])
      expect((await mei.client.get(path)).status, path).toBe(403);
    expect(await listed(mei.email)).toMatchObject({ status: 'active', suspended: true });
    expect((await read(mei.email)).body.privileges).toEqual([{ feature: 'user_management', permissions: ['all'] }]);
    expect((await update(mei.email, { suspended: false })).body.suspended).toBe(false);
    expect((await mei.client.get('/organization/invited/users')).status).toBe(200);
  });

  test('who suspends themselves cannot lift it', async () => {
    const mei = await somebody({ permissions: ['user_management:all'] });
    expect((await update(mei.email, { suspended: true }, mei.client)).status).toBe(200);
    expect((await update(mei.email, { suspended: false }, mei.client)).status).toBe(403);
  });

  test('stays suspended since the moment it began, whatever else is changed', async () => {
    const mei = await somebody();
    const since = async () =>
      (await world.database.sql('select suspended_at from member where id = $1', [mei.id]))[0]?.suspended_at;
    await update(mei.email, { suspended: true });
    const began = await since();
    await update(mei.email, { suspended: true, external_id: nextId() });
    expect(await since()).toEqual(began);
  });
});

describe('access that ends', () => {
  test('ends by itself, and is given back without an end', async () => {
    const mei = await somebody({ permissions: ['user_management:all'] });
    const end = inAnHour();
    expect((await update(mei.email, { access_expires_at: end })).body.access_expires_at).toBe(end);
    expect(await listed(mei.email)).toMatchObject({ access_expires_at: end, suspended: false });
    expect((await mei.client.get('/organization/me')).body.member.access_expires_at).toBe(end);
    await letTimePass(mei.email);
    expect((await mei.client.get('/organization/invited/users')).status).toBe(403);
    expect((await update(mei.email, { access_expires_at: null })).body.access_expires_at).toBeNull();
    expect((await mei.client.get('/organization/invited/users')).status).toBe(200);
  });

  test('ends in the future, by the database’s clock, at a moment with its zone', async () => {
    const mei = await somebody();
    for (const past of ['2020-01-01T00:00:00Z', new Date(Date.now() - 1000).toISOString()])
      expect(await update(mei.email, { access_expires_at: past })).toMatchObject({
        status: 400,
        body: { code: 'out_of_range', details: [{ path: 'access_expires_at', reason: 'not_in_the_future' }] },
      });
    for (const wrong of ['2999-01-01', 'tomorrow', '2999-02-30T00:00:00Z', '2998-12-31T23:59:60Z', '', 7, true])
      expect(await update(mei.email, { access_expires_at: wrong }), String(wrong)).toMatchObject({
        status: 400,
        body: { code: 'invalid_parameter', details: [{ path: 'access_expires_at' }] },
      });
    expect((await update(mei.email, { access_expires_at: '2999-01-01T02:00:00+02:00' })).body.access_expires_at).toBe(
      '2999-01-01T00:00:00.000Z',
    );
  });

  test('is not lengthened by the member themselves, only shortened', async () => {
    const mei = await somebody({ permissions: ['user_management:all'] });
    await update(mei.email, { access_expires_at: inAnHour() });
    for (const later of [null, '2999-01-01T00:00:00Z'])
      expect(await update(mei.email, { access_expires_at: later }, mei.client)).toMatchObject({
        status: 403,
        body: { code: 'permission_denied', details: [{ path: 'access_expires_at', reason: 'own_limit' }] },
      });
    const sooner = new Date(Date.now() + 60_000).toISOString();
    expect((await update(mei.email, { access_expires_at: sooner }, mei.client)).status).toBe(200);
    expect((await update(mei.email, { access_expires_at: null }, tomas.client)).status, 'others may').toBe(200);
  });
});

describe('a change of a member', () => {
  test('leaves alone what it does not name, and names something', async () => {
    const mei = await somebody();
    const [id, end] = [nextId(), inAnHour()];
    await update(mei.email, { external_id: id, suspended: true, access_expires_at: end });
    await update(mei.email, { suspended: false });
    expect(await listed(mei.email)).toMatchObject({ external_id: id, suspended: false, access_expires_at: end });
    await update(mei.email, { access_expires_at: null });
    expect(await listed(mei.email)).toMatchObject({ external_id: id, suspended: false, access_expires_at: null });
    expect(await update(mei.email, {})).toMatchObject({ status: 400, body: { code: 'missing_parameter' } });
    expect(await world.owner.put(`/organization/user/${mei.email}`)).toMatchObject({
      status: 400,
      body: { code: 'missing_parameter' },
    });
    expect(await update('nobody@example.com', { suspended: true })).toMatchObject({
      status: 404,
      body: { code: 'document_not_found', details: [{ path: 'email', reason: 'unknown_member' }] },
    });
  });

  test('raises the version, and If-Match refuses it where the member has changed since', async () => {
    const mei = await somebody();
    const tag = await tagOf(mei.email);
    const answer = await update(mei.email, { suspended: true }, world.owner, { 'if-match': tag });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).not.toBe(tag);
    expect(answer.headers.get('etag')).toBe(await tagOf(mei.email));
    expect(answer.headers.get('latchkey-revision')).toMatch(/^\d+$/);
    expect(await update(mei.email, { suspended: false }, world.owner, { 'if-match': tag })).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed', details: [{ path: 'if-match', reason: 'changed_meanwhile' }] },
    });
    expect(await listed(mei.email)).toMatchObject({ suspended: true });
  });

  test('asked for again is answered alike, without an event or a new version, even when its time has passed', async () => {
    const mei = await somebody();
    const body = { external_id: nextId(), suspended: true, access_expires_at: inAnHour() };
    const first = await update(mei.email, body);
    const again = await update(mei.email, body);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    await letTimePass(mei.email);
    const { access_expires_at } = await listed(mei.email);
    expect((await update(mei.email, { ...body, access_expires_at })).status).toBe(200);
    expect(await tagOf(mei.email)).toBe(first.headers.get('etag'));
    expect(await eventsAbout(mei.email)).toHaveLength(1);
  });

  test('is one audit event that says what changed, but not the product’s id', async () => {
    const mei = await somebody();
    const [id, end] = [nextId(), inAnHour()];
    await update(mei.email, { external_id: `${id}-secret`, suspended: false, access_expires_at: end });
    const events = await eventsAbout(mei.email);
    expect(events).toMatchObject([{ action: 'member.updated', outcome: 'done', target: { id: mei.id } }]);
    expect(events[0].details).toEqual({
      changed: ['external_id', 'access_expires_at'],
      before: { suspended: false, access_expires_at: null },
      after: { suspended: false, access_expires_at: end },
    });
    expect(JSON.stringify(events)).not.toContain(id);
  });

  test('is refused to whoever does not hold all that the member holds, and about owners whatever it takes away', async () => {
    const stronger = await somebody({ permissions: ['phone:all'] });
    const olga = await somebody({ owner: true });
    for (const change of [
      { suspended: true },
      { suspended: false },
      { access_expires_at: inAnHour() },
      { access_expires_at: null },
    ]) {
      expect(await update(stronger.email, change, tomas.client)).toMatchObject(ceiling);
      for (const by of [world.owner, olga.client, world.partnerIn(world.organizationId)])
        expect(await update(olga.email, { external_id: 'o-1', ...change }, by)).toMatchObject(ownerProtected);
    }
    expect(await update(stronger.email, { external_id: nextId() }, tomas.client)).toMatchObject(ceiling);
    expect((await update((await somebody()).email, { suspended: true }, tomas.client)).status).toBe(200);
  });

  test('may be about somebody pending: it counts from joining on', async () => {
    await world.invite('pia@example.com', { permissions: ['user_management:all'] });
    const answer = await update('pia@example.com', { suspended: true, external_id: 'pia' });
    expect(answer).toMatchObject({ status: 200, body: { external_id: 'pia', suspended: true } });
    expect(answer.headers.get('latchkey-revision'), 'a pending member may do nothing yet').toBeNull();
    expect((await accept('pia@example.com')).status).toBe(200);
    expect(await listed('pia@example.com')).toMatchObject({ status: 'active', external_id: 'pia', suspended: true });
  });
});

describe('ownership', () => {
  test('is not given to who is suspended, nor to whose access ends', async () => {
    const mei = await somebody();
    await update(mei.email, { suspended: true });
    expect(await give(mei.email)).toMatchObject({
      status: 400,
      body: { code: 'invalid_parameter', details: [{ path: 'email', reason: 'not_active' }] },
    });
    await update(mei.email, { suspended: false, access_expires_at: inAnHour() });
    expect(await give(mei.email)).toMatchObject({
      status: 400,
      body: { code: 'invalid_parameter', details: [{ path: 'email', reason: 'time_limited' }] },
    });
    await update(mei.email, { access_expires_at: null });
    expect((await give(mei.email)).status).toBe(200);
  });

  test('is the partner’s in trust while no owner can act', async () => {
    const { id } = (
      await world.partner.post('/corporate/subAccount', { companyName: 'Noa Ltd', email: 'noa@example.org' })
    ).body;
    const uma = await world.join('uma@example.org', { owner: true }, id);
    const kim = await world.join('kim@example.org', {}, id);
    const trusted = async () =>
      (await world.partnerIn(id).post('/organization/ownership/give', { email: kim.email })).status;
    expect(await trusted(), 'an owner is there').toBe(403);
    for (const barring of [
      'suspended_at = now()',
      `suspended_at = null, access_expires_at = now() - interval '1 second'`,
    ]) {
      await world.database.sql(`update member set ${barring} where id = $1`, [uma.id]);
      expect(await trusted(), barring).toBe(200);
      await world.database.sql('update member set is_owner = false where id = $1', [kim.id]);
    }
    await world.database.sql(`update member set access_expires_at = now() + interval '1 hour' where id = $1`, [uma.id]);
    expect(await trusted(), 'whose time has not run out can act').toBe(403);
  });
});

const invite = (email: string, more: object = {}, headers = {}): Promise<Answer> =>
  world.owner.post(
    '/organization/user/invitation/send',
    { email, all_features_access: false, privileges: [{ feature: 'contacts', permissions: ['view'] }], ...more },
    headers,
  );

describe('an invitation that names the product’s id', () => {
  test('makes a member with it, and is the same offer only with the same id, or none', async () => {
    const id = nextId();
    const first = await invite('lin@example.com', { external_id: id });
    expect(first.status).toBe(200);
    expect(await listed('lin@example.com')).toMatchObject({ status: 'pending', external_id: id });
    for (const again of [{ external_id: id }, {}])
      expect(await invite('lin@example.com', again)).toMatchObject({ status: 200, body: { id: first.body.id } });
    expect(await invite('lin@example.com', { external_id: `${id}-other` })).toMatchObject({
      status: 400,
      body: { code: 'duplicate_parameter', details: [{ path: 'email', reason: 'already_invited' }] },
    });
    expect((await world.owner.get('/organization/deliveries?email=lin@example.com')).body.deliveries).toHaveLength(1);
  });

  test.each([{}, { 'idempotency-key': 'taken-or-not' }])(
    'is refused where another member has it, and nothing is written or sent %j',
    async (headers) => {
      const holder = await somebody();
      const id = nextId();
      const email = `wants-${id}@example.com`;
      await update(holder.email, { external_id: id });
      expect(await invite(email, { external_id: id }, headers)).toMatchObject(taken);
      expect(await listed(email)).toBeUndefined();
      expect((await world.owner.get(`/organization/deliveries?email=${email}`)).body.deliveries).toEqual([]);
      await update(holder.email, { external_id: null });
      expect((await invite(email, { external_id: id }, headers)).status, 'free again').toBe(200);
    },
  );

  test('gives it to whoever declined before, or keeps what they have where it names none', async () => {
    const [first, second, third] = [nextId(), nextId(), nextId()];
    const decline = async () =>
      world.anonymous.post('/organization/user/invitation/decline', { token: await world.token('dec@example.com') });
    await invite('dec@example.com', { external_id: first });
    await decline();
    expect((await invite('dec@example.com')).status).toBe(200);
    expect(await listed('dec@example.com')).toMatchObject({ status: 'pending', external_id: first });
    await decline();
    expect((await invite('dec@example.com', { external_id: second })).status).toBe(200);
    expect(await listed('dec@example.com')).toMatchObject({ status: 'pending', external_id: second });
    await decline();
    await update((await somebody()).email, { external_id: third });
    expect(await invite('dec@example.com', { external_id: third })).toMatchObject(taken);
    expect(await listed('dec@example.com')).toMatchObject({ status: 'declined', external_id: second });
  });
});

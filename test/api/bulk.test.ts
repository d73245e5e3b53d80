import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../server/src/store/database.ts';
import { updateGrants } from '../../server/src/store/members.ts';
import { lockOrganization } from '../../server/src/store/organizations.ts';
import { allRows, rowsOf } from '../access/rows-of.ts';
import { type Insider, type Stage, setStage } from '../access/stage.ts';
import type { Answer, Client } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { plannedCatalogue } from './planned-catalogue.ts';

let world: World;
let stage: Stage;
beforeAll(async () => {
  world = await startWorld({ MAIL_RATE_RECIPIENT: '3' }, plannedCatalogue);
});
afterAll(() => world?.stop());
beforeEach(async () => {
  stage = await setStage(world);
});

interface Row {
  email: string;
  outcome: string;
  id?: string;
  gains?: string[];
  loses?: string[];
  error?: { code: string; message: string; details?: { path: string; reason: string }[] };
}

const contacts = { all_features_access: false, privileges: [{ feature: 'contacts', permissions: ['view'] }] };

const invite = (emails: string[], more: object = {}, by: Client = stage.ada.client, headers = {}): Promise<Answer> =>
  by.post('/organization/user/invitation/send/bulk', { emails, ...contacts, ...more }, headers);
const change = (action: string, emails: string[], more: object = {}, by = stage.ada.client, headers = {}) =>
  by.post('/organization/users/bulk', { action, emails, ...more }, headers);
const update = (emails: string[], privileges: object[], more: object = {}, by = stage.ada.client) =>
  change('update', emails, { all_features_access: false, privileges, ...more }, by);

/** Each row in short: its outcome, and the reason of a refusal. */
const outcomes = ({ body }: Answer): string[] =>
  body.results.map(({ outcome, error }: Row) => (error ? (error.details?.[0]?.reason ?? error.code) : outcome));
const statusOf = async (email: string): Promise<string | number> => {
  const { status, body } = await stage.ada.client.get(`/organization/user/${email}/permissions`);
  return status === 200 ? body.status : status;
};
const mailsTo = async (email: string): Promise<number> =>
  (await stage.ada.client.get(`/organization/deliveries?email=${email}`)).body.deliveries.length;
const log = async (): Promise<{ action: string; outcome: string; user_email: string | null }[]> =>
  (await stage.ada.client.get('/organization/activities?limit=100')).body.logs;
const emails = (...names: string[]): string[] => names.map(stage.email);

describe('inviting many', () => {
  test('makes of each row what inviting that person alone makes', async () => {
    const [mei = '', tomas = ''] = emails('mei', 'tomas');
    const answer = await invite([mei], { locale: 'fr' });
    expect(answer.body).toEqual({
      dry_run: false,
      invited: 1,
      unchanged: 0,
      refused: 0,
      results: [{ email: mei, outcome: 'invited', id: expect.any(String) }],
    });
    await stage.ada.client.post('/organization/user/invitation/send', { email: tomas, locale: 'fr', ...contacts });
    const { users } = (await stage.ada.client.get('/organization/invited/users?status=pending&include=delivery')).body;
    const [one, other] = users;
    expect({ ...one, id: 0, email: 0, delivery: 0 }).toEqual({ ...other, id: 0, email: 0, delivery: 0 });
    expect([one.id, one.email, one.delivery.state]).toEqual([answer.body.results[0].id, mei, 'queued']);
    const [single, bulk] = await log();
    expect({ ...bulk, ...unlike }).toEqual({ ...single, ...unlike });
    expect(
      (await world.anonymous.post('/organization/user/invitation/accept', { token: await tokenOf(mei) })).status,
    ).toBe(200);
  });

  test('T30 answers every row in the order it was sent, refuses those that cannot be, and invites all others', async () => {
    const pending = await stage.pending('pia');
    await stage.pending('other', { permissions: ['contacts:export'] });
    const gone = await stage.pending('dec');
    await world.anonymous.post('/organization/user/invitation/decline', { token: gone.token });
    const [zoe = '', ada = '', other = '', mei = ''] = emails('zoe', 'ada', 'other', 'mei');
    const sent = [zoe, ada, 'nobody', pending.email, other, ` ${mei.toUpperCase()}`, mei, gone.email];
    const answer = await invite(sent);
    expect(answer.status).toBe(200);
    expect(answer.body.results.map(({ email }: Row) => email)).toEqual(sent);
    expect(outcomes(answer)).toEqual([
      'invited',
      'already_member',
      'invalid_email',
      'unchanged',
      'already_invited',
      'invited',
      'repeated',
      'invited',
    ]);
    expect(answer.body).toMatchObject({ invited: 3, unchanged: 1, refused: 4 });
    expect(answer.body.results[6].error).toMatchObject({
      code: 'duplicate_parameter',
      message: expect.stringContaining(mei.toUpperCase()),
    });
    expect(await Promise.all([zoe, mei, gone.email].map(statusOf))).toEqual(['pending', 'pending', 'pending']);
    expect(await mailsTo(pending.email)).toBe(1);
  });

  test('a row’s error is the one that inviting that person alone answers', async () => {
    const [other = '', ada = ''] = emails('other', 'ada');
    await stage.pending('other', { permissions: ['contacts:export'] });
    for (const email of [other, ada, 'nobody@', 'a@b', '']) {
      const alone = await stage.ada.client.post('/organization/user/invitation/send', { email, ...contacts });
      expect(alone.status).toBe(400);
      expect((await invite([email])).body.results).toEqual([{ email, outcome: 'refused', error: alone.body }]);
    }
  });

  test('repeated, it changes nothing and sends nothing', async () => {
    const people = emails('mei', 'tomas');
    const first = await invite(people);
    const before = await rowsOf(world.database, stage.organizationId);
    const second = await invite(people);
    expect(outcomes(second)).toEqual(['unchanged', 'unchanged']);
    expect(ids(second)).toEqual(ids(first));
    expect(await rowsOf(world.database, stage.organizationId)).toEqual(before);
  });

  test('what is wrong with all of them fails the request before any', async () => {
    const people = emails('mei', 'tomas');
    const weak = await stage.member('weak', { permissions: ['user_management:all'] });
    const before = await rowsOf(world.database, stage.organizationId);
    const wrong: [object, number, string][] = [
      [{ privileges: [{ feature: 'contact', permissions: ['view'] }] }, 400, 'unknown_feature'],
      [{ privileges: [] }, 400, 'missing'],
      [{ privileges: [{ feature: 'contacts', permissions: ['none'] }] }, 400, 'missing'],
      [{ emails: [] }, 400, 'out_of_range'],
      [{ emails: Array.from({ length: 101 }, (_, n) => stage.email(`p${n}`)) }, 400, 'out_of_range'],
      [{ email: people[0] }, 400, 'unknown_parameter'],
    ];
    for (const [more, status, reason] of wrong)
      expect(await invite(people, more), JSON.stringify(more)).toMatchObject({
        status,
        body: { details: [{ reason }] },
      });
    expect(await rowsOf(world.database, stage.organizationId)).toEqual(before);
    expect(await invite(people, {}, weak.client)).toMatchObject({
      status: 403,
      body: { details: [{ path: 'privileges', reason: 'grant_ceiling' }] },
    });
    expect((await log())[0]).toMatchObject({ action: 'member.invited', outcome: 'refused' });
    expect(await Promise.all(people.map(statusOf))).toEqual([404, 404]);
  });

  test('somebody beyond the caller is refused in the middle, and the attempt is recorded once', async () => {
    const weak = await stage.member('weak', { permissions: ['user_management:all', 'contacts:view'] });
    for (const name of ['great', 'greater']) {
      const { token } = await stage.pending(name, { all: true });
      await world.anonymous.post('/organization/user/invitation/decline', { token });
    }
    const answer = await invite(emails('a', 'great', 'm', 'greater', 'z'), {}, weak.client);
    expect(outcomes(answer)).toEqual(['invited', 'grant_ceiling', 'invited', 'grant_ceiling', 'invited']);
    const refused = (await log()).filter(({ outcome }) => outcome === 'refused');
    expect(refused).toMatchObject([{ action: 'member.invited', actor: { id: weak.keyId } }]);
  });

  test('an address that has had its mail for the hour is refused, and the others are not', async () => {
    const full = 'busy@example.net';
    for (let time = 0; time < 3; time++)
      await (await setStage(world)).ada.client.post('/organization/user/invitation/send', { email: full, ...contacts });
    expect(outcomes(await invite([stage.email('a'), full, stage.email('z')]))).toEqual([
      'invited',
      'mail_rate',
      'invited',
    ]);
  });

  test('a plan without the permission refuses the request', async () => {
    await stage.partner.client.put(`/corporate/subAccount/${stage.organizationId}/plan`, { plan: 'small', seats: 100 });
    const privileges = [{ feature: 'sales_platform', permissions: ['reports'] }];
    expect(await invite(emails('mei'), { privileges })).toMatchObject({
      status: 400,
      body: { details: [{ reason: 'not_in_plan' }] },
    });
    const held = await stage.member('held', { permissions: ['sales_platform:reports'] });
    const mei = await stage.member('mei', {});
    // What somebody holds already may stay, so here it is each row's own matter.
    expect(outcomes(await update([held.email, mei.email], privileges))).toEqual(['unchanged', 'not_in_plan']);
  });

  test('a full plan stands in nobody’s way until they join: a seat is taken then', async () => {
    await stage.partner.client.put(`/corporate/subAccount/${stage.organizationId}/plan`, { plan: 'small' });
    expect(outcomes(await invite(emails('mei', 'tomas')))).toEqual(['invited', 'invited']);
    const token = await tokenOf(stage.email('mei'));
    const answer = await world.anonymous.post('/organization/user/invitation/accept', { token });
    expect(answer.body.details[0].reason).toBe('seat_limit');
  });
});

describe('changing many', () => {
  test('resends, cancels and revokes, each row by the rules for one', async () => {
    const [pia, lin] = [await stage.pending('pia'), await stage.pending('lin')];
    const mei = await stage.member('mei', { permissions: ['contacts:view'] });
    const nobody = stage.email('nobody');
    const sent = [pia.email, mei.email, nobody, stage.ada.email, lin.email];
    expect(outcomes(await change('resend', sent))).toEqual([
      'done',
      'already_joined',
      'unknown_member',
      'owner_protected',
      'done',
    ]);
    expect(outcomes(await change('resend', sent))[0]).toBe('unchanged');
    expect(await mailsTo(pia.email)).toBe(2);
    expect(outcomes(await change('cancel', [pia.email, mei.email]))).toEqual(['done', 'already_joined']);
    expect(outcomes(await change('cancel', [pia.email]))).toEqual(['unchanged']);

    const revoked = await change('revoke', [mei.email, stage.grace.email, lin.email]);
    expect(outcomes(revoked)).toEqual(['done', 'owner_protected', 'done']);
    expect(revoked.body).toMatchObject({ done: 2, unchanged: 0, refused: 1 });
    expect(revoked.headers.get('latchkey-revision')).toBe(String(await revision()));
    expect((await mei.client.get('/organization/me')).status).toBe(403);
    expect(await Promise.all([mei.email, lin.email, stage.grace.email].map(statusOf))).toEqual([404, 404, 'active']);
  });

  test('update merges, and says of each row what it gains and loses', async () => {
    const mei = await stage.member('mei', { permissions: ['contacts:view', 'contacts:export', 'phone:all'] });
    const ravi = await stage.member('ravi', { all: true });
    const same = await stage.member('same', { permissions: ['contacts:view'] });
    const { email: pia } = await stage.pending('pia', { permissions: ['templates:create_edit_delete'] });
    const privileges = [{ feature: 'contacts', permissions: ['view'] }];
    const answer = await update([mei.email, ravi.email, same.email, pia, stage.ada.email], privileges);
    expect(outcomes(answer)).toEqual(['done', 'done', 'unchanged', 'done', 'owner_protected']);
    const [first, second, third, fourth] = answer.body.results as Row[];
    expect(first).toEqual({ email: mei.email, outcome: 'done', gains: [], loses: ['contacts:export'] });
    expect(second?.gains).toEqual([]);
    expect(second?.loses).toEqual(expect.arrayContaining(['all_features_access', 'phone:all']));
    expect(second?.loses).not.toContain('contacts:view');
    expect(third).toMatchObject({ gains: [], loses: [] });
    expect(fourth).toMatchObject({ gains: ['contacts:view'], loses: [] });
    expect(answer.headers.get('latchkey-revision')).toBe(String(await revision()));

    const everything = await change('update', [mei.email], { all_features_access: true });
    expect(everything.body.results[0].gains).toEqual(
      expect.arrayContaining(['all_features_access', 'contacts:export']),
    );
    expect(everything.body.results[0].gains).not.toContain('contacts:view');
  });

  test('update refuses, row by row, whoever holds more than the caller, and at once what the caller cannot give', async () => {
    const weak = await stage.member('weak', { permissions: ['user_management:all', 'contacts:view'] });
    const mei = await stage.member('mei', { permissions: ['contacts:view'] });
    const great = await stage.member('great', { permissions: ['phone:all'] });
    const contactsView = [{ feature: 'contacts', permissions: ['view'] }];
    const noor = await stage.member('noor', {});
    const answer = await update([noor.email, great.email, mei.email], contactsView, {}, weak.client);
    expect(outcomes(answer)).toEqual(['done', 'grant_ceiling', 'unchanged']);
    expect((await log()).filter(({ outcome }) => outcome === 'refused')).toMatchObject([
      { action: 'member.updated', actor: { id: weak.keyId } },
    ]);
    const more = await update([noor.email], [{ feature: 'phone', permissions: ['all'] }], {}, weak.client);
    expect(more).toMatchObject({ status: 403, body: { details: [{ reason: 'grant_ceiling' }] } });
    expect(more.body.results).toBeUndefined();
  });

  test('what belongs to update is refused with other actions, and update needs to know whether it gives everything', async () => {
    const mei = await stage.member('mei', {});
    expect(await change('revoke', [mei.email], { all_features_access: false })).toMatchObject({
      status: 400,
      body: { details: [{ path: 'all_features_access', reason: 'unexpected' }] },
    });
    expect(await change('resend', [mei.email], { privileges: [] })).toMatchObject({
      status: 400,
      body: { details: [{ path: 'privileges', reason: 'unexpected' }] },
    });
    expect(await change('update', [mei.email], { privileges: contacts.privileges })).toMatchObject({
      status: 400,
      body: { code: 'missing_parameter', details: [{ path: 'all_features_access' }] },
    });
    expect((await change('delete', [mei.email])).body.details[0]).toMatchObject({
      path: 'action',
      reason: 'not_one_of',
    });
    expect(await statusOf(mei.email)).toBe('active');
  });

  test('whoever takes away their own access on the way is refused all that comes after', async () => {
    const mei = await stage.member('mei', { permissions: ['user_management:all'] });
    const [a, z] = [await stage.member('a', {}), await stage.member('z', {})];
    const answer = await change('revoke', [z.email, mei.email, a.email], {}, mei.client);
    // In the order of addresses: a, mei, z.
    expect(outcomes(answer)).toEqual(['permission_denied', 'done', 'done']);
    expect(await statusOf(z.email)).toBe('active');
  });
});

describe('a dry run', () => {
  test('answers what the request then answers, and does nothing', async () => {
    const { pia, mei, great, weak } = await cast();
    const mixed = [pia.email, mei.email, great.email, stage.ada.email, stage.email('new'), 'nobody', pia.email];
    const before = await allRows(world.database);
    const actions: ((more: object) => Promise<Answer>)[] = [
      (more) => invite(mixed, more, weak.client),
      (more) => change('resend', mixed, more, weak.client),
      (more) => update(mixed, [{ feature: 'contacts', permissions: ['none'] }], more, weak.client),
      (more) => change('cancel', mixed, more, weak.client),
      (more) => change('revoke', mixed, more, weak.client),
    ];
    for (const act of actions) {
      const { status, body, headers } = await act({ dry_run: true });
      expect(status).toBe(200);
      expect(body.dry_run).toBe(true);
      expect(headers.has('latchkey-revision')).toBe(false);
    }
    expect(await allRows(world.database)).toEqual(before);

    for (const act of actions) {
      const tried = await act({ dry_run: true });
      const done = await act({});
      const promised = done.body.results.map(({ id, ...row }: Row) =>
        row.outcome === 'invited' ? row : { ...row, ...(id && { id }) },
      );
      expect(tried.body).toEqual({ ...done.body, dry_run: true, results: promised });
    }
  });

  test('of everything sends no mail and wakes nobody', async () => {
    const { mei } = await cast();
    const mails = await world.database.sql('select count(*)::int as count from delivery');
    const revisionBefore = await revision();
    await change('revoke', [mei.email], { dry_run: true });
    await invite(emails('a', 'b'), { dry_run: true });
    await wait(100);
    expect(await world.database.sql('select count(*)::int as count from delivery')).toEqual(mails);
    expect(await revision()).toBe(revisionBefore);
    expect((await mei.client.get('/organization/me')).status).toBe(200);
  });

  test('counts the mail of the rows before, as doing it would', async () => {
    const limited = await startWorld({ MAIL_RATE_ORGANIZATION: '2' });
    try {
      const many = { emails: ['a@example.com', 'b@example.com', 'c@example.com'], ...contacts };
      const path = '/organization/user/invitation/send/bulk';
      const tried = await limited.owner.post(path, { ...many, dry_run: true });
      expect(outcomes(tried)).toEqual(['invited', 'invited', 'mail_rate']);
      expect(outcomes(await limited.owner.post(path, many))).toEqual(['invited', 'invited', 'mail_rate']);
    } finally {
      await limited.stop();
    }
  });
});

describe('with an Idempotency-Key', () => {
  test('many are invited once, whatever some rows were refused for, and a repetition gets the same answer', async () => {
    const people = [...emails('mei', 'ada'), 'nobody', ...emails('zoe')];
    const once = { 'idempotency-key': `bulk-${stage.organizationId}` };
    const first = await invite(people, {}, stage.ada.client, once);
    expect(outcomes(first)).toEqual(['invited', 'already_member', 'invalid_email', 'invited']);
    const before = await rowsOf(world.database, stage.organizationId);
    const second = await invite(people, {}, stage.ada.client, once);
    expect(second.body).toEqual(first.body);
    expect(await rowsOf(world.database, stage.organizationId)).toEqual(before);
    expect((await invite(people.slice(1), {}, stage.ada.client, once)).body.code).toBe('duplicate_request');
  });

  test('many are changed once, and the revision comes again', async () => {
    const { pia, mei, great } = await cast();
    const once = { 'idempotency-key': `change-${stage.organizationId}` };
    const sent = [pia.email, mei.email, stage.ada.email, great.email];
    const first = await change('revoke', sent, {}, stage.ada.client, once);
    const second = await change('revoke', sent, {}, stage.ada.client, once);
    expect(outcomes(first)).toEqual(['done', 'done', 'owner_protected', 'done']);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('latchkey-revision')).toBe(first.headers.get('latchkey-revision'));
  });

  test('a dry run is answered once too, and does nothing either', async () => {
    const once = { 'idempotency-key': `dry-${stage.organizationId}` };
    const first = await invite(emails('mei'), { dry_run: true }, stage.ada.client, once);
    expect(outcomes(first)).toEqual(['invited']);
    expect(await statusOf(stage.email('mei'))).toBe(404);
    expect((await invite(emails('mei'), { dry_run: true }, stage.ada.client, once)).body).toEqual(first.body);
  });
});

describe('a fault', () => {
  test('T30 in the middle fails the request, keeps nothing of it, and the request repeated does all', async () => {
    await world.database.sql(`
      create function trip_over() returns trigger language plpgsql as $$ begin
        if new.recipient like 'spoilt@%' then raise exception 'spoilt'; end if;
        return new;
      end $$;
      create trigger trip_over before insert on delivery for each row execute function trip_over()`);
    try {
      const people = emails('a', 'spoilt', 'z');
      const before = await rowsOf(world.database, stage.organizationId);
      for (const headers of [{}, { 'idempotency-key': `fault-${stage.organizationId}` }]) {
        expect(await invite(people, {}, stage.ada.client, headers)).toMatchObject({
          status: 500,
          body: { code: 'internal_error' },
        });
        expect(await rowsOf(world.database, stage.organizationId)).toEqual(before);
      }
      await world.database.sql('drop trigger trip_over on delivery');
      expect(outcomes(await invite(people))).toEqual(['invited', 'invited', 'invited']);
    } finally {
      await world.database.sql('drop function trip_over cascade');
    }
  });
});

describe('at the same time', () => {
  /** Runs `work` while the organization's lock is held, and lets go of it after that. */
  async function whileLocked<T>(work: (transaction: Database) => Promise<T>): Promise<T> {
    return world.server.services.db.transaction(async (transaction) => {
      await lockOrganization(transaction, stage.organizationId);
      return work(transaction);
    });
  }

  test('more of one organization than there are connections leave some to all others', async () => {
    const other = await setStage(world);
    const waiting = await whileLocked(async () => {
      const sent = Array.from({ length: 30 }, (_, n) => [
        invite(emails(`first${n}`)),
        invite(emails(`second${n}`), {}, stage.ada.client, { 'idempotency-key': `turn-${stage.organizationId}-${n}` }),
      ]).flat();
      await wait(300);
      expect((await invite([other.email('x')], {}, other.ada.client)).status).toBe(200);
      expect((await other.ada.client.get('/organization/activities')).status).toBe(200);
      return sent;
    });
    expect((await Promise.all(waiting)).flatMap(outcomes)).toEqual(Array(60).fill('invited'));
  });

  test('T11 what the caller holds is judged again when it is their turn', async () => {
    const mei = await stage.member('mei', { permissions: ['user_management:all', 'contacts:view'] });
    const waiting = await whileLocked(async (transaction) => {
      const sent = invite(emails('new'), {}, mei.client);
      await wait(300);
      const holdings = { owner: false, everything: false, permissions: new Set(['user_management:all'] as const) };
      await updateGrants(transaction, stage.organizationId, mei.id, holdings);
      return [sent];
    });
    expect((await Promise.all(waiting)).flatMap(outcomes)).toEqual(['grant_ceiling']);
  });

  test('two that invite the same people in different orders make one invitation each, and neither fails', async () => {
    const people = Array.from({ length: 40 }, (_, n) => stage.email(`person${n}`));
    const headers = { 'idempotency-key': `race-${stage.organizationId}` };
    const answers = await Promise.all([
      invite(people),
      invite(people.toReversed()),
      invite(people, {}, stage.ada.client, headers),
      invite(people, { dry_run: true }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const counted = answers.slice(0, 3).map(({ body }) => body.invited);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(await mailsTo(people[7] ?? '')).toBe(1);
  });

  test('many of several organizations and single invitations to the same people end without a fault', async () => {
    const stages = [stage, await setStage(world), await setStage(world)];
    const people = Array.from({ length: 20 }, (_, n) => `shared${n}@${stage.organizationId}.example`);
    const single = { ...contacts };
    const answers = await Promise.all(
      stages.flatMap(({ ada }, index) => [
        invite(index % 2 ? people : people.toReversed(), {}, ada.client),
        ...people.map((email) => ada.client.post('/organization/user/invitation/send', { email, ...single })),
      ]),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    for (const { organizationId } of stages) {
      const [row] = await world.database.sql<{ members: number; mails: number }>(
        `select (select count(*)::int from member where organization_id = $1 and status = 'pending') as members,
           (select count(*)::int from delivery where organization_id = $1) as mails`,
        [organizationId],
      );
      expect(row).toEqual({ members: 20, mails: 20 });
    }
  });

  test('two that revoke and change the same people leave each changed once, by one order', async () => {
    const people: Insider[] = [];
    for (let n = 0; n < 10; n++) people.push(await stage.member(`person${n}`, { permissions: ['contacts:view'] }));
    const sent = people.map(({ email }) => email);
    const [revoked, updated] = await Promise.all([
      change('revoke', sent),
      update(sent.toReversed(), [{ feature: 'phone', permissions: ['all'] }]),
    ]);
    expect(new Set(outcomes(revoked))).toEqual(new Set(['done']));
    const changed = new Set(outcomes(updated));
    expect(changed.size).toBe(1);
    expect([...changed][0]).toBeOneOf(['done', 'unknown_member']);
    expect(await Promise.all(sent.map(statusOf))).toEqual(sent.map(() => 404));
  });
});

const unlike = { id: 0, date: 0, target: 0, user_email: 0, request_id: 0 };
const ids = ({ body }: Answer): string[] => body.results.map(({ id }: Row) => id);
const tokenOf = (email: string): Promise<string> => world.token(email, stage.organizationId);
const revision = async (): Promise<number> => (await stage.ada.client.get('/account')).body.access_revision;

async function cast() {
  return {
    pia: await stage.pending('pia', { permissions: ['contacts:view'] }),
    mei: await stage.member('mei', { permissions: ['contacts:view'] }),
    great: await stage.member('great', { permissions: ['phone:all'] }),
    weak: await stage.member('weak', { permissions: ['user_management:all', 'contacts:view'] }),
  };
}

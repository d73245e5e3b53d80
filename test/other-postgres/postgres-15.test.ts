import { describe, expect, test } from 'vitest';
import type { ConnectionOptions } from '../../server/src/postgres/connection.ts';
import { emptyDatabase, query, sharedPostgres } from '../runtime/temporary-database.ts';
import { inviteAndCopyToken, secret, serverOn, tokenOf, urlOf } from './server-on.ts';

const postgres = sharedPostgres({ packageName: 'postgres-15' });

interface Roles {
  settings: Record<string, string>;
  serving: ConnectionOptions;
  owner: ConnectionOptions;
  superuser: ConnectionOptions;
}

/** DATABASE_URL alone: the role that serves owns the tables as well. */
async function oneRole(): Promise<Roles> {
  const { owner, superuser } = await emptyDatabase(postgres());
  return { settings: { DATABASE_URL: urlOf(owner) }, serving: owner, owner, superuser };
}

async function twoRoles(): Promise<Roles> {
  const { owner, serving, superuser } = await emptyDatabase(postgres());
  return { settings: { DATABASE_URL: urlOf(serving), DATABASE_OWNER_URL: urlOf(owner) }, serving, owner, superuser };
}

describe.each([
  { how: 'one role (DATABASE_URL alone)', roles: oneRole },
  { how: 'two roles (DATABASE_OWNER_URL)', roles: twoRoles },
])('on PostgreSQL 15 with $how', ({ roles }) => {
  test('the server migrates, makes the first organization, and a later start finds both', async () => {
    const { settings, owner } = await roles();
    const first = await serverOn(settings);
    expect(first.firstStart).toBe(true);
    expect(first.databaseFolder).toBe(null);
    expect(first.logged()).not.toMatch(/"level":[456]0/);
    const [database] = await query<{ version: string; migrations: number }>(
      owner,
      `select current_setting('server_version_num') as version, (select count(*)::int from migration) as migrations`,
    );
    expect(database?.version).toMatch(/^15/);
    expect(database?.migrations).toBeGreaterThan(0);
    const account = await first.owner.get('/account');
    await first.stop();

    const second = await serverOn(settings);
    expect(second.firstStart).toBe(false);
    expect(second.logged()).not.toContain('brought up to date');
    expect((await second.owner.get('/account')).body).toEqual(account.body);
  });

  test('the six operations work: send, list, read, update, resend or cancel, revoke', async () => {
    const { owner, anonymous } = await serverOn((await roles()).settings);
    const token = await inviteAndCopyToken({ owner }, 'mei@example.com');
    expect((await anonymous.post('/organization/user/invitation/accept', { token })).body).toMatchObject({
      state: 'joined',
    });
    await inviteAndCopyToken({ owner }, 'tomás@example.com');
    await inviteAndCopyToken({ owner }, 'noor@example.com');

    const updated = await owner.post('/organization/user/update/permissions', {
      email: 'mei@example.com',
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['view', 'export'] }],
    });
    expect(updated.status).toBe(200);
    const read = await owner.get('/organization/user/mei@example.com/permissions');
    expect(read.body).toMatchObject({
      status: 'active',
      privileges: [{ feature: 'contacts', permissions: ['view', 'export'] }],
    });

    const tomás = encodeURIComponent('tomás@example.com');
    expect((await owner.put(`/organization/user/invitation/resend/${tomás}`)).status).toBe(200);
    expect((await owner.put('/organization/user/invitation/cancel/noor@example.com')).status).toBe(200);
    const list = await owner.get('/organization/invited/users');
    expect(list.body.users.map(({ email, status }: { email: string; status: string }) => `${email} ${status}`)).toEqual(
      ['ada@example.com active', 'mei@example.com active', 'tomás@example.com pending'],
    );
    const searched = await owner.get('/organization/invited/users?search=mei&sort=email&permission=contacts:export');
    expect(searched.body.users).toMatchObject([{ email: 'mei@example.com' }]);

    expect((await owner.put('/organization/user/invitation/revoke/mei@example.com')).status).toBe(200);
    expect((await owner.get('/organization/user/mei@example.com/permissions')).status).toBe(404);
    const log = await owner.get('/organization/activities?limit=100');
    expect(log.body.logs.map(({ action }: { action: string }) => action)).toEqual([
      'member.revoked',
      'invitation.cancelled',
      'invitation.resent',
      'member.updated',
      'invitation.link_revealed',
      'member.invited',
      'invitation.link_revealed',
      'member.invited',
      'invitation.accepted',
      'invitation.link_revealed',
      'member.invited',
    ]);
  });

  test('the audit can be added to and not changed, by the role that serves nor by the owner, in this month’s partition nor in any', async () => {
    const { settings, serving, owner } = await roles();
    const server = await serverOn(settings);
    await inviteAndCopyToken(server, 'mei@example.com');
    const parts = await query<{ name: string }>(
      owner,
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_event'::regclass`,
    );
    expect(parts.length).toBe(4);
    const before = await query(owner, 'select * from audit_event order by id');
    expect(before.length).toBeGreaterThan(1);
    for (const table of ['audit_event', ...parts.map(({ name }) => name)]) {
      for (const role of [serving, owner]) {
        await expect(query(role, `truncate ${table}`), `truncate ${table} as ${role.user}`).rejects.toThrow(
          /append-only|permission denied/,
        );
        // A change that finds no row runs into no trigger, and changes nothing.
        const rows = await query(owner, `select from ${table} limit 1`);
        for (const change of rows.length === 0
          ? []
          : [`update ${table} set action = 'member.left'`, `delete from ${table}`])
          await expect(query(role, change), `${change} as ${role.user}`).rejects.toThrow(
            /append-only|permission denied/,
          );
      }
    }
    await expect(query(serving, 'update access_change set revision = 0')).rejects.toThrow('permission denied');
    await expect(query(serving, `update audit_person set actor_name = 'nobody'`)).rejects.toThrow('permission denied');
    expect(await query(owner, 'select * from audit_event order by id')).toEqual(before);
  });
});

test('a secret that the database does not know stops the start, and says what to do', async () => {
  const { settings } = await twoRoles();
  await (await serverOn(settings)).stop();
  await expect(serverOn({ ...settings, LATCHKEY_SECRET: 'another-secret-that-nobody-ever-used-here' })).rejects.toThrow(
    /^LATCHKEY_SECRET is not the one this database was used with.*Put the old secret behind the new one/,
  );
});

test('after a change of the secret, links made with the old one stay good for as long as it stands behind the new one', async () => {
  const { settings } = await oneRole();
  const newer = 'the-second-secret-of-32-characters-and-more';
  const before = await serverOn(settings);
  const [mei, tomás, noor] = [
    await inviteAndCopyToken(before, 'mei@example.com'),
    await inviteAndCopyToken(before, 'tomas@example.com'),
    await inviteAndCopyToken(before, 'noor@example.com'),
  ];
  const created = { name: 'Nightly export', all_features_access: true };
  const kept = await before.owner.post('/organization/api-keys', created, { 'idempotency-key': 'once' });
  await before.stop();

  const both = await serverOn({ ...settings, LATCHKEY_SECRET: `${newer},${secret}` });
  const accept = (server: typeof both, token: string) =>
    server.anonymous.post('/organization/user/invitation/accept', { token });
  expect((await accept(both, mei)).status).toBe(200);
  const repeated = await both.owner.post('/organization/api-keys', created, { 'idempotency-key': 'once' });
  expect(repeated.body).toEqual(kept.body);
  const renewed = tokenOf((await both.owner.post('/organization/user/invitation/link/noor@example.com')).body.link);
  expect(renewed).not.toBe(noor);
  await both.stop();

  const after = await serverOn({ ...settings, LATCHKEY_SECRET: newer });
  expect((await accept(after, tomás)).status).toBe(404);
  expect((await accept(after, renewed)).status).toBe(200);
});

test('servers that start at once on an empty database make one organization, and all of them serve it', async () => {
  const { settings, owner: database } = await twoRoles();
  const servers = await Promise.all([serverOn(settings), serverOn(settings), serverOn(settings)]);
  expect(servers.filter(({ firstStart }) => firstStart)).toHaveLength(1);
  expect(await query(database, 'select count(*)::int as organizations from organization')).toEqual([
    { organizations: 1 },
  ]);
  expect(await query(database, 'select count(*)::int as owners from member where is_owner')).toEqual([{ owners: 1 }]);

  const emails = servers.map((_, number) => `person-${number}@example.com`);
  const tokens = await Promise.all(servers.map((server, number) => inviteAndCopyToken(server, emails[number] ?? '')));
  const accepted = await Promise.all(
    tokens.flatMap((token) =>
      servers.map((server) => server.anonymous.post('/organization/user/invitation/accept', { token })),
    ),
  );
  expect(accepted.filter(({ status, body }) => status !== 200 || body.state !== 'joined')).toEqual([]);
  for (const { owner } of servers) {
    const { users } = (await owner.get('/organization/invited/users')).body;
    expect(users.map(({ email }: { email: string }) => email).sort()).toEqual(['ada@example.com', ...emails]);
  }
  // Each joined once, however many servers were asked at the same time.
  expect((await servers[0]?.owner.get('/account'))?.body.access_revision).toBe(emails.length);
});

test('a database that is not UTF-8 is refused', async () => {
  const { owner } = await emptyDatabase(postgres(), 'SQL_ASCII');
  await expect(serverOn({ DATABASE_URL: urlOf(owner) })).rejects.toThrow(
    /^The database stores text as SQL_ASCII; Latchkey needs UTF8/,
  );
});

test('a database that a newer release has migrated is refused, and stays as it is', async () => {
  const { settings, owner } = await oneRole();
  await (await serverOn(settings)).stop();
  await query(owner, `insert into migration (version, name, checksum) values (9999, 'from_the_future', 'x')`);
  await expect(serverOn(settings)).rejects.toThrow(
    /^The database is from a newer release of Latchkey \(schema version 9999;/,
  );
});

test('a database that cannot be reached is an error that says so, not a stack trace', async () => {
  const { owner } = await emptyDatabase(postgres());
  await expect(serverOn({ DATABASE_URL: urlOf({ ...owner, database: 'nowhere' }) })).rejects.toMatchObject({
    name: 'OperatorError',
    message: expect.stringContaining('The database cannot be reached: database "nowhere" does not exist.'),
  });
  await expect(serverOn({ DATABASE_URL: 'postgres://latchkey:a-password@localhost:1/latchkey' })).rejects.toMatchObject(
    {
      name: 'OperatorError',
      message: expect.stringMatching(/^The database cannot be reached: (?!.*a-password).*ECONNREFUSED/),
    },
  );
});

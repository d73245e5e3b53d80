import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawSchema } from '../../scripts/draw-schema.ts';
import { createDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

test('server/schema.sql is what the migrations produce; after a change of them run: node scripts/schema.ts --write', async () => {
  const golden = readFileSync(new URL('../../server/schema.sql', import.meta.url), 'utf8');
  expect(await pictureOf(database.ownerUrl)).toBe(golden);
});

test('the picture shows a change of anything: column, default, constraint, index, function, trigger, right, comment, view', async () => {
  const before = await pictureOf(database.ownerUrl);
  const changes: [change: string, undo: string][] = [
    ['alter table member add column nickname text', 'alter table member drop column nickname'],
    ["alter table member alter locale set default 'fr'", 'alter table member alter locale drop default'],
    ['alter table member alter locale drop not null', 'alter table member alter locale set not null'],
    ['alter table member add constraint short check (length(email) < 9)', 'alter table member drop constraint short'],
    ['create index by_locale on member (locale)', 'drop index by_locale'],
    ["create function one() returns int language sql as 'select 1'", 'drop function one'],
    [
      'alter function ensure_audit_partitions security invoker',
      'alter function ensure_audit_partitions security definer',
    ],
    [
      'alter table audit_event disable trigger audit_event_append_only',
      'alter table audit_event enable trigger audit_event_append_only',
    ],
    ['grant update on audit_event to latchkey', 'revoke update on audit_event from latchkey'],
    ["comment on column member.locale is 'Which language'", 'comment on column member.locale is null'],
    ['create view owners as select * from member where is_owner', 'drop view owners'],
    ['create sequence counter', 'drop sequence counter'],
    ['alter table member enable row level security', 'alter table member disable row level security'],
  ];
  const unseen: string[] = [];
  for (const [change, undo] of changes) {
    await database.sql(change);
    if ((await pictureOf(database.ownerUrl)) === before) unseen.push(change);
    await database.sql(undo);
  }
  expect(unseen).toEqual([]);
  expect(await pictureOf(database.ownerUrl)).toBe(before);
});

test('every table and every function says what it is for', async () => {
  const silent = await database.sql(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') and obj_description(oid, 'pg_class') is null
     union all
     select proname from pg_proc p
     where pronamespace = 'public'::regnamespace and obj_description(oid, 'pg_proc') is null
       and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = p.oid and deptype = 'e')`,
  );
  expect(silent).toEqual([]);
});

/** Columns that need no comment: their name, type and constraints say all there is. Ids and moments (`…_id`, `…_at`) are such by their form. */
const selfEvident: Record<string, string[]> = {
  access_change: ['revision'],
  api_key: ['name', 'all_features_access', 'permissions', 'allowed_ips'],
  audit_event: ['action', 'outcome', 'actor_kind', 'target_kind'],
  audit_person: ['target_email', 'actor_name', 'ip', 'user_agent'],
  delivery: ['generation', 'kind', 'recipient', 'state', 'attempts'],
  idempotency_record: ['key', 'request_digest', 'status'],
  installation: ['only_row'],
  invitation: ['grantor_kind'],
  key_secret: ['hash', 'valid_until'],
  member: ['locale', 'removed_as'],
  member_grant: ['permissions'],
  migration: ['version', 'name'],
  organization: ['name', 'locale'],
  partner: ['name'],
  partner_key: ['name', 'allowed_ips'],
  passkey: ['transports', 'name'],
  passkey_challenge: ['challenge'],
  permission_bit: ['feature', 'permission', 'bit'],
  session: ['method', 'ip', 'user_agent'],
  sign_in_link: ['email', 'locale', 'attempts'],
};

test('every column says what it is for, unless its name does', async () => {
  const columns = await database.sql<{ table: string; column: string; comment: string | null }>(
    `select c.relname as table, a.attname as column, col_description(c.oid, a.attnum) as comment
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1, a.attnum`,
  );
  const needsNone = ({ table, column }: { table: string; column: string }): boolean =>
    /(^|_)(id|at)$/.test(column) || (selfEvident[table]?.includes(column) ?? false);
  expect(columns.filter((column) => column.comment === null && !needsNone(column))).toEqual([]);
  const listed = Object.entries(selfEvident).flatMap(([table, names]) => names.map((column) => ({ table, column })));
  const stale = listed.filter(
    ({ table, column }) =>
      !columns.some((real) => real.table === table && real.column === column && real.comment === null),
  );
  expect(stale, 'listed as self-evident, but gone or commented').toEqual([]);
});

test('no row can point across organizations: references between rows of organizations carry the organization’s id', async () => {
  const references = await database.sql<{ from: string; columns: string[]; to: string; both: boolean }>(
    `with belongs as (select attrelid as oid from pg_attribute where attname = 'organization_id' and not attisdropped)
     select k.conrelid::regclass::text as from, k.confrelid::regclass::text as to,
       array(select attname::text from unnest(k.conkey) n join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n) as columns,
       k.conrelid in (table belongs) and k.confrelid in (table belongs) as both
     from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace`,
  );
  expect(references.filter(({ both }) => both).length).toBeGreaterThan(5);
  expect(references.filter(({ both, columns }) => both && !columns.includes('organization_id'))).toEqual([]);
});

test('ids of members, keys and invitations are references where the row they name must exist', async () => {
  const [ada, bee] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];
  await database.sql(
    `insert into organization (id, name, plan) values ('${ada}', 'Ada’s', 'free'), ('${bee}', 'Bee’s', 'free')`,
  );
  await database.sql(
    `insert into member (organization_id, id, email, status, locale) values ('${ada}', '${ada}', 'mei@example.com', 'active', 'en')`,
  );
  const across = [
    `insert into member_grant (organization_id, member_id, permissions) values ('${bee}', '${ada}', '{}')`,
    `insert into invitation (organization_id, id, member_id, expires_at, grantor_kind, grantor_id) values ('${bee}', '${bee}', '${ada}', now(), 'member', '${ada}')`,
    `insert into api_key (organization_id, id, name, all_features_access, permissions, member_id, bound) values ('${bee}', '${bee}', 'k', false, '{}', '${ada}', true)`,
    `insert into access_change (organization_id, revision, member_id) values ('${bee}', 1, '${ada}')`,
    `insert into sign_in_link (id, email, purpose, organization_id, member_id, locale, state, expires_at) values ('${bee}', 'mei@example.com', 'operator', '${bee}', '${ada}', 'en', 'none', now())`,
    `insert into delivery (organization_id, id, invitation_id, generation, recipient) values ('${bee}', '${bee}', '${ada}', 1, 'mei@example.com')`,
  ];
  for (const statement of across)
    await expect(database.sql(statement)).rejects.toThrow('violates foreign key constraint');
});

test('the serving role adds to the past and cannot change it', async () => {
  const rights = await database.sql<{ table: string; rights: string[] }>(
    `select c.relname as table, array(
       select r from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) r
       where has_table_privilege('latchkey', c.oid, r) or (r in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege('latchkey', c.oid, r))) as rights
     from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
  );
  const limited = Object.fromEntries(
    rights.filter((row) => row.rights.join() !== 'SELECT,INSERT,UPDATE,DELETE').map((row) => [row.table, row.rights]),
  );
  expect(limited).toEqual({
    access_change: ['SELECT', 'INSERT'],
    audit_event: ['SELECT', 'INSERT'],
    audit_event_rest: ['SELECT', 'INSERT'],
    audit_person: ['SELECT', 'INSERT', 'DELETE'],
    migration: ['SELECT'],
  });
});

test('the serving role is told so, and makes and owns nothing; nobody else was given anything', async () => {
  const serving = new pg.Client(database.url);
  await serving.connect();
  try {
    const forbidden = [
      "update audit_event set action = 'member.left'",
      'delete from audit_event',
      'truncate audit_event',
      'delete from audit_event_rest',
      'truncate audit_event_rest',
      'update access_change set revision = 0',
      'delete from access_change',
      'truncate access_change',
      "update audit_person set actor_name = 'somebody else'",
      'truncate audit_person',
      'delete from migration',
      'truncate member',
      'alter table member add column x int',
      'create table mine (x int)',
    ];
    for (const statement of forbidden) {
      await expect(serving.query(statement), statement).rejects.toThrow(/permission denied|must be owner/);
    }
  } finally {
    await serving.end();
  }
  const [found] = await database.sql(
    `select (select count(*)::int from pg_class where relowner = 'latchkey'::regrole) as owned,
       (select count(*)::int from pg_class c, aclexplode(c.relacl) a
        where c.relnamespace = 'public'::regnamespace and a.grantee not in ('latchkey'::regrole, c.relowner)) as given_to_others`,
  );
  expect(found).toEqual({ owned: 0, given_to_others: 0 });
});

test('the append-only tables of the audit refuse their owner too', async () => {
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  try {
    await owner.query(
      `insert into audit_event (id, organization_id, action, actor_kind, target_kind) values (gen_random_uuid(), gen_random_uuid(), 'member.left', 'member', 'member')`,
    );
    for (const statement of [
      "update audit_event set details = '{}'",
      'delete from audit_event',
      'truncate audit_event',
      'truncate audit_event_rest',
      'delete from audit_event_rest',
    ]) {
      await expect(owner.query(statement), statement).rejects.toThrow('is append-only');
    }
  } finally {
    await owner.end();
  }
});

test('each month’s partition of the audit is made by the server and refuses changes like the rest', async () => {
  const fresh = await createDatabase();
  const serving = new pg.Client(fresh.url);
  await serving.connect();
  try {
    await serving.query('select ensure_audit_partitions()');
    await serving.query('select ensure_audit_partitions()');
    const { rows } = await serving.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_event'::regclass and inhrelid::regclass::text ~ '_\\d' order by 1`,
    );
    expect(rows).toHaveLength(3);
    for (const { name } of rows) {
      await expect(serving.query(`delete from ${name}`), name).rejects.toThrow('permission denied');
      await expect(fresh.sql(`truncate ${name}`), name).rejects.toThrow('is append-only');
    }
  } finally {
    await serving.end();
    await fresh.drop();
  }
});

async function pictureOf(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await drawSchema(client, 'latchkey');
  } finally {
    await client.end();
  }
}

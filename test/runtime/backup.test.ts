import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../server/src/operator-error.ts';
import { backup } from '../../server/src/postgres/backup.ts';
import { sha256Of } from '../../server/src/postgres/backup-format.ts';
import type { Connection } from '../../server/src/postgres/connection.ts';
import { migrate } from '../../server/src/postgres/migrate.ts';
import { restore } from '../../server/src/postgres/restore.ts';
import { migrationFolder, ownMigrations } from './migration-folder.ts';
import { emptyDatabase, query, sharedPostgres, temporaryFolder } from './temporary-database.ts';

const servingRole = 'latchkey';
const postgres18 = sharedPostgres();
const postgres15 = sharedPostgres({ packageName: 'postgres-15' });

/** Everything that a careless export gets wrong. */
const AWKWARD_SCHEMA = `
  create table "Team" (id integer primary key, lead integer, name text not null);
  create table person (
    id integer generated always as identity primary key,
    team integer not null references "Team",
    invited_by integer references person,
    name text collate "C", "order" text, shout text generated always as (upper(name)) stored,
    bytes bytea, document jsonb, number double precision, amount numeric, at timestamptz, span interval, list text[], dropped text
  );
  alter table person drop column dropped;
  alter table "Team" add foreign key (lead) references person;
  create table unordered (value text);
  create table never_filled (id integer primary key);
  create table seeded (id integer primary key);
  insert into seeded values (1), (2);
  create table event (id uuid, at timestamptz not null, text text, primary key (id, at)) partition by range (at);
  create table event_rest partition of event default;
  create function refuse() returns trigger language plpgsql as $$ begin raise 'append-only'; end $$;
  create trigger event_kept before update or delete on event for each row execute function refuse();
  create trigger event_rest_kept before truncate on event_rest for each statement execute function refuse();
  create function meddle() returns trigger language plpgsql as $$ begin new.text := new.text || ' meddled with'; return new; end $$;
  create trigger event_meddled before insert on event for each row execute function meddle();
`;

const AWKWARD_DATA = `
  insert into "Team" select n, null, E'Ünïcode \\\\ \\t \\n \\r\\n \\\\. ' || n from generate_series(1, 3) n;
  insert into person (team, invited_by, name, "order", bytes, document, number, amount, at, span, list)
    select 1 + n % 3, nullif(n - 1, 0), chr(8364) || n, case when n % 2 = 0 then E'\\\\.' end, decode(md5(n::text), 'hex'),
      jsonb_build_object('a', n, 'b', E'\\u2028"\\\\'), 0.1 + 0.2 * n, 10 ^ n, now() + n * interval '1 day', n * interval '1 month 2 days', array['{', null, ',"']
    from generate_series(1, 12) n;
  update "Team" set lead = id;
  insert into unordered values (E'\\\\.'), (''), (null), (E'\\n'), (E'two\\nlines');
  delete from seeded where id = 1; insert into seeded values (3);
  create table event_later partition of event for values from ('2030-01-01') to ('2030-02-01');
  create trigger event_later_kept before truncate on event_later for each statement execute function refuse();
  insert into event select gen_random_uuid(), ts, 'event' from generate_series(timestamptz '2029-12-25', '2030-02-05', '6 hours') ts;
`;

describe.each([
  ['18 to 18', postgres18, postgres18],
  ['15 to 18', postgres15, postgres18],
  ['18 to 15', postgres18, postgres15],
])('from PostgreSQL %s', (_, source, target) => {
  test('everything comes back exactly: text, times, numbers, circles, partitions, generated columns', async () => {
    const folder = migrationFolder({ '0001_awkward.sql': AWKWARD_SCHEMA });
    const from = await emptyDatabase(source());
    const to = await emptyDatabase(target());
    await migrate({ owner: from.owner, servingRole, folder });
    await query(from.owner, AWKWARD_DATA);

    const file = join(temporaryFolder(), 'backup');
    const made = await backup(from.owner, file);
    const restored = await restore({ owner: to.owner, servingRole, folder }, file);

    expect(restored).toEqual(made);
    expect(await rowsIn(to.owner)).toEqual(await rowsIn(from.owner));
    expect(await tablesIn(to.owner, 'again')).toEqual(tablesOf(file));
    expect(await query(to.owner, 'select id, shout from person where id = 7')).toEqual([{ id: 7, shout: '€7' }]);
    expect(await query(to.owner, 'select count(*)::integer from event_later')).toEqual([{ count: 124 }]);
  });

  test('what guards the tables guards them again', async () => {
    const folder = migrationFolder({ '0001_awkward.sql': AWKWARD_SCHEMA });
    const from = await emptyDatabase(source());
    const { owner, serving } = await emptyDatabase(target());
    await migrate({ owner: from.owner, servingRole, folder });
    await query(from.owner, AWKWARD_DATA);
    const file = join(temporaryFolder(), 'backup');
    await backup(from.owner, file);
    await restore({ owner, servingRole, folder }, file);

    for (const statement of [
      'delete from event',
      'update event set text = 1',
      'truncate event_rest',
      'truncate event_later',
    ]) {
      await expect(query(owner, statement)).rejects.toThrow('append-only');
    }
    await expect(query(owner, 'begin; update "Team" set lead = 99; rollback')).rejects.toThrow('violates foreign key');
    expect(await query(serving, `insert into person (team) values (1) returning id`)).toEqual([{ id: 13 }]);
    const [event] = await query(
      serving,
      `insert into event values (gen_random_uuid(), '2030-01-05', 'new') returning text`,
    );
    expect(event).toEqual({ text: 'new meddled with' });
    expect(await migrate({ owner, servingRole, folder })).toEqual({ applied: [], version: 1, warnings: [] });
  });

  test("the product's own schema comes back with its rights, one role or two", async () => {
    const from = await emptyDatabase(source());
    await migrate({ owner: from.owner, servingRole, folder: ownMigrations });
    await query(
      from.serving,
      `select ensure_audit_partitions();
       insert into organization (id, name, plan) select gen_random_uuid(), 'Organization ' || n, 'team' from generate_series(1, 5) n;
       insert into member (organization_id, id, email, status, locale)
         select id, gen_random_uuid(), n || '@example.com', 'active', 'en' from organization, generate_series(1, 50) n;
       insert into identity (id, email) select gen_random_uuid(), n || '@example.com' from generate_series(1, 50) n;
       update member m set identity_id = i.id from identity i where i.email = m.email;
       insert into session (identity_id, id, secret_hash, method, ip, expires_at)
         select id, gen_random_uuid(), sha256(id::text::bytea), 'passkey', '203.0.113.7', now() + interval '1 day' from identity;
       insert into passkey (identity_id, id, credential_id, public_key, counter, transports, name, backed_up)
         select id, gen_random_uuid(), sha256(id::text::bytea), '\\x00ff', 7, '{internal,hybrid}', 'Laptop', true from identity;
       insert into sign_in_link (id, email, purpose, organization_id, member_id, locale, state, expires_at)
         select gen_random_uuid(), email, 'operator', organization_id, id, locale, 'none', now() from member;
       insert into audit_event (id, organization_id, action, actor_kind, target_kind)
         select gen_random_uuid(), organization_id, 'member.joined', 'member', 'member' from member`,
    );
    const file = join(temporaryFolder(), 'backup');
    await backup(from.owner, file);
    for (const role of [servingRole, from.owner.user]) {
      const { owner } = await emptyDatabase(target());
      expect(await restore({ owner, servingRole: role, folder: ownMigrations }, file)).toMatchObject({ version: 9 });
      expect(await rowsIn(owner)).toEqual(await rowsIn(from.owner));
      await expect(query({ ...owner, user: role }, 'update audit_event set action = action')).rejects.toThrow(
        /permission denied/,
      );
    }
  });
});

test('a backup of an older release is migrated on', async () => {
  const from = await emptyDatabase(postgres18());
  const { owner } = await emptyDatabase(postgres18());
  const old = { '0001_first.sql': 'create table person (name text primary key)' };
  await migrate({ owner: from.owner, servingRole, folder: migrationFolder(old) });
  await query(from.owner, `insert into person values ('Ada')`);
  const file = join(temporaryFolder(), 'backup');
  await backup(from.owner, file);
  const folder = migrationFolder({
    ...old,
    '0002_second.sql': `alter table person add column born integer; update person set born = 1815`,
  });
  await restore({ owner, servingRole, folder }, file);
  expect(await query(owner, 'select * from person')).toEqual([{ name: 'Ada', born: 1815 }]);
  expect(await query(owner, 'select version from migration order by 1')).toEqual([{ version: 1 }, { version: 2 }]);
});

test('a backup is one moment, however much is written meanwhile', async () => {
  const from = await emptyDatabase(postgres18());
  const { owner } = await emptyDatabase(postgres18());
  // In the order of the backup `a` comes first: without one snapshot, `z` would have rows whose `a` was not there yet.
  const folder = migrationFolder({
    '0001_pair.sql': 'create table a (id integer primary key, filler text); create table z (id integer primary key)',
  });
  await migrate({ owner: from.owner, servingRole, folder });
  await query(
    from.owner,
    `insert into a select n, repeat('x', 1000) from generate_series(1, 20000) n; insert into z select id from a`,
  );
  let next = 20_000;
  let writing = true;
  const writer = (async () => {
    while (writing) {
      next += 1;
      await query(from.owner, `begin; insert into a values (${next}); insert into z values (${next}); commit`);
    }
  })();
  const file = join(temporaryFolder(), 'backup');
  await backup(from.owner, file);
  writing = false;
  await writer;
  await restore({ owner, servingRole, folder }, file);
  const [counts] = await query<{ a: number; z: number }>(
    owner,
    'select (select count(*) from a)::integer as a, (select count(*) from z)::integer as z',
  );
  expect(counts?.a).toBe(counts?.z);
  expect(counts?.a).toBeGreaterThanOrEqual(20_000);
  expect(next).toBeGreaterThan(Number(counts?.a));
});

test('only its owner may read a backup, and it replaces none', async () => {
  const { owner } = await migrated();
  const file = join(temporaryFolder(), 'backup');
  await backup(owner, file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = readFileSync(file);
  await expect(backup(owner, file)).rejects.toThrow('is there already; a backup never replaces another');
  expect(readFileSync(file)).toEqual(before);
});

test('a backup that fails leaves no file', async () => {
  const { serving } = await migrated();
  const file = join(temporaryFolder(), 'backup');
  await query({ ...serving, user: 'latchkey_owner' }, 'revoke select on note from latchkey');
  await expect(backup(serving, file)).rejects.toThrow('permission denied');
  expect([file, `${file}.unfinished`].map((path) => existsSync(path))).toEqual([false, false]);
});

test('a database that never held Latchkey has nothing to back up', async () => {
  const { owner } = await emptyDatabase(postgres18());
  await expect(backup(owner, join(temporaryFolder(), 'backup'))).rejects.toThrow('nothing to back up');
});

test('rows that a policy hides make a backup fail rather than incomplete', async () => {
  const { owner } = await migrated();
  await query(owner, 'alter table note enable row level security; alter table note force row level security');
  await expect(backup(owner, join(temporaryFolder(), 'backup'))).rejects.toThrow(/row-level security/);
});

test('a database that is not empty is left alone', async () => {
  const { owner, file, folder } = await migrated({ backedUp: true });
  await query(owner, `insert into note values (2, 'mine')`);
  await expect(restore({ owner, servingRole, folder }, file)).rejects.toThrow(
    /The database is not empty.*migration.*new DATA_DIR/,
  );
  expect(await query(owner, 'select count(*)::integer from note')).toEqual([{ count: 2 }]);
});

test('a truncated backup is refused wherever it ends, and leaves the database empty', async () => {
  const { file, folder } = await migrated({ backedUp: true });
  const { owner } = await emptyDatabase(postgres18());
  const whole = readFileSync(file);
  const text = gunzipSync(whole);
  const lineEnds = [...text.keys()].filter((at) => text[at] === 10).map((at) => at + 1);
  const cut = [
    ...[0, 1, 10, 100, whole.length - 8, whole.length - 1].map((length) => whole.subarray(0, length)),
    ...[20, ...lineEnds.slice(0, -1)].map((length) => gzipSync(text.subarray(0, length))),
  ];
  for (const content of cut) {
    await expectRefused(owner, folder, content, /truncated|corrupt/);
  }
});

test('a backup with one byte changed is refused, whether gzip notices or not, and leaves the database empty', async () => {
  const { file, folder } = await migrated({ backedUp: true });
  const { owner } = await emptyDatabase(postgres18());
  const whole = readFileSync(file);
  const text = gunzipSync(whole);
  for (let at = 12; at < whole.length; at += 23) {
    await expectRefused(owner, folder, changed(whole, at), /corrupt|truncated|newer release|line of releases/);
  }
  for (let at = 0; at < text.length; at += 11) {
    await expectRefused(owner, folder, gzipSync(changed(text, at)), /corrupt|truncated|newer release|line of releases/);
  }
});

test('what is added behind a backup is noticed', async () => {
  const { file, folder } = await migrated({ backedUp: true });
  const { owner } = await emptyDatabase(postgres18());
  await expectRefused(
    owner,
    folder,
    gzipSync(Buffer.concat([gunzipSync(readFileSync(file)), Buffer.from('more\n')])),
    /something follows its end/,
  );
});

test.each([
  ['another kind of file', Buffer.from('not a backup at all, just some text'), /corrupt, or not a backup of Latchkey/],
  ['a gzipped file of something else', gzipSync('{"some":"json"}\n'), /corrupt/],
  ['a backup of a newer format', gzipSync('{"latchkey":"backup","format":2}\n'), /newer release of Latchkey/],
])('%s is refused', async (_, content, message) => {
  const { folder } = await migrated();
  const { owner } = await emptyDatabase(postgres18());
  await expectRefused(owner, folder, content, message);
});

test('a backup of a newer release is refused', async () => {
  const { owner } = await emptyDatabase(postgres18());
  const newer = await emptyDatabase(postgres18());
  const files = { '0001_a.sql': 'select 1' };
  await migrate({ owner: newer.owner, servingRole, folder: migrationFolder({ ...files, '0002_b.sql': 'select 1' }) });
  const file = join(temporaryFolder(), 'backup');
  await backup(newer.owner, file);
  const restoring = restore({ owner, servingRole, folder: migrationFolder(files) }, file);
  await expect(restoring).rejects.toThrow(
    /The backup is from a newer release of Latchkey \(schema version 2; this release knows 1\)/,
  );
});

test('a backup cannot make a restore run what somebody wrote into it', async () => {
  const { file, folder } = await migrated({ backedUp: true });
  const { owner } = await emptyDatabase(postgres18());
  const [, header = '', ...rest] = gunzipSync(readFileSync(file)).toString().split('\n');
  const end = `') ; create table hacked (); --`;
  const partition = {
    table: 'note',
    name: 'x" partition of note; create table hacked (); --',
    from: end,
    to: end,
    triggers: [],
  };
  const evilHeader = JSON.stringify({ ...JSON.parse(header), partitions: [partition] });
  const start = JSON.stringify({ latchkey: 'backup', format: 1, sha256: sha256Of(Buffer.from(`${evilHeader}\n`)) });
  const evil = join(temporaryFolder(), 'evil');
  writeFileSync(evil, gzipSync([start, evilHeader, ...rest].join('\n')));
  await expect(restore({ owner, servingRole, folder }, evil)).rejects.toThrow('"note" is not partitioned');
  expect(await query(owner, `select to_regclass('hacked') as hacked`)).toEqual([{ hacked: null }]);
});

async function migrated({ backedUp = false } = {}) {
  const database = await emptyDatabase(postgres18());
  const folder = migrationFolder({ '0001_note.sql': 'create table note (id integer primary key, text text)' });
  await migrate({ owner: database.owner, servingRole, folder });
  await query(database.owner, `insert into note values (1, 'one')`);
  const file = join(temporaryFolder(), 'backup');
  if (backedUp) await backup(database.owner, file);
  return { ...database, folder, file };
}

async function expectRefused(owner: Connection, folder: string, content: Buffer, message: RegExp): Promise<void> {
  const file = join(temporaryFolder(), 'damaged');
  writeFileSync(file, content);
  const error = await restore({ owner, servingRole, folder }, file).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(OperatorError);
  expect((error as Error).message).toMatch(message);
  expect(await query(owner, `select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
}

function changed(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** The rows of every table as PostgreSQL writes them, in an order that has nothing to do with the backup's. */
async function rowsIn(owner: Connection): Promise<Record<string, string[]>> {
  const tables = await query<{ name: string }>(
    owner,
    `select oid::regclass::text as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'migration' order by 1`,
  );
  const rows: Record<string, string[]> = {};
  for (const { name } of tables) {
    const all = await query<{ text: string }>(owner, `set timezone = 'UTC'; select t::text as text from ${name} t`);
    rows[name] = all.map(({ text }) => text).sort();
  }
  return rows;
}

/** What a backup of this database says of its tables. */
async function tablesIn(owner: Connection, name: string): Promise<string> {
  const file = join(temporaryFolder(), name);
  await backup(owner, file);
  return tablesOf(file);
}

/** All between the header, which tells where and when, and the end, whose checksum covers the header. */
function tablesOf(file: string): string {
  return gunzipSync(readFileSync(file)).toString().split('\n').slice(2, -2).join('\n');
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OperatorError } from '../../server/src/operator-error.ts';
import { type Connection, clientConfig } from '../../server/src/postgres/connection.ts';
import { migrate } from '../../server/src/postgres/migrate.ts';
import { migrationFolder, ownMigrations } from './migration-folder.ts';
import { emptyDatabase, eventually, query, sharedPostgres } from './temporary-database.ts';

const servingRole = 'latchkey';

describe.each([
  ['PostgreSQL 18', {}],
  ['PostgreSQL 15', { packageName: 'postgres-15' }],
])('%s', (_, options) => {
  const postgres = sharedPostgres(options);

  test("the product's migrations are applied once, and a second run changes nothing", async () => {
    const { owner } = await emptyDatabase(postgres());
    const first = await migrate({ owner, servingRole, folder: ownMigrations });
    expect(first.applied[0]).toBe('foundation');
    expect(first.applied).toHaveLength(first.version);
    expect(first.warnings).toEqual([]);
    const before = await catalogueRows(owner);
    expect(await migrate({ owner, servingRole, folder: ownMigrations })).toEqual({
      applied: [],
      version: first.version,
      warnings: [],
    });
    expect(await catalogueRows(owner)).toEqual(before);
  });

  test('the serving role may add to the audit and never change it, nor the history of migrations', async () => {
    const { owner, serving } = await emptyDatabase(postgres());
    await migrate({ owner, servingRole, folder: ownMigrations });
    expect(await rightsOf(owner, servingRole)).toMatchObject({
      member: 'SELECT INSERT UPDATE DELETE',
      audit_event: 'SELECT INSERT',
      audit_event_rest: 'SELECT INSERT',
      access_change: 'SELECT INSERT',
      audit_person: 'SELECT INSERT DELETE',
      migration: 'SELECT',
    });
    for (const statement of [
      'update audit_event set action = action',
      'delete from access_change',
      'truncate audit_event_rest',
      'drop table audit_event',
    ]) {
      await expect(query(serving, statement)).rejects.toThrow(/permission denied|must be owner/);
    }
  });

  test('where one role does all, it gives up changing the audit, on partitions that came later too', async () => {
    const { owner } = await emptyDatabase(postgres());
    await migrate({ owner, servingRole: owner.user, folder: ownMigrations });
    await query(owner, 'select ensure_audit_partitions()');
    expect(await migrate({ owner, servingRole: owner.user, folder: ownMigrations })).toMatchObject({
      applied: [],
      warnings: [],
    });
    const rights = await rightsOf(owner, owner.user);
    const audit = Object.entries(rights).filter(([name]) => name.startsWith('audit_event'));
    expect(audit.length).toBeGreaterThan(2);
    for (const [, held] of audit) expect(held).toBe('SELECT INSERT');
    expect(rights).toMatchObject({ access_change: 'SELECT INSERT', audit_person: 'SELECT INSERT DELETE' });
    expect(rights.member).toContain('UPDATE');
    expect(rights.migration).toContain('INSERT');
  });

  test('rights that somebody gave to the serving role by hand are taken back', async () => {
    const { owner } = await emptyDatabase(postgres());
    await migrate({ owner, servingRole, folder: ownMigrations });
    await query(owner, `grant all on audit_event, member to ${servingRole}`);
    expect(await migrate({ owner, servingRole, folder: ownMigrations })).toMatchObject({ warnings: [] });
    expect(await rightsOf(owner, servingRole)).toMatchObject({
      audit_event: 'SELECT INSERT',
      member: 'SELECT INSERT UPDATE DELETE',
    });
  });

  test('rights that cannot be taken from the serving role are a warning that says what to do', async () => {
    const { superuser } = await emptyDatabase(postgres());
    const { warnings } = await migrate({ owner: superuser, servingRole: superuser.user, folder: ownMigrations });
    expect(warnings.join('\n')).toMatch(
      /The role postgres can still .*DELETE.* on audit_event: it is a superuser.*DATABASE_OWNER_URL/,
    );
  });

  test('sequences and functions can be used by the serving role, closed ones and those of extensions among them', async () => {
    const { owner, serving } = await emptyDatabase(postgres());
    const folder = migrationFolder({
      '0001_all.sql': `create extension pg_trgm; create table numbered (id serial primary key, "Text" text);
        create function secretly() returns integer language sql as 'select 42'; revoke execute on function secretly from public;`,
    });
    expect(await migrate({ owner, servingRole, folder })).toMatchObject({ warnings: [] });
    expect(
      await query(serving, `insert into numbered ("Text") values ('x') returning id, secretly(), similarity('a', 'a')`),
    ).toEqual([{ id: 1, secretly: 42, similarity: 1 }]);
  });
});

describe('whatever the version of PostgreSQL', () => {
  const postgres = sharedPostgres();

  test('many servers that start at once migrate once', async () => {
    const { owner } = await emptyDatabase(postgres());
    const folder = migrationFolder({
      '0001_first.sql': 'create table first (id integer); select pg_sleep(0.1);',
      '0002_second.sql': 'create table second (id integer)',
    });
    const runs = await Promise.all(Array.from({ length: 6 }, () => migrate({ owner, servingRole, folder })));
    expect(runs.flatMap(({ applied }) => applied).sort()).toEqual(['first', 'second']);
    expect(runs.map(({ version }) => version)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  test('a migration that fails leaves nothing of itself, keeps those before it, and is named with its line', async () => {
    const { owner } = await emptyDatabase(postgres());
    const folder = migrationFolder({
      '0001_good.sql': 'create table good (id integer);',
      '0002_bad.sql': 'create table half (id integer);\n\nselect nonsense;\n',
    });
    await expect(migrate({ owner, servingRole, folder })).rejects.toThrow(
      'Migration 0002_bad.sql, line 3: column "nonsense" does not exist',
    );
    expect(Object.keys(await rightsOf(owner, owner.user))).toEqual(['good', 'migration']);

    writeFileSync(join(folder, '0002_bad.sql'), 'create table whole (id integer)');
    expect(await migrate({ owner, servingRole, folder })).toMatchObject({ applied: ['bad'], version: 2 });
  });

  describe('a lock that somebody holds on a table', () => {
    const hasty = { lockMilliseconds: 200, tries: 3, pauseMilliseconds: 50 };

    /** A database with a table that somebody reads in a transaction they do not end, and a migration that changes it. */
    async function heldTable() {
      const { owner } = await emptyDatabase(postgres());
      const folder = migrationFolder({
        '0001_thing.sql': 'create table thing (id integer); insert into thing values (1)',
      });
      await migrate({ owner, servingRole, folder });
      const holder = new pg.Client(clientConfig(owner, 'a report that somebody forgot'));
      await holder.connect();
      onTestFinished(() => holder.end());
      await holder.query('begin');
      await holder.query('select * from thing');
      writeFileSync(join(folder, '0002_more.sql'), 'alter table thing add column more text');
      return { owner, folder, holder };
    }

    test('ends the start after a few tries, says who holds it, and nothing was changed', async () => {
      const { owner, folder, holder } = await heldTable();
      const { rows } = await holder.query('select pg_backend_pid() as pid');
      const failed = migrate({ owner, servingRole, folder, patience: hasty });
      await expect(failed).rejects.toThrow(OperatorError);
      await expect(failed).rejects.toThrow(
        new RegExp(
          `Migration 0002_more\\.sql .*3 times.*process ${rows[0]?.pid} \\(a report that somebody forgot, idle in transaction\\)`,
        ),
      );
      expect(await query(owner, 'select * from thing')).toEqual([{ id: 1 }]);
      expect(await query(owner, 'select name from migration')).toEqual([{ name: 'thing' }]);
    });

    test('is waited for no longer than others can wait behind it: reading goes on between the tries', async () => {
      const { owner, folder } = await heldTable();
      const failed = expect(
        migrate({ owner, servingRole, folder, patience: { ...hasty, pauseMilliseconds: 2000 } }),
      ).rejects.toThrow(OperatorError);
      await eventually(async () => {
        const waiting = await query(owner, `select 1 from pg_locks where not granted and relation = 'thing'::regclass`);
        return waiting.length > 0;
      }, 20_000);
      expect(await query(owner, 'select * from thing')).toEqual([{ id: 1 }]);
      await failed;
    });

    test('that is given up before the last try does no harm', async () => {
      const { owner, folder, holder } = await heldTable();
      const migrated = migrate({ owner, servingRole, folder, patience: { ...hasty, tries: 50 } });
      await sleep(500);
      await holder.query('commit');
      expect(await migrated).toMatchObject({ applied: ['more'], version: 2 });
    });
  });

  test('a file that was changed after it was applied is refused; other line ends are not a change', async () => {
    const { owner } = await emptyDatabase(postgres());
    const folder = migrationFolder({ '0001_first.sql': 'create table first (\n  id integer\n);\n' });
    await migrate({ owner, servingRole, folder });
    writeFileSync(join(folder, '0001_first.sql'), 'create table first (\r\n  id integer\r\n);\r\n');
    expect(await migrate({ owner, servingRole, folder })).toMatchObject({ applied: [] });
    writeFileSync(join(folder, '0001_first.sql'), 'create table first (\n  id bigint\n);\n');
    await expect(migrate({ owner, servingRole, folder })).rejects.toThrow(
      /its migration 1 \(first\) is not the one here/,
    );
  });

  test('a database of a newer release is refused', async () => {
    const { owner } = await emptyDatabase(postgres());
    const newer = migrationFolder({ '0001_a.sql': 'select 1', '0002_b.sql': 'select 1' });
    const older = migrationFolder({ '0001_a.sql': 'select 1' });
    await migrate({ owner, servingRole, folder: newer });
    await expect(migrate({ owner, servingRole, folder: older })).rejects.toThrow(
      /from a newer release of Latchkey \(schema version 2; this release knows 1\)/,
    );
  });

  test('a database that does not store UTF-8 is refused', async () => {
    const { owner } = await emptyDatabase(postgres(), 'SQL_ASCII');
    await expect(migrate({ owner, servingRole, folder: ownMigrations })).rejects.toThrow(
      /stores text as SQL_ASCII; Latchkey needs UTF8/,
    );
  });

  test('a role that may not make tables is told what to do', async () => {
    const { serving } = await emptyDatabase(postgres());
    await expect(migrate({ owner: serving, servingRole, folder: ownMigrations })).rejects.toThrow(
      /The role latchkey may not make tables in the schema public.*DATABASE_OWNER_URL/,
    );
  });

  test.each([
    [{ 'first.sql': '' }, /is not named like 0001_name\.sql/],
    [{ '0001_a.sql': '', '0003_c.sql': '' }, /Migration 3 \(c\).*should be number 2/],
    [{ '0001_a.sql': '', '0001_b.sql': '' }, /Migration 1 \(b\).*should be number 2/],
  ])('files that are misnamed, missing or double are found before anything is done: %o', async (files, message) => {
    const folder = migrationFolder(files);
    await expect(async () => migrate({ owner: 'postgres://nowhere.invalid/x', servingRole, folder })).rejects.toThrow(
      message,
    );
  });
});

async function rightsOf(owner: Connection, role: string): Promise<Record<string, string>> {
  const rows = await query<{ name: string; held: string }>(
    owner,
    `select relname as name, (select string_agg(r, ' ') from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) r
                              where has_table_privilege('${role}', oid, r)) as held
     from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
  );
  return Object.fromEntries(rows.map(({ name, held }) => [name, held]));
}

/** Every row of the catalogue that a needless statement would have written again. */
function catalogueRows(owner: Connection) {
  return query(owner, `select oid, xmin from pg_class where relnamespace = 'public'::regnamespace order by oid`);
}

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ConnectionOptions } from '../../server/src/postgres/connection.ts';
import { migrate } from '../../server/src/postgres/migrate.ts';
import { ownMigrations } from './migration-folder.ts';
import {
  emptyDatabase,
  holdDatabase,
  query,
  sharedPostgres,
  startDatabase,
  temporaryFolder,
} from './temporary-database.ts';

const other = sharedPostgres();

test('while a server runs: backup reads its database, and restore makes another like it', async () => {
  const [dataDir, newDir] = [temporaryFolder(), join(temporaryFolder(), 'new')];
  const { postgres } = await holdDatabase(dataDir);
  await fill(postgres.owner);
  const file = join(temporaryFolder(), 'backup');
  expect(run('backup', file, { DATA_DIR: dataDir })).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/Backed up \d+ rows of \d+ tables/),
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await query(postgres.owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);

  expect(run('restore', file, { DATA_DIR: newDir })).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/Restored \d+ rows/),
  });
  const restored = await startDatabase(newDir);
  expect(await namesIn(restored.owner)).toEqual(['Ada & Co']);
});

test('while no server runs: backup starts the database and stops it again', async () => {
  const dataDir = temporaryFolder();
  const { owner, folder, stop } = await startDatabase(dataDir);
  await fill(owner);
  await stop();
  const file = join(temporaryFolder(), 'backup');
  expect(run('backup', file, { DATA_DIR: dataDir })).toMatchObject({ status: 0 });
  expect(existsSync(join(folder, 'postmaster.pid'))).toBe(false);
  expect(readdirSync(dataDir)).not.toContain('postgres.claim');
});

test('with DATABASE_URL: both work on that database, whichever role owns it', async () => {
  const [from, to] = [await emptyDatabase(other()), await emptyDatabase(other())];
  await fill(from.owner);
  const file = join(temporaryFolder(), 'backup');
  const secret = { LATCHKEY_SECRET: 's'.repeat(32) };
  expect(run('backup', file, { DATABASE_URL: url(from.owner), ...secret })).toMatchObject({ status: 0 });
  const roles = { DATABASE_URL: url(to.serving), DATABASE_OWNER_URL: url(to.owner), ...secret };
  expect(run('restore', file, roles)).toMatchObject({ status: 0 });
  expect(await namesIn(to.serving)).toEqual(['Ada & Co']);
  await expect(query(to.serving, 'delete from audit_event')).rejects.toThrow('permission denied');
});

test('a restored database signs everybody out, whoever was signed in when the backup was made', async () => {
  const [from, to] = [await emptyDatabase(other()), await emptyDatabase(other())];
  await fill(from.owner);
  await query(
    from.owner,
    `with person as (insert into identity (id, email) values (gen_random_uuid(), 'ada@example.com') returning id)
     insert into session (identity_id, id, secret_hash, method, ip, expires_at)
     select id, gen_random_uuid(), '\\x00', 'passkey', '127.0.0.1', now() + interval '7 days' from person`,
  );
  const file = join(temporaryFolder(), 'backup');
  const secret = { LATCHKEY_SECRET: 's'.repeat(32) };
  expect(run('backup', file, { DATABASE_URL: url(from.owner), ...secret })).toMatchObject({ status: 0 });
  const restored = run('restore', file, { DATABASE_URL: url(to.owner), ...secret });
  expect(restored).toMatchObject({ status: 0, stdout: expect.stringContaining('people sign in again') });
  expect(await query(to.owner, 'select email from identity')).toEqual([{ email: 'ada@example.com' }]);
  expect(await query(to.owner, 'select id from session')).toEqual([]);
});

test('both say that the secret is kept elsewhere', async () => {
  const { owner } = await emptyDatabase(other());
  await fill(owner);
  const file = join(temporaryFolder(), 'backup');
  const { stdout } = run('backup', file, { DATABASE_URL: url(owner), LATCHKEY_SECRET: 's'.repeat(32) });
  expect(stdout).toMatch(/The secret is not in it: keep LATCHKEY_SECRET too/);
});

test('a relative file is beside the person, not in the project', async () => {
  const { owner } = await emptyDatabase(other());
  await fill(owner);
  const file = join(temporaryFolder(), 'backup');
  const where = { INIT_CWD: dirname(file), DATABASE_URL: url(owner), LATCHKEY_SECRET: 's'.repeat(32) };
  expect(run('backup', basename(file), where)).toMatchObject({ status: 0 });
  expect(existsSync(file)).toBe(true);
});

test('without a database backup says so, and makes none', () => {
  const dataDir = join(temporaryFolder(), 'none');
  const result = run('backup', join(temporaryFolder(), 'backup'), { DATA_DIR: dataDir });
  expect(result).toEqual({
    status: 1,
    stdout: '',
    stderr: `There is no database in DATA_DIR (${dataDir}), and DATABASE_URL is not set.\n`,
  });
  expect(existsSync(dataDir)).toBe(false);
});

test.each(['backup', 'restore'])('%s without a file says how it is used', (command) => {
  expect(run(command, undefined, {})).toEqual({
    status: 1,
    stdout: '',
    stderr: `Usage: npm run ${command} -- <file>\n`,
  });
});

test('restore of a file that is not there is a sentence, not a stack', async () => {
  const { owner } = await emptyDatabase(other());
  const result = run('restore', '/nowhere/backup', { DATABASE_URL: url(owner), LATCHKEY_SECRET: 's'.repeat(32) });
  expect(result).toEqual({ status: 1, stdout: '', stderr: 'There is no file /nowhere/backup.\n' });
});

async function fill(owner: ConnectionOptions): Promise<void> {
  await migrate({ owner, servingRole: 'latchkey', folder: ownMigrations });
  await query(owner, `insert into organization (id, name, plan) values (gen_random_uuid(), 'Ada & Co', 'team')`);
}

async function namesIn(owner: ConnectionOptions): Promise<string[]> {
  return (await query<{ name: string }>(owner, 'select name from organization')).map(({ name }) => name);
}

function url({ host, port, user, database }: ConnectionOptions): string {
  return `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

/** As npm does, in the project's folder. */
function run(command: string, file: string | undefined, environment: Record<string, string>) {
  const script = fileURLToPath(new URL(`../../server/src/commands/${command}.ts`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...(file ? [file] : [])], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

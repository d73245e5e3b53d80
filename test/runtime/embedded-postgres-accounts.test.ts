import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findBinaries } from '../../server/src/postgres/embedded-binaries.ts';
import { holdDatabase, isRoot, query, rememberingLog, startDatabase, temporaryFolder } from './temporary-database.ts';

if (isRoot) testAsRoot();
else testAsOrdinaryUser();

function testAsRoot(): void {
  test('as root: PostgreSQL runs as a user of its own, in a folder that this user can reach', async () => {
    const dataDir = temporaryFolder();
    const { owner, folder } = await startDatabase(dataDir);
    expect(folder).toBe(join(dataDir, 'postgres-18'));
    expect(statSync(folder).uid).toBeGreaterThan(60_000);
    expect(ownerOfPostmaster(folder)).toBe(statSync(folder).uid);
    expect(await query(owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  test('as root in a folder that only root may enter: the data is elsewhere, said loudly, and found again', async () => {
    const dataDir = rootsOwn('data');
    const log = rememberingLog();
    const first = await startDatabase(dataDir, { log });
    expect(first.folder).toMatch(/^\/var\/lib\/latchkey\//);
    expect(log.lines.join('\n')).toContain(
      `the database is in ${first.folder}, because only root may enter ${dataDir}`,
    );
    expect(readlinkSync(join(dataDir, 'postgres-18.location'))).toBe(first.folder);
    await query(first.owner, `create table note (text text); insert into note values ('kept')`);
    await first.stop();

    const second = await startDatabase(dataDir);
    expect(second.folder).toBe(first.folder);
    expect(await query(second.owner, 'select text from note')).toEqual([{ text: 'kept' }]);
  });

  test('as root: two clones in folders that only root may enter do not share data', async () => {
    const [one, other] = [await startDatabase(rootsOwn('data')), await startDatabase(rootsOwn('data'))];
    expect(one.folder).not.toBe(other.folder);
    await query(one.owner, 'create table note (text text)');
    await expect(query(other.owner, 'select from note')).rejects.toThrow('does not exist');
  });

  test('as root: a clone that is moved keeps its data, and one that is copied does not get at it', async () => {
    const clone = dirname(rootsOwn('data'));
    const original = await startDatabase(join(clone, 'data'));
    await original.stop();
    cpSync(join(clone, 'data'), join(clone, 'copy'), { recursive: true, verbatimSymlinks: true });
    await expect(startDatabase(join(clone, 'copy'))).rejects.toThrow(/copy is a copy of .*data.*backup and restore/s);

    rmSync(join(clone, 'copy'), { recursive: true });
    renameSync(join(clone, 'data'), join(clone, 'moved'));
    const moved = await startDatabase(join(clone, 'moved'));
    expect(moved.folder).toBe(original.folder);
  });

  test('as root: data that was elsewhere and is gone is an error, not an empty database', async () => {
    const dataDir = rootsOwn('data');
    const { folder, stop } = await startDatabase(dataDir);
    await stop();
    rmSync(folder, { recursive: true });
    await expect(startDatabase(dataDir)).rejects.toThrow(`was in ${folder} and is not there any more`);
  });

  test('as root: a database left behind by a killed server is ended in a folder that only root may enter, too', async () => {
    const dataDir = rootsOwn('data');
    const killed = await holdDatabase(dataDir);
    await query(killed.postgres.owner, `create table note (text text); insert into note values ('acknowledged')`);
    killed.child.kill('SIGKILL');
    await killed.exited;
    const { owner } = await startDatabase(dataDir);
    expect(await query(owner, 'select text from note')).toEqual([{ text: 'acknowledged' }]);
  });

  test('started by an ordinary user: everything is in DATA_DIR and belongs to that user', async () => {
    const { folder, uid, program, script } = copyFor('daemon');
    const dataDir = join(folder, 'data');
    const { postgres } = await holdDatabase(dataDir, {
      uid,
      gid: uid,
      cwd: folder,
      env: { PATH: '/usr/bin:/bin' },
      program,
      script,
    });
    expect(postgres.folder).toBe(join(dataDir, 'postgres-18'));
    expect(readdirSync(dataDir).map((name) => statSync(join(dataDir, name)).uid)).toEqual(
      readdirSync(dataDir).map(() => uid),
    );
    expect(ownerOfPostmaster(postgres.folder)).toBe(uid);
    expect(await query(postgres.owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  test('started by a user without a name in /etc/passwd: the reason is said, and DATABASE_URL named', async () => {
    const { folder, program, script } = copyFor('daemon');
    chownSync(folder, 54_321, 54_321);
    const { postgres } = await holdDatabase(join(folder, 'data'), {
      uid: 54_321,
      gid: 54_321,
      cwd: folder,
      program,
      script,
    });
    expect(postgres).toEqual({
      failed: expect.stringMatching(/user 54321 has no line in \/etc\/passwd.*DATABASE_URL/s),
    });
  });
}

function testAsOrdinaryUser(): void {
  test('as an ordinary user (the tests run as one): everything is in DATA_DIR and belongs to that user', async () => {
    const dataDir = temporaryFolder();
    const { owner, folder } = await startDatabase(dataDir);
    expect(folder).toBe(join(dataDir, 'postgres-18'));
    expect(statSync(folder).uid).toBe(process.getuid?.());
    expect(await query(owner, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  test('as an ordinary user: a DATA_DIR that may not be written is a clear error', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    await expect(startDatabase(join(folder, 'data'))).rejects.toThrow(/DATA_DIR .* cannot be used/);
    chmodSync(folder, 0o700);
  });
}

/** A folder below one that only root may enter, as /root is. */
function rootsOwn(name: string): string {
  const outer = temporaryFolder();
  chmodSync(outer, 0o700);
  return join(outer, name);
}

/** What an ordinary user needs to start the database: the checkout itself may be where that user cannot go. */
function copyFor(user: string): { folder: string; uid: number; program: string; script: string } {
  const uid = Number(new RegExp(`^${user}:[^:]*:(\\d+):`, 'm').exec(readFileSync('/etc/passwd', 'utf8'))?.[1]);
  const folder = temporaryFolder();
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const packaged = dirname(findBinaries().folder);
  const installed = join(folder, 'node_modules', packaged.split('/node_modules/')[1] ?? '');
  mkdirSync(dirname(installed), { recursive: true });
  cpSync(packaged, installed, { recursive: true, verbatimSymlinks: true });
  cpSync(join(root, 'server/src'), join(folder, 'server/src'), { recursive: true });
  mkdirSync(join(folder, 'test/runtime'), { recursive: true });
  const script = join(folder, 'test/runtime/hold-database.ts');
  copyFileSync(fileURLToPath(new URL('hold-database.ts', import.meta.url)), script);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const program = join(folder, 'node');
  copyFileSync(process.execPath, program);
  chownSync(folder, uid, uid);
  return { folder, uid, program, script };
}

function ownerOfPostmaster(data: string): number {
  const pid = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0];
  return statSync(`/proc/${pid}`).uid;
}

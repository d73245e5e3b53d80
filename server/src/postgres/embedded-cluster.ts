import { spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lchownSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '../operator-error.ts';
import { type Account, cannotRun, namedAccount } from './embedded-account.ts';
import type { Place } from './embedded-place.ts';
import { commandLines } from './process-identity.ts';

export const SUPERUSER = 'postgres';
export const OWNER_ROLE = 'latchkey_owner';
export const SERVING_ROLE = 'latchkey';

/** Said in full, so that nothing of the environment (LANG, TZ, PG…) decides how the data is stored. */
export const ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Who may connect. There is no TCP, and the socket's folder lets in nobody but the user we run as (mode 0700), who can read the data
 * files anyway: a password in the same folder would protect nothing. So whoever reaches the socket is trusted.
 */
const ACCESS = 'local all all trust\n';

/**
 * Makes the data folder of a place: UTF-8, bytewise collation, page checksums, the roles, the database. It appears under its name only
 * when it is complete and on disk, so that a start which is killed half-way leaves nothing that looks like data.
 */
export function createCluster(bin: string, major: number, place: Place, databaseName: string): void {
  const builder = namedAccount();
  removeUnfinished(place);
  // A name of its own each time, since the initdb of a start that was killed lives on for a while and writes into its folder.
  const unfinished = mkdtempSync(`${place.data}.unfinished-`);
  if (builder) give(unfinished, builder);

  initialize(bin, major, unfinished, builder);
  writeFileSync(join(unfinished, 'pg_hba.conf'), ACCESS);
  createRolesAndDatabase(bin, unfinished, builder, databaseName);
  if (place.account) handOver(unfinished, place.account);
  renameSync(unfinished, place.data);
  flushFolder(dirname(place.data));
  place.pointAt();
  removeUnfinished(place);
}

/** What starts that were killed have left behind. */
function removeUnfinished({ data }: Place): void {
  const leftovers = readdirSync(dirname(data)).filter((name) => name.startsWith(`${basename(data)}.unfinished`));
  if (leftovers.length > 0) endInitdb(`${data}.unfinished`);
  for (const name of leftovers) {
    try {
      rmSync(join(dirname(data), name), { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
    } catch {
      // Somebody is still writing there, to no effect but the space it takes.
    }
  }
}

/** Nobody else is making this data folder, since we hold the claim. */
function endInitdb(unfinished: string): void {
  for (const { pid, command } of commandLines()) {
    if (!command.includes(` -D ${unfinished}`)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Throws OperatorError when a data folder that is there cannot be used by this PostgreSQL. */
export function checkCluster(place: Place, major: number): void {
  const found = versionOf(place.data);
  if (found === major) return;
  throw new OperatorError(
    `${place.data} holds the data of PostgreSQL ${found}, not ${major}: it was renamed or written by something else.`,
  );
}

export function clusterExists(place: Place): boolean {
  return existsSync(place.data);
}

function versionOf(data: string): number {
  try {
    return Number.parseInt(readFileSync(join(data, 'PG_VERSION'), 'utf8'), 10);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const hint = code === 'EACCES' ? ' It belongs to another user: start Latchkey as that user, or as root.' : '';
    throw new OperatorError(`${data} cannot be read as a PostgreSQL data folder: ${message}.${hint}`, { cause });
  }
}

function initialize(bin: string, major: number, data: string, builder: Account): void {
  const arguments_ = ['-D', data, '-U', SUPERUSER, '-E', 'UTF8', '--locale=C', '--auth=trust', '--no-instructions'];
  if (major < 18) arguments_.push('--data-checksums');
  const { status, stdout, stderr } = run(join(bin, 'initdb'), arguments_, builder);
  if (status === 0) return;
  if (/could not look up effective user ID/.test(stderr)) {
    throw new OperatorError(
      `PostgreSQL can only make its data folder for a user with a name, and user ${process.getuid?.()} has no line in /etc/passwd. ` +
        'Add one, start as a named user, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  throw new OperatorError(`The embedded PostgreSQL could not make its data folder: ${`${stdout}\n${stderr}`.trim()}`);
}

/** In PostgreSQL's single-user mode, which needs no server and no connection; each line is one statement. */
function createRolesAndDatabase(bin: string, data: string, builder: Account, databaseName: string): void {
  const database = `"${databaseName.replaceAll('"', '""')}"`;
  const statements = [
    `create role ${OWNER_ROLE} login`,
    `create role ${SERVING_ROLE} login`,
    `create database ${database} owner ${OWNER_ROLE}`,
    `revoke all on database ${database} from public`,
    `grant connect on database ${database} to ${SERVING_ROLE}`,
  ];
  const arguments_ = ['--single', '-j', '-D', data, SUPERUSER];
  const { status, stderr } = run(join(bin, 'postgres'), arguments_, builder, `${statements.join(';\n\n')};\n\n`);
  // Single-user mode goes on after an error, and ends with 0 all the same.
  if (status === 0 && !/ERROR:/.test(stderr)) return;
  throw new OperatorError(`The embedded PostgreSQL could not make its roles and its database: ${stderr.trim()}`);
}

function run(program: string, arguments_: string[], account: Account, input = '') {
  const ended = spawnSync(program, arguments_, { ...account, cwd: '/', env: ENVIRONMENT, encoding: 'utf8', input });
  if (ended.error) throw cannotRun(ended.error);
  return ended;
}

function give(folder: string, { uid, gid }: NonNullable<Account>): void {
  try {
    chownSync(folder, uid, gid);
  } catch (error) {
    throw cannotRun(error as NodeJS.ErrnoException);
  }
}

function handOver(folder: string, account: NonNullable<Account>): void {
  give(folder, account);
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(folder, entry), account.uid, account.gid);
  }
}

function flushFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

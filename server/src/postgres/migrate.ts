import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { OperatorError } from '../operator-error.ts';
import { type Connection, withClient } from './connection.ts';
import { type Migration, readMigrations } from './migration-files.ts';
import { grantServingRole } from './serving-rights.ts';

export interface MigrateOptions {
  /** Connects as the role that owns the tables. */
  owner: Connection;
  /** The role that serves requests; it may be the owner's own. */
  servingRole: string;
  /** Where the files `NNNN_name.sql` are. */
  folder: string;
  patience?: Patience;
}

/** How long a migration waits for a lock that somebody holds on a table: whoever asks for the table meanwhile waits behind it. */
export interface Patience {
  lockMilliseconds: number;
  /** How often it asks, with pauses in which those behind it have their turn. */
  tries: number;
  pauseMilliseconds: number;
}

const patient: Patience = { lockMilliseconds: 3000, tries: 6, pauseMilliseconds: 3000 };

export interface Migrated {
  /** The names of the migrations that were applied now. */
  applied: string[];
  /** The schema's version, 0 when there are no migrations. */
  version: number;
  /** What the operator should know, such as a serving role with rights that cannot be taken from it. */
  warnings: string[];
}

/** A migration that is in the database. */
export interface AppliedMigration {
  version: number;
  name: string;
  checksum: string;
}

// Any number would do, as long as every release locks the same one.
const LOCK = 4_801_172_025;
const OLDEST_POSTGRES = 15;

/**
 * Brings the schema to the version of this release and gives the serving role its rights. Forward only; any number of servers may do it
 * at once. Throws OperatorError for a database that is too old, not UTF-8, newer than this release, or migrated by changed files, and
 * where somebody holds a lock on a table that a migration changes.
 */
export function migrate({ owner, servingRole, folder, patience = patient }: MigrateOptions): Promise<Migrated> {
  const migrations = readMigrations(folder);
  return withClient(owner, 'latchkey migrate', async (client) => {
    await checkDatabase(client);
    const done = await appliedMigrations(client);
    checkHistory(done, migrations);
    const applied: string[] = [];
    for (const migration of migrations.slice(done.length)) {
      if (await applyPatiently(client, migration, patience)) applied.push(migration.name);
    }
    // One server at a time: rights that two change at once are an error of PostgreSQL's.
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const warnings = await grantServingRole(client, servingRole);
    await client.query('commit');
    return { applied, version: migrations.length, warnings };
  });
}

/** Throws OperatorError when this database cannot hold our data. */
export async function checkDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{
    version: number;
    encoding: string;
    may_create: boolean;
    role: string;
    schema: string | null;
  }>(`
    select current_setting('server_version_num')::integer as version, current_setting('server_encoding') as encoding,
           current_schema() as schema, current_user as role,
           coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create`);
  const [database] = rows;
  if (!database) throw new Error('PostgreSQL answered nothing');
  const { version, encoding, role, schema, may_create } = database;
  if (version < OLDEST_POSTGRES * 10_000) {
    throw new OperatorError(
      `PostgreSQL ${Math.floor(version / 10_000)} is too old: Latchkey needs ${OLDEST_POSTGRES} or newer.`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new OperatorError(
      `The database stores text as ${encoding}; Latchkey needs UTF8. Make one with: create database latchkey template template0 encoding 'UTF8'`,
    );
  }
  if (!may_create) {
    throw new OperatorError(
      `The role ${role} may not make tables${schema ? ` in the schema ${schema}` : ' (there is no schema on its search_path)'}. ` +
        'Let it own the database, or set DATABASE_OWNER_URL to a role that does.',
    );
  }
}

/** Oldest first; empty in a database that was never migrated. */
export async function appliedMigrations(client: pg.Client): Promise<AppliedMigration[]> {
  const there = await client.query<{ there: boolean }>(`select to_regclass('migration') is not null as there`);
  if (!there.rows[0]?.there) return [];
  const { rows } = await client.query<AppliedMigration>(
    'select version, name, checksum from migration order by version',
  );
  return rows;
}

/** Throws OperatorError unless what was applied (to the database, or to the one a backup is of) is the beginning of what this release has. */
export function checkHistory(applied: AppliedMigration[], migrations: Migration[], subject = 'The database'): void {
  for (const { version, name, checksum } of applied) {
    const ours = migrations[version - 1];
    if (!ours) {
      throw new OperatorError(
        `${subject} is from a newer release of Latchkey (schema version ${applied.at(-1)?.version}; this release knows ` +
          `${migrations.length}). Use that release or a newer one; the schema never goes back.`,
      );
    }
    if (ours.name !== name || ours.checksum !== checksum) {
      throw new OperatorError(
        `${subject} is not from this line of releases: its migration ${version} (${name}) is not the one here (${ours.name}). The file was ` +
          'changed after it was applied, or the data belongs to something else.',
      );
    }
  }
}

/** Makes the table that migrations are recorded in, where there is none. */
export async function makeHistory(client: pg.Client): Promise<void> {
  await client.query(HISTORY_TABLE);
}

/** Runs one migration in the transaction that is open, and records it. */
export async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql);
  } catch (error) {
    throw withLine(error, migration);
  }
  await client.query('insert into migration (version, name, checksum) values ($1, $2, $3)', [
    migration.version,
    migration.name,
    migration.checksum,
  ]);
}

/** Gives up its place after a while, so that a server which starts does not stop those that serve, and asks again. */
async function applyPatiently(client: pg.Client, migration: Migration, patience: Patience): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyUnlessDone(client, migration, patience.lockMilliseconds);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (attempt === patience.tries) throw await lockedOut(client, migration, patience);
      await sleep(patience.pauseMilliseconds);
    }
  }
}

/** PostgreSQL's `lock_not_available`. */
const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error &&
  [error, error.cause].some((cause) => (cause as pg.DatabaseError | undefined)?.code === '55P03');

/** Says who has had a lock on one of our tables for the longest. */
async function lockedOut(client: pg.Client, migration: Migration, patience: Patience): Promise<OperatorError> {
  const { rows } = await client.query<{ pid: number; name: string | null; state: string | null }>(`
    select l.pid, nullif(a.application_name, '') as name, a.state
    from pg_locks l join pg_class c on c.oid = l.relation left join pg_stat_activity a on a.pid = l.pid
    where l.granted and l.database = (select oid from pg_database where datname = current_database())
      and c.relnamespace = current_schema()::regnamespace and l.pid <> pg_backend_pid()
    group by l.pid, a.application_name, a.state, a.xact_start order by a.xact_start nulls last limit 3`);
  const holders = rows.map(
    ({ pid, name, state }) => `process ${pid} (${[name ?? 'without a name', state ?? 'state unknown'].join(', ')})`,
  );
  return new OperatorError(
    `Migration ${fileOf(migration)} needs a lock on a table that others hold: it waited ${patience.tries} times for ` +
      `${patience.lockMilliseconds / 1000} seconds. Of those who hold one now, the longest in a transaction first: ` +
      `${holders.join('; ') || 'nobody any more'}. End what holds it (pg_terminate_backend), or start again when less is going on. ` +
      'Nothing of this migration was done.',
  );
}

/** The lock is the transaction's, so it works through a pooler too, and a server that waited for it sees what the other did. */
async function applyUnlessDone(client: pg.Client, migration: Migration, lockMilliseconds: number): Promise<boolean> {
  await client.query('begin');
  try {
    // However long another server migrates: only what waits for tables has others wait behind it.
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(`set local lock_timeout = ${lockMilliseconds}`);
    // Also what makes this session see the table if another made it just now: it remembers that there was none.
    await makeHistory(client);
    const done = (await appliedMigrations(client)).some(({ version }) => version === migration.version);
    if (!done) await applyMigration(client, migration);
    await client.query('commit');
    return !done;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

const HISTORY_TABLE = `
  create table if not exists migration (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  );
  comment on table migration is 'The steps of the schema that were taken, in order.';
  comment on column migration.checksum is 'SHA-256 of the file, so that one changed afterwards is noticed.';
`;

function withLine(error: unknown, migration: Migration): Error {
  const { message, position } = error as pg.DatabaseError;
  const line = position ? migration.sql.slice(0, Number(position)).split('\n').length : undefined;
  return new Error(`Migration ${fileOf(migration)}${line ? `, line ${line}` : ''}: ${message}`, { cause: error });
}

const fileOf = ({ version, name }: Migration): string => `${String(version).padStart(4, '0')}_${name}.sql`;

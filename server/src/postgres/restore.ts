import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { OperatorError } from '../operator-error.ts';
import type { BackupSummary } from './backup.ts';
import {
  BackupLines,
  type End,
  FORMAT,
  type Header,
  type Start,
  sha256Of,
  type TableEnd,
  type TableStart,
} from './backup-format.ts';
import { makePartitions } from './backup-partitions.ts';
import { sayEverythingExactly, summaryOf, type Table, tablesInOrder } from './backup-tables.ts';
import { withClient } from './connection.ts';
import { applyMigration, checkDatabase, checkHistory, type MigrateOptions, makeHistory } from './migrate.ts';
import { readMigrations } from './migration-files.ts';
import { suspendChecks } from './restore-suspend.ts';
import { grantServingRole } from './serving-rights.ts';

/**
 * Fills an empty database from a backup: migrates it to the backup's version, loads the rows, reads them again to compare, migrates on to
 * this release. All in one transaction, so that a failure leaves the database empty.
 * Throws OperatorError for a database that is not empty and a file that is foreign, truncated, corrupt or from a newer release.
 */
export async function restore({ owner, servingRole, folder }: MigrateOptions, file: string): Promise<BackupSummary> {
  const bytes = sizeOf(file);
  const summary = await withClient(owner, 'latchkey restore', async (client) => {
    await checkDatabase(client);
    await client.query('begin');
    await refuseUnlessEmpty(client);
    await sayEverythingExactly(client);
    const restored = await restoreFrom(client, new BackupLines(unzipped(file)), folder).catch((error) => {
      throw readable(error, file);
    });
    await grantServingRole(client, servingRole);
    await client.query('commit');
    return restored;
  });
  return { ...summary, bytes };
}

async function restoreFrom(
  client: pg.Client,
  lines: BackupLines,
  folder: string,
): Promise<Omit<BackupSummary, 'bytes'>> {
  const header = await readHeader(lines);
  const migrations = readMigrations(folder);
  checkHistory(header.migrations, migrations, 'The backup');

  await makeHistory(client);
  const version = header.migrations.length;
  for (const migration of migrations.slice(0, version)) await applyMigration(client, migration);
  const loaded = await loadRows(client, lines, header);
  for (const migration of migrations.slice(version)) await applyMigration(client, migration);
  return { ...loaded, version, postgres: header.postgres };
}

async function readHeader(lines: BackupLines): Promise<Header> {
  const { format, sha256 } = await lines.json<Start>(
    (value) => value.latchkey === 'backup' && typeof value.format === 'number',
  );
  if (format > FORMAT)
    throw new OperatorError('The backup was made by a newer release of Latchkey; restore it with that one.');
  const line = await lines.line();
  if (sha256Of(line) !== sha256) throw new OperatorError('The backup is corrupt: the checksum of its header is wrong.');
  return JSON.parse(line.toString()) as Header;
}

async function loadRows(
  client: pg.Client,
  lines: BackupLines,
  header: Header,
): Promise<{ tables: number; rows: number }> {
  await makePartitions(client, header.partitions);
  const tables = await tablesInOrder(client);
  const resumeChecks = await suspendChecks(
    client,
    tables.map(({ name }) => name),
  );
  // What migrations put in is in the backup too, as it was when it was made.
  if (tables.length > 0) await client.query(`truncate ${tables.map(({ name }) => name).join(', ')}`);

  const ends = await loadTables(client, lines, tables);
  await setSequences(client, header);
  await resumeChecks();
  await compare(client, ends);
  // So that the first queries find their way before the autovacuum comes by.
  for (const { name } of tables) await client.query(`analyze ${name}`);
  return { tables: ends.size, rows: [...ends.values()].reduce((sum, { rows }) => sum + rows, 0) };
}

async function loadTables(client: pg.Client, lines: BackupLines, tables: Table[]): Promise<Map<Table, TableEnd>> {
  const ends = new Map<Table, TableEnd>();
  for (;;) {
    const digest = lines.digest();
    const next = await lines.json<TableStart | End>((value) => typeof value.table === 'string' || value.end === true);
    if ('end' in next) {
      if (next.sha256 !== digest || next.tables !== ends.size)
        throw new OperatorError('The backup is corrupt: its checksum is wrong.');
      await lines.expectEnd();
      break;
    }
    const table = tables.find(({ name }) => name === next.table);
    if (!table || !sameColumns(table, next)) {
      throw new OperatorError(
        `The backup is corrupt: it has a table ${next.table} with columns that this schema does not have.`,
      );
    }
    ends.set(table, await loadTable(client, lines, table));
  }
  const missing = tables.filter((table) => !ends.has(table)).map(({ name }) => name);
  if (missing.length > 0) throw new OperatorError(`The backup is corrupt: nothing is said of ${missing.join(', ')}.`);
  return ends;
}

async function loadTable(client: pg.Client, lines: BackupLines, { name, columns }: Table): Promise<TableEnd> {
  const copy = client.query(from(`copy ${name} (${columns.join(', ')}) from stdin`));
  await pipeline(Readable.from(lines.rows(), { objectMode: false }), copy).catch((error) => {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw new OperatorError(`The backup is corrupt: PostgreSQL refuses a row of ${name}: ${error.message}.`, {
      cause: error,
    });
  });
  return lines.json<TableEnd>((value) => typeof value.rows === 'number' && typeof value.sha256 === 'string');
}

function sameColumns({ columns }: Table, start: TableStart): boolean {
  return JSON.stringify(columns) === JSON.stringify(start.columns);
}

async function setSequences(client: pg.Client, header: Header): Promise<void> {
  for (const { name, value, called } of header.sequences)
    await client.query('select setval($1::regclass, $2, $3)', [name, value, called]);
}

/** Whatever lies between a file and a table, what can be read back is what was written. */
async function compare(client: pg.Client, ends: Map<Table, TableEnd>): Promise<void> {
  for (const [table, expected] of ends) {
    const found = await summaryOf(client, table);
    if (found.rows === expected.rows && found.sha256 === expected.sha256) continue;
    throw new OperatorError(
      `The backup is corrupt: ${table.name} should have ${expected.rows} rows with checksum ${expected.sha256}, and has ${found.rows} ` +
        `with ${found.sha256}.`,
    );
  }
}

async function refuseUnlessEmpty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`
    select class.oid::regclass::text as name from pg_class class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = class.oid and deptype = 'e')
    order by 1`);
  if (rows.length === 0) return;
  throw new OperatorError(
    `The database is not empty (it has ${rows.length} tables, ${rows[0]?.name} among them). A backup is only restored into an empty one: ` +
      'a new DATA_DIR, or a new database for DATABASE_URL.',
  );
}

async function* unzipped(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const gunzip = createGunzip();
  source.once('error', (error) => gunzip.destroy(error));
  yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new OperatorError(`There is no file ${file}.`);
  return stat.size;
}

/** What zlib and PostgreSQL say of a damaged file, in words for whoever has it. */
function readable(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR')
    return new OperatorError(`${file} is truncated: it ends before its end.`, { cause: error });
  if (code === 'Z_DATA_ERROR')
    return new OperatorError(`${file} is corrupt, or not a backup of Latchkey: ${message}.`, { cause: error });
  return error;
}

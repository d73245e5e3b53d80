import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { OperatorError } from '../operator-error.ts';
import { END_OF_ROWS, type End, FORMAT, type Header, type Sequence, type Start, sha256Of } from './backup-format.ts';
import { partitions } from './backup-partitions.ts';
import { rowsOf, sayEverythingExactly, type Table, tablesInOrder } from './backup-tables.ts';
import { type Connection, withClient } from './connection.ts';
import { appliedMigrations } from './migrate.ts';

/** What went into a backup, or came out of one. */
export interface BackupSummary {
  tables: number;
  rows: number;
  /** The version of the schema. */
  version: number;
  /** The PostgreSQL it was made from, such as 18.4. */
  postgres: string;
  bytes: number;
}

/**
 * Writes all data of the database, as it is at one moment, into a new file that only its owner may read (mode 0600). The server may go on
 * meanwhile. The file appears when it is complete. Throws OperatorError when there is nothing to back up, or the file is there already.
 */
export async function backup(owner: Connection, file: string): Promise<BackupSummary> {
  if (existsSync(file)) throw new OperatorError(`${file} is there already; a backup never replaces another.`);
  const unfinished = `${file}.unfinished`;
  try {
    const summary = await withClient(owner, 'latchkey backup', async (client) => {
      await client.query('begin isolation level repeatable read read only');
      await sayEverythingExactly(client);
      const tables = await tablesInOrder(client);
      const header = await describe(client);
      const counted = { tables: tables.length, rows: 0, version: header.migrations.length, postgres: header.postgres };
      const output = createWriteStream(unfinished, { mode: 0o600, flags: 'wx', flush: true });
      await pipeline(content(client, header, tables, counted), createGzip(), output);
      return counted;
    });
    renameSync(unfinished, file);
    return { ...summary, bytes: statSync(file).size };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new OperatorError(
        `${unfinished} is there already: another backup is writing it, or one was killed. Delete it then.`,
      );
    }
    rmSync(unfinished, { force: true });
    throw error;
  }
}

async function describe(client: pg.Client): Promise<Header> {
  const migrations = await appliedMigrations(client);
  if (migrations.length === 0)
    throw new OperatorError('There is nothing to back up: this database has never held Latchkey.');
  const { rows } = await client.query<{ version: string; now: Date }>(
    `select split_part(current_setting('server_version'), ' ', 1) as version, now()`,
  );
  return {
    made_at: rows[0]?.now.toISOString() ?? '',
    postgres: rows[0]?.version ?? '',
    migrations,
    partitions: await partitions(client),
    sequences: await sequences(client),
  };
}

/** They are outside the snapshot, but only ever ahead of what it holds. */
async function sequences(client: pg.Client): Promise<Sequence[]> {
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'S' order by 1`,
  );
  const states: Sequence[] = [];
  for (const { name } of rows) {
    const state = await client.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${name}`,
    );
    states.push(...state.rows.map((row) => ({ name, ...row })));
  }
  return states;
}

async function* content(
  client: pg.Client,
  header: Header,
  tables: Table[],
  counted: { rows: number },
): AsyncGenerator<Buffer> {
  const digest = createHash('sha256');
  const hashed = (chunk: Buffer) => {
    digest.update(chunk);
    return chunk;
  };
  const headerLine = line(header);
  yield hashed(line({ latchkey: 'backup', format: FORMAT, sha256: sha256Of(headerLine) } satisfies Start));
  yield hashed(headerLine);
  for (const table of tables) {
    yield hashed(line({ table: table.name, columns: table.columns }));
    const rows = rowsOf(client, table);
    let step = await rows.next();
    for (; !step.done; step = await rows.next()) yield hashed(step.value);
    yield hashed(END_OF_ROWS);
    yield hashed(line(step.value));
    counted.rows += step.value.rows;
  }
  yield line({ end: true, tables: tables.length, sha256: digest.digest('hex') } satisfies End);
}

function line(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

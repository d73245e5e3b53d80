import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  /** As the plain role that serves, and as the one that owns the tables. */
  url: string;
  ownerUrl: string;
  /** Runs SQL as superuser, for looking behind the server's back. */
  sql<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>;
  drop(): Promise<void>;
}

/** A database of the test's own, cloned from the migrated template. */
export async function createDatabase(): Promise<TestDatabase> {
  const host = inject('socketFolder');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const superuser = { host, user: 'postgres', ssl: false } as const;
  await once(
    { ...superuser, database: 'postgres' },
    `create database ${name} template template_latchkey owner latchkey_owner`,
  );
  const pool = new pg.Pool({ ...superuser, database: name, max: 2 });
  pool.on('error', () => {});
  const url = (role: string): string => `postgres://${role}@localhost/${name}?host=${encodeURIComponent(host)}`;
  return {
    url: url('latchkey'),
    ownerUrl: url('latchkey_owner'),
    sql: async (text, values) => (await pool.query(text, values)).rows,
    async drop() {
      await pool.end();
      await once({ ...superuser, database: 'postgres' }, `drop database ${name} with (force)`);
    },
  };
}

async function once(config: pg.ClientConfig, text: string): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

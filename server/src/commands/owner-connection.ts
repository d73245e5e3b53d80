import pg from 'pg';
import type { Config } from '../config.ts';
import { OperatorError } from '../operator-error.ts';
import { type Connection, clientConfig, roleOf } from '../postgres/connection.ts';
import { embeddedPostgresExists, runningEmbeddedPostgres, startEmbeddedPostgres } from '../postgres/embedded.ts';
import { SERVING_ROLE } from '../postgres/embedded-cluster.ts';
import { type Database, poolDatabase } from '../store/database.ts';

/** The database that a command works on. */
export interface Target {
  owner: Connection;
  servingRole: string;
}

/**
 * Runs `work` with the database that the configuration names. An embedded one is used as it is where a server runs it, and otherwise
 * started and stopped again. `mayCreate`: whether a data folder without a database gets one.
 */
export async function withOwner<T>(
  config: Config,
  mayCreate: boolean,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const { databaseUrl, databaseOwnerUrl, dataDir } = config;
  if (databaseUrl) return work({ owner: databaseOwnerUrl ?? databaseUrl, servingRole: await roleOf(databaseUrl) });

  if (!mayCreate && !embeddedPostgresExists({ dataDir })) {
    throw new OperatorError(`There is no database in DATA_DIR (${dataDir}), and DATABASE_URL is not set.`);
  }
  const running = await runningEmbeddedPostgres({ dataDir });
  if (running) return work({ owner: running.owner, servingRole: SERVING_ROLE });

  const postgres = await startEmbeddedPostgres({ dataDir, log });
  try {
    return await work({ owner: postgres.owner, servingRole: SERVING_ROLE });
  } finally {
    await postgres.stop();
  }
}

/** Runs `work` with one connection to a database. */
export async function withDatabase<T>(connection: Connection, work: (db: Database) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ ...clientConfig(connection, 'latchkey command'), max: 1 });
  try {
    return await work(poolDatabase(pool));
  } finally {
    await pool.end();
  }
}

/** The answer alone goes to standard output. */
const log = { debug() {}, info: console.error, warn: console.error, error: console.error };

import pg from 'pg';
import { OperatorError } from '../operator-error.ts';

/** What `pg` needs to reach a database over a socket: `host` is the socket's folder. A part of pg's PoolConfig. */
export interface ConnectionOptions {
  host: string;
  port: number;
  user: string;
  database: string;
  password?: string;
  /** Said explicitly, so that a stray PGSSLMODE does not ask a socket for TLS. */
  ssl: false;
}

/** A database of our own (options) or of the operator's (a `postgres://` URL). */
export type Connection = ConnectionOptions | string;

/** The configuration for pg's Client and Pool. `name` is what an administrator sees in pg_stat_activity. */
export function clientConfig(connection: Connection, name: string): pg.ClientConfig {
  const where = typeof connection === 'string' ? { connectionString: connection } : connection;
  return { ...where, application_name: name, connectionTimeoutMillis: 10_000, keepAlive: true };
}

/** Runs `work` on one connection and closes it, whatever happens. Throws OperatorError where there is none to be had. */
export async function withClient<T>(
  connection: Connection,
  name: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(clientConfig(connection, name));
  // A connection that breaks while idle is reported here; the next query fails with the same cause.
  client.on('error', () => {});
  await client.connect().catch((cause: NodeJS.ErrnoException) => {
    throw new OperatorError(
      `The database cannot be reached: ${cause.message || cause.code}. Check DATABASE_URL and DATABASE_OWNER_URL.`,
      { cause },
    );
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The role that a connection acts as. */
export function roleOf(connection: Connection): Promise<string> {
  return withClient(connection, 'latchkey', async (client) => {
    const { rows } = await client.query<{ role: string }>('select current_user as role');
    return rows[0]?.role ?? '';
  });
}

import pg from 'pg';
import { runningEmbeddedPostgres } from '../../server/src/postgres/embedded.ts';
import { readPostmasterFile } from '../../server/src/postgres/embedded-leftover.ts';
import { type Latchkey, makeDataFolder, startLatchkey } from './latchkey.ts';

/** What a benchmark works with. */
export interface Bench {
  latchkey: Latchkey;
  database: BenchDatabase;
  /** Stops it when the benchmark is over, however it ends. */
  closeLater<T extends { stop(): Promise<void> }>(what: T): T;
}

/** The database cluster that the server has started. */
export interface BenchDatabase {
  /** How its superuser connects, to the database that Latchkey uses. */
  connection: { host: string; port: number; user: string; database: string };
  /** Process id of the postmaster, whose children the connections are. */
  postmaster: number;
  /** Runs one statement as the superuser. */
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

/** Starts Latchkey on a new data folder, runs `work`, stops everything and removes the folder. */
export async function withLatchkey<T>(work: (bench: Bench) => Promise<T>, env: NodeJS.ProcessEnv = {}): Promise<T> {
  const folder = makeDataFolder();
  const toStop: { stop(): Promise<void> }[] = [];
  try {
    const latchkey = await startLatchkey({ dataFolder: folder.path, env });
    toStop.push(latchkey);
    const { database, stop } = await openDatabase(folder.path);
    toStop.push({ stop });
    return await work({
      latchkey,
      database,
      closeLater(what) {
        toStop.push(what);
        return what;
      },
    });
  } finally {
    for (const running of toStop.toReversed()) await running.stop().catch((error) => console.error(error));
    folder.remove();
  }
}

async function openDatabase(dataFolder: string): Promise<{ database: BenchDatabase; stop(): Promise<void> }> {
  const running = await runningEmbeddedPostgres({ dataDir: dataFolder });
  if (running === null) throw new Error(`no database is running in ${dataFolder}`);
  const { host, port, database } = running.owner;
  const connection = { host, port, database, user: 'postgres' };
  const client = new pg.Client(connection);
  // Who interrupts a benchmark ends the database too; a connection that nobody listens to would then print where it broke.
  client.on('error', () => {});
  await client.connect();
  const query = async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows;
  const [place] = await query('show data_directory');
  const postmaster = readPostmasterFile(String(place?.data_directory))?.pid;
  if (postmaster === undefined) throw new Error('the database has no postmaster file');
  return { database: { connection, postmaster, query }, stop: () => client.end() };
}

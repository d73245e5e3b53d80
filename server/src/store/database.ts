import { createHash } from 'node:crypto';
import pg from 'pg';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Row = Record<string, unknown>;
type Values = readonly unknown[];

/** Where statements go: the pool, or one transaction. Store functions take it first. */
export interface Database {
  /** Runs one statement, prepared under a name of its own; for texts that are constant. */
  rows<R>(text: string, values?: Values): Promise<R[]>;
  /** Runs one statement planned for just these values; for texts that are put together. */
  rowsPlannedAnew<R>(text: string, values?: Values): Promise<R[]>;
  /** Runs `work` in one transaction; inside one already, joins it. Deadlocks are tried again, so `work` must not act outside. */
  transaction<T>(work: (transaction: Database) => Promise<T>): Promise<T>;
  /** Runs `work` as a transaction that may fail without another: inside one, all that `work` did there is undone by its error. */
  attempt<T>(work: (transaction: Database) => Promise<T>): Promise<T>;
  /** Runs `work` as a transaction whose result is kept and whose effect is not; what `work` throws is thrown. */
  rehearse<T>(work: (transaction: Database) => Promise<T>): Promise<T>;
}

/** The database cannot be reached just now, or ended our connection; nothing is known to be wrong with the statement. */
export class DatabaseUnavailable extends Error {
  constructor(cause: unknown) {
    super('the database cannot be reached', { cause });
    this.name = 'DatabaseUnavailable';
  }
}

const deadlockTries = 4;

export function poolDatabase(pool: pg.Pool): Database {
  const run = async <R>(query: pg.QueryConfig): Promise<R[]> => {
    try {
      return (await pool.query(query)).rows as R[];
    } catch (error) {
      throw translated(error);
    }
  };
  const retried = async <T>(work: Work<T>, end: 'commit' | 'rollback'): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await transact(pool, work, end);
      } catch (error) {
        if (!isDeadlock(error) || attempt === deadlockTries) throw error;
      }
    }
  };
  return {
    rows: (text, values = []) => run(prepared(text, values)),
    rowsPlannedAnew: (text, values = []) => run({ text, values: [...values] }),
    transaction: (work) => retried(work, 'commit'),
    attempt: (work) => retried(work, 'commit'),
    rehearse: (work) => retried(work, 'rollback'),
  };
}

type Work<T> = (transaction: Database) => Promise<T>;

async function transact<T>(pool: pg.Pool, work: Work<T>, end: 'commit' | 'rollback'): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw translated(error);
  });
  let broken: Error | undefined;
  // The pool listens only while a connection is idle; nobody listening to one that breaks in use would end the process.
  const noteLoss = (error: Error): void => {
    broken = error;
  };
  client.on('error', noteLoss);
  try {
    await client.query('begin');
    const result = await work(clientDatabase(client));
    await client.query(end);
    return result;
  } catch (error) {
    const known = translated(error);
    // A connection that does not answer is not asked again; one that cannot even roll back is not handed to the next request.
    if (known instanceof DatabaseUnavailable) broken = known;
    else
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
    throw known;
  } finally {
    client.off('error', noteLoss);
    client.release(broken);
  }
}

function clientDatabase(client: pg.PoolClient): Database {
  const inside: Database = {
    rows: async <R>(text: string, values: Values = []) => (await client.query(prepared(text, values))).rows as R[],
    rowsPlannedAnew: async <R>(text: string, values: Values = []) =>
      (await client.query(text, [...values])).rows as R[],
    transaction: (work) => work(inside),
    attempt: (work) => untilSavepoint(client, () => work(inside), 'release savepoint part'),
    rehearse: (work) => untilSavepoint(client, () => work(inside), backToSavepoint),
  };
  return inside;
}

// One inside another may have its name: the newer one is meant until it is released.
const backToSavepoint = 'rollback to savepoint part; release savepoint part';

async function untilSavepoint<T>(client: pg.PoolClient, work: () => Promise<T>, end: string): Promise<T> {
  await client.query('savepoint part');
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // Where not even that can be done, the connection is lost, and the transaction will find out.
    await client.query(backToSavepoint).catch(() => {});
    throw error;
  }
  await client.query(end);
  return result;
}

const names = new Map<string, string>();

function prepared(text: string, values: Values): pg.QueryConfig {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha1').update(text).digest('hex').slice(0, 20);
    names.set(text, name);
  }
  return { name, text, values: [...values] };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const isDeadlock = (error: unknown): boolean => ['40P01', '40001'].includes(codeOf(error));

// Classes 08 (connection) and 57P (operator intervention), and 53300 (too many connections), of PostgreSQL's error codes.
const unavailable = /^(08|57P|53300|ECONN|ENOENT|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EACCES)/;

function translated(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseUnavailable) return error;
  // Both repeat the row that a statement was refused for, with its personal data, and errors end up in the log.
  if (error instanceof pg.DatabaseError) error.detail = error.where = undefined;
  const lost =
    /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/i;
  return unavailable.test(codeOf(error)) || lost.test(error.message) ? new DatabaseUnavailable(error) : error;
}

/** The first row, where a statement can only give one or none. */
export const first = <R>(rows: readonly R[]): R | undefined => rows[0];

/** The row of a statement that always gives one. */
export function only<R>(rows: readonly R[]): R {
  const row = rows[0];
  if (row === undefined || rows.length > 1) throw new Error(`one row was expected, not ${rows.length}`);
  return row;
}

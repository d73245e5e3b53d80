import { createHash } from 'node:crypto';
import pg from 'pg';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

// What a member was given is a text[] of plain names; pg's own parser, which goes character by character, takes six times as long.
const TEXT_ARRAY: number = 1009;
const anyTextArray = pg.types.getTypeParser(TEXT_ARRAY);
const hasPlainNamesOnly = (text: string): boolean => text.length > 2 && !/["\\]|NULL|.\{/.test(text);
pg.types.setTypeParser(TEXT_ARRAY, (text) =>
  hasPlainNamesOnly(text) ? text.slice(1, -1).split(',') : anyTextArray(text),
);

export type Row = Record<string, unknown>;
type Values = readonly unknown[];

/** Where statements go: the pool, or one transaction. Store functions take it first. */
export interface Database {
  /** Runs one statement, prepared under a name of its own; for texts of which there are only so many. */
  rows<R>(text: string, values?: Values): Promise<R[]>;
  /** Runs one statement planned for just these values; for texts that have values in them, or whose plan depends on the values. */
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

/** @param patience milliseconds after which a statement that is not answered counts as one that the database cannot be reached for */
export function poolDatabase(pool: pg.Pool, patience?: number): Database {
  const run = <R>(query: pg.QueryConfig): Promise<R[]> => withClient(pool, patience, (ask) => ask<R>(query));
  const retried = async <T>(work: Work<T>, end: 'commit' | 'rollback'): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await withClient(pool, patience, (ask, giveUp) => transact(ask, giveUp, work, end));
      } catch (error) {
        if (!isDeadlock(error) || attempt === deadlockTries) throw error;
      }
    }
  };
  return {
    rows: (text, values = []) => run(prepared(text, values)),
    rowsPlannedAnew: (text, values = []) => run(plannedAnew(text, values)),
    transaction: (work) => retried(work, 'commit'),
    attempt: (work) => retried(work, 'commit'),
    rehearse: (work) => retried(work, 'rollback'),
  };
}

type Work<T> = (transaction: Database) => Promise<T>;
type Ask = <R>(query: pg.QueryConfig) => Promise<R[]>;

/** Runs `work` with one connection of the pool. One that is lost, does not answer, was given up or may be spoilt is not handed to the next. */
async function withClient<T>(
  pool: pg.Pool,
  patience: number | undefined,
  work: (ask: Ask, giveUp: (reason: Error) => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw translated(error);
  });
  let broken: Error | undefined;
  const giveUp = (reason: Error): void => {
    broken = reason;
  };
  // The pool listens only while a connection is idle; nobody listening to one that breaks in use would end the process.
  client.on('error', giveUp);
  try {
    return await work((query) => askOf(client, query, patience), giveUp);
  } catch (error) {
    const known = translated(error);
    if (known instanceof DatabaseUnavailable || isSpoiling(known)) broken = known;
    throw known;
  } finally {
    client.off('error', giveUp);
    client.release(broken);
  }
}

/**
 * Runs one statement. With a callback and a timer of our own: what pg does itself for a promise or for `query_timeout` sets a
 * function on its query that refers back to it, and such results outlive V8's collections of what is young (Node.js 26).
 */
function askOf<R>(client: pg.PoolClient, query: pg.QueryConfig, patience: number | undefined): Promise<R[]> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new DatabaseUnavailable(new Error(`no answer within ${patience} ms`)));
    const timer = patience === undefined ? undefined : setTimeout(late, patience);
    client.query(query, (error: Error | null, result) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve(result.rows as R[]);
    });
  });
}

async function transact<T>(
  ask: Ask,
  giveUp: (reason: Error) => void,
  work: Work<T>,
  end: 'commit' | 'rollback',
): Promise<T> {
  try {
    await ask({ text: 'begin' });
    const result = await work(connectionDatabase(ask));
    await ask({ text: end });
    return result;
  } catch (error) {
    // A connection that does not answer is not asked again; one that cannot even roll back is given up.
    if (!(translated(error) instanceof DatabaseUnavailable)) await ask({ text: 'rollback' }).catch(giveUp);
    throw error;
  }
}

function connectionDatabase(ask: Ask): Database {
  const inside: Database = {
    rows: (text, values = []) => ask(prepared(text, values)),
    rowsPlannedAnew: (text, values = []) => ask(plannedAnew(text, values)),
    transaction: (work) => work(inside),
    attempt: (work) => untilSavepoint(ask, () => work(inside), 'release savepoint part'),
    rehearse: (work) => untilSavepoint(ask, () => work(inside), backToSavepoint),
  };
  return inside;
}

// One inside another may have its name: the newer one is meant until it is released.
const backToSavepoint = 'rollback to savepoint part; release savepoint part';

async function untilSavepoint<T>(ask: Ask, work: () => Promise<T>, end: string): Promise<T> {
  await ask({ text: 'savepoint part' });
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // Where not even that can be done, the connection is lost, and the transaction will find out.
    await ask({ text: backToSavepoint }).catch(() => {});
    throw error;
  }
  await ask({ text: end });
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

const plannedAnew = (text: string, values: Values): pg.QueryConfig => ({ text, values: [...values] });

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const isDeadlock = (error: unknown): boolean => ['40P01', '40001'].includes(codeOf(error));

// Classes 08 (connection) and 57P (operator intervention), and 53300 (too many connections), of PostgreSQL's error codes.
const unavailable = /^(08|57P|53300|ECONN|ENOENT|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EACCES)/;

/**
 * Whether a refusal may be the connection's fault: a prepared statement that a migration has made useless, a server that only
 * reads after a failover. Those of values (22), constraints (23), conflicts (40) and our own functions (P0) are not.
 */
const isSpoiling = (error: unknown): error is pg.DatabaseError =>
  error instanceof pg.DatabaseError && !/^(22|23|40|P0)/.test(codeOf(error));

function translated(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseUnavailable) return error;
  if (error instanceof pg.DatabaseError) {
    // Both repeat the row that a statement was refused for, with its personal data, and errors end up in the log.
    error.detail = error.where = undefined;
    // From whoever asked, and no longer from the socket that the answer came by.
    Error.captureStackTrace(error, translated);
  }
  const lost =
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/i;
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

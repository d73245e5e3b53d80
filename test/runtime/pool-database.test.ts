import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type Database, DatabaseUnavailable, poolDatabase } from '../../server/src/store/database.ts';
import { emptyDatabase, query, sharedPostgres } from './temporary-database.ts';

const postgres = sharedPostgres();

function garbageCollector(): (options?: { type: 'minor' }) => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

/** One connection to a database of its own, so that what becomes of it can be seen, and what its owner does there. */
async function oneConnection(patience?: number) {
  const { owner } = await emptyDatabase(postgres());
  const pool = new pg.Pool({ ...owner, max: 1 });
  onTestFinished(() => pool.end());
  const db = poolDatabase(pool, patience);
  return { db, process: () => processOf(db), elsewhere: (sql: string) => query(owner, sql) };
}

async function processOf(db: Database): Promise<number> {
  const [row] = await db.rows<{ process: number }>('select pg_backend_pid() as process');
  return row?.process ?? 0;
}

test('a statement that is refused for what it says leaves its connection as it is', async () => {
  const { db, process } = await oneConnection();
  await db.rows('create table person (email text primary key)');
  await db.rows('insert into person values ($1)', ['ada@example.com']);
  const before = await process();
  await expect(db.rows('insert into person values ($1)', ['ada@example.com'])).rejects.toMatchObject({ code: '23505' });
  await expect(db.rows('select $1::int as n', ['no number'])).rejects.toMatchObject({ code: '22P02' });
  expect(await process()).toBe(before);
});

test('a statement that somebody’s change of the table has made useless is refused once, and no more', async () => {
  const { db, elsewhere } = await oneConnection();
  await elsewhere('create table note (text text)');
  await elsewhere(`insert into note values ('kept')`);
  expect(await db.rows('select * from note')).toEqual([{ text: 'kept' }]);
  await elsewhere('alter table note add column added integer default 1');
  await expect(db.rows('select * from note')).rejects.toMatchObject({ code: '0A000' });
  expect(await db.rows('select * from note')).toEqual([{ text: 'kept', added: 1 }]);
});

test.each(['by itself', 'in a transaction'])(
  'a statement that is not answered in time, %s, is given up with its connection',
  async (how) => {
    const { db, process } = await oneConnection(300);
    const before = await process();
    const slow = (on: Database) => on.rows('select pg_sleep(2)');
    await expect(how === 'by itself' ? slow(db) : db.transaction(slow)).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(await process()).not.toBe(before);
  },
);

test('a connection that ends in the middle of a statement is not handed on', async () => {
  const { db, process, elsewhere } = await oneConnection();
  const before = await process();
  const running = db.transaction((inside) => inside.rows('select pg_sleep(20)'));
  const ended = expect(running).rejects.toBeInstanceOf(DatabaseUnavailable);
  await elsewhere(`select pg_terminate_backend(${before})`);
  await ended;
  expect(await process()).not.toBe(before);
});

test.each(['by itself', 'in a transaction'])(
  'what statements, %s, have returned is garbage for the collector of what is young',
  async (how) => {
    const { db } = await oneConnection(10_000);
    const collect = garbageCollector();
    const read = (on: Database) => on.rows(`select n, 'row ' || n as text from generate_series(1, 5000) n`);
    const readAll = async () => {
      for (let time = 0; time < 40; time++) await (how === 'by itself' ? read(db) : db.transaction(read));
    };
    await readAll();
    collect();
    const before = memoryUsage().heapUsed;
    await readAll();
    for (let time = 0; time < 3; time++) collect({ type: 'minor' });
    // All of it is some 18 MB.
    expect((memoryUsage().heapUsed - before) / 1e6).toBeLessThan(5);
  },
);

test('an array of texts comes back as it was given, whatever is in it', async () => {
  const { db } = await oneConnection();
  const odd = ['contacts:view', 'a', 'NULL', 'null', '', ' ', '{', '}', '{}', ',', '"', '\\', 'a,b', 'é'];
  const text = fc.oneof(
    fc.constantFrom(...odd),
    fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (given) => {
      expect(await db.rows('select $1::text[] as given', [given])).toEqual([{ given }]);
    }),
    { numRuns: 500 },
  );
  const pairs = [
    ['a', 'b'],
    ['c', 'd'],
  ];
  expect(await db.rows(`select array[['a', 'b'], ['c', 'd']] as given`)).toEqual([{ given: pairs }]);
});

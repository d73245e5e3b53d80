import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { poolDatabase } from '../../server/src/store/database.ts';
import { sharedPostgres } from './temporary-database.ts';

const postgres = sharedPostgres();

test('an array of texts comes back as it was given, whatever is in it', async () => {
  const pool = new pg.Pool({ ...postgres().serving, max: 1 });
  const db = poolDatabase(pool);
  const names = fc.constantFrom(
    'contacts:view',
    'access:check',
    'a',
    'NULL',
    'null',
    '',
    ' ',
    '{',
    '}',
    '{}',
    ',',
    '"',
    '\\',
    'a,b',
    'é',
  );
  const text = fc.oneof(
    names,
    fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0')),
  );
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text)), async (given) => {
        expect(await db.rows('select $1::text[] as given', [given])).toEqual([{ given }]);
      }),
      { numRuns: 500 },
    );
    const nested = await db.rows(`select array[['a', 'b'], ['c', 'd']] as given`);
    expect(nested).toEqual([
      {
        given: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      },
    ]);
  } finally {
    await pool.end();
  }
});

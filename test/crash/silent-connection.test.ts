import pg from 'pg';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedPostgres } from '../../server/src/postgres/embedded.ts';
import { serverOn, urlOf } from '../other-postgres/server-on.ts';
import { temporaryFolder } from '../runtime/temporary-database.ts';

test('a database connection that falls silent stops its own requests for a while, and no others', async () => {
  // A PostgreSQL of its own: one backend that stands still holds up whoever makes databases beside it.
  const embedded = await startEmbeddedPostgres({ dataDir: temporaryFolder(), log: pino({ level: 'silent' }) });
  onTestFinished(() => embedded.stop());
  const { owner } = await serverOn({
    DATABASE_URL: urlOf(embedded.serving),
    DATABASE_OWNER_URL: urlOf(embedded.owner),
    DATABASE_POOL: '4',
  });
  await Promise.all(Array.from({ length: 20 }, () => owner.get('/account')));

  const silent = await aServingBackend({ ...embedded.owner, user: 'postgres' });
  process.kill(silent, 'SIGSTOP');
  try {
    const answers = await Promise.all(Array.from({ length: 40 }, () => owner.get('/organization/invited/users')));
    for (const { status, headers } of answers) {
      if (status !== 200) expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    }
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    const afterwards = await Promise.all(Array.from({ length: 20 }, () => owner.get('/account')));
    expect(afterwards.map(({ status }) => status)).toEqual(afterwards.map(() => 200));
  } finally {
    process.kill(silent, 'SIGCONT');
  }
});

async function aServingBackend(connection: pg.ClientConfig): Promise<number> {
  const client = new pg.Client(connection);
  await client.connect();
  const { rows } = await client.query(`select pid from pg_stat_activity where usename = 'latchkey' limit 1`);
  await client.end();
  return rows[0].pid;
}

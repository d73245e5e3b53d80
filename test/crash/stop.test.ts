import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { eventually, isAlive, postmasterOf, temporaryFolder } from '../runtime/temporary-database.ts';
import { chance } from './chance.ts';
import { streamInvitations } from './invitation-stream.ts';
import { openMailbox } from './mailbox.ts';
import { expectNothingLost, repetitionsAmong } from './nothing-lost.ts';
import {
  apiKeyIn,
  askDatabase,
  connectionTo,
  dataFolderIn,
  sleep,
  spawnServer,
  startServerProcess,
} from './server-process.ts';

test('SIGTERM during a stream of invitations ends the server and its database cleanly: code 0, nothing lost, nothing sent twice', async () => {
  const random = chance();
  const dataDir = temporaryFolder();
  const { url, mails } = await openMailbox(random);
  const settings = { SMTP_URL: url };

  const stopped = await startServerProcess(dataDir, settings);
  const postmaster = postmasterOf(dataFolderIn(dataDir));
  const stream = streamInvitations(stopped);
  await sleep(500 + random() * 1000);
  stopped.child.kill('SIGTERM');
  expect(await stopped.ended).toBe(0);
  stream.talkTo(null);
  expect(isAlive(postmaster)).toBe(false);
  expect(readdirSync(dataFolderIn(dataDir))).not.toContain('postmaster.pid');
  expect(readdirSync(dataDir)).not.toContain('postgres.claim');

  const again = await startServerProcess(dataDir, settings);
  expect(again.output()).not.toContain('recover');
  stream.talkTo(again);
  await sleep(300);
  await stream.stop();
  await expectNothingLost(dataDir, again, stream, mails);
  expect(repetitionsAmong(mails)).toEqual({ total: 0, most: 0 });
}, 180_000);

test('requests under way when SIGTERM comes are finished and answered, and the server does not wait for idle connections', async () => {
  const dataDir = temporaryFolder();
  const server = await startServerProcess(dataDir);
  const people = Array.from({ length: 8 }, (_, number) => `person-${number}@example.com`);
  const grants = (permission: string) => [{ feature: 'contacts', permissions: [permission] }];
  for (const email of people)
    await server.owner.post('/organization/user/invitation/send', {
      email,
      all_features_access: false,
      privileges: grants('view'),
    });

  const lock = await holdOrganization(dataDir);
  const underWay = people.map((email) =>
    server.owner.post('/organization/user/update/permissions', {
      email,
      all_features_access: false,
      privileges: grants('export'),
    }),
  );
  const waiting = "select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock'";
  await eventually(
    async () => (await askDatabase<{ count: number }>(dataDir, waiting, 'postgres'))[0]?.count === people.length,
  );
  server.child.kill('SIGTERM');
  await eventually(() => server.output().includes('"stopping"'));
  const released = performance.now();
  await lock.release();

  const answers = await Promise.all(underWay);
  expect(answers.map(({ status }) => status)).toEqual(people.map(() => 200));
  expect(await server.ended).toBe(0);
  // Connections are kept for 72 s in the hope of another request.
  expect(performance.now() - released).toBeLessThan(20_000);
}, 120_000);

test('whoever does not take their answer keeps a stopping server for ten seconds at most', async () => {
  const dataDir = temporaryFolder();
  const server = await startServerProcess(dataDir);
  await askDatabase(
    dataDir,
    `insert into member (organization_id, id, email, status, locale)
     select o.id, gen_random_uuid(), 'person-' || n || '@example.com', 'active', 'en' from organization o, generate_series(1, 100000) n`,
  );
  const url = new URL(`${server.base}/organization/invited/users`);
  const reader = connect(Number(url.port), url.hostname);
  reader.on('error', () => {});
  reader.write(`GET ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\napi-key: ${apiKeyIn(dataDir)}\r\n\r\n`);
  await new Promise((resolve) => reader.once('readable', resolve));
  server.child.kill('SIGTERM');
  const asked = performance.now();
  expect(await server.ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(25_000);
  reader.destroy();
}, 90_000);

/** Takes the lock under which members are changed, until it is released. */
async function holdOrganization(dataDir: string): Promise<{ release(): Promise<void> }> {
  const connection = connectionTo(dataDir, 'latchkey_owner');
  await connection.connect();
  await connection.query('begin');
  await connection.query('select from organization for update');
  return {
    release: async () => {
      await connection.query('commit');
      await connection.end();
    },
  };
}

test('a second server on the same data folder says that there is one already, and leaves it alone', async () => {
  const dataDir = temporaryFolder();
  const first = await startServerProcess(dataDir);
  const second = spawnServer(dataDir);
  expect(await second.ended).toBe(1);
  expect(second.output()).toBe(
    `Latchkey is already running on ${dataDir} (process ${first.child.pid}). Stop that one first, or give this one a DATA_DIR of its own.\n`,
  );
  expect((await first.owner.get('/account')).status).toBe(200);
}, 60_000);

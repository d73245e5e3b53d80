import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, isAlive, postmasterOf, temporaryFolder } from '../runtime/temporary-database.ts';
import { chance } from './chance.ts';
import { apiKeyIn, dataFolderIn, sleep, spawnServer, startServerProcess } from './server-process.ts';

/** A first start takes about so long here; killed later than that it is a start like any other. */
const longestMilliseconds = 3000;

test('a first start that is killed at random moments is completed by a later one, whose key is the one in the file', async () => {
  const random = chance();
  for (let folder = 0; folder < 2; folder++) {
    const dataDir = temporaryFolder();
    for (let attempt = 0; attempt < 3; attempt++) {
      const killed = spawnServer(dataDir);
      await sleep(random() * longestMilliseconds);
      killed.child.kill('SIGKILL');
      expect(await killed.ended, killed.output()).toBe('SIGKILL');
    }
    const keptKey = existsSync(join(dataDir, 'api-key')) ? apiKeyIn(dataDir) : undefined;

    const server = await startServerProcess(dataDir);
    if (keptKey) expect(apiKeyIn(dataDir)).toBe(keptKey);
    expect((await server.owner.get('/account')).status).toBe(200);
    const { users } = (await server.owner.get('/organization/invited/users')).body;
    expect(users).toMatchObject([{ email: 'owner@example.com', is_owner: true, status: 'active' }]);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  }
}, 240_000);

test('a first start that is told to end leaves no PostgreSQL behind', async () => {
  const dataDir = temporaryFolder();
  const stopped = spawnServer(dataDir);
  const pidFile = join(dataFolderIn(dataDir), 'postmaster.pid');
  await eventually(() => existsSync(pidFile) && postmasterOf(dataFolderIn(dataDir)) > 0, 30_000);
  const postmaster = postmasterOf(dataFolderIn(dataDir));
  stopped.child.kill('SIGTERM');
  expect(await stopped.ended).toBe(0);
  expect(isAlive(postmaster)).toBe(false);
  expect(existsSync(pidFile)).toBe(false);
}, 60_000);

test('a key file that a crash left empty is made anew', async () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, 'api-key'), '');
  const server = await startServerProcess(dataDir);
  expect(apiKeyIn(dataDir)).toMatch(/^lk_\w{49}$/);
  expect((await server.owner.get('/account')).status).toBe(200);
}, 60_000);

import { expect, test } from 'vitest';
import { eventually, postmasterOf, temporaryFolder } from '../runtime/temporary-database.ts';
import { chance } from './chance.ts';
import { streamInvitations } from './invitation-stream.ts';
import { openMailbox } from './mailbox.ts';
import { expectNothingLost, repetitionsAmong } from './nothing-lost.ts';
import { dataFolderIn, sleep, startServerProcess } from './server-process.ts';

const rounds = 3;

test('kill -9 of PostgreSQL during a stream of invitations: the server stays up, answers 503 meanwhile, and loses nothing acknowledged', async () => {
  const random = chance();
  const dataDir = temporaryFolder();
  const { url, mails } = await openMailbox(random);
  const server = await startServerProcess(dataDir, { SMTP_URL: url });
  const health = server.base.replace('/v3', '/health');
  const statusOf = async (path: string): Promise<number> => {
    const answer = await fetch(health + path).catch(() => undefined);
    if (!answer) throw new Error(`The server is gone:\n${server.output()}`);
    return answer.status;
  };

  const stream = streamInvitations(server);
  for (let round = 0; round < rounds; round++) {
    const before = stream.acknowledged.length;
    await eventually(() => stream.acknowledged.length > before + 10, 30_000);
    await sleep(random() * 1000);
    const killed = postmasterOf(dataFolderIn(dataDir));
    process.kill(killed, 'SIGKILL');
    await eventually(
      async () => (await statusOf('/ready')) === 200 && postmasterOf(dataFolderIn(dataDir)) !== killed,
      30_000,
    );
    expect(await statusOf('/live')).toBe(200);
  }
  await sleep(500);
  await stream.stop();

  expect(server.child.exitCode).toBe(null);
  await expectNothingLost(dataDir, server, stream, mails);
  const repeated = repetitionsAmong(mails);
  console.log(
    `${stream.acknowledged.length} acknowledged, ${stream.unanswered.length} not, ${repeated.total} mails repeated in ${rounds} crashes`,
  );
  expect(repeated.most).toBeLessThanOrEqual(rounds);
  expect(repeated.total).toBeLessThanOrEqual(rounds);
}, 240_000);

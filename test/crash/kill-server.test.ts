import { expect, test } from 'vitest';
import { eventually, temporaryFolder } from '../runtime/temporary-database.ts';
import { chance } from './chance.ts';
import { streamInvitations } from './invitation-stream.ts';
import { openMailbox } from './mailbox.ts';
import { expectNothingLost, repetitionsAmong } from './nothing-lost.ts';
import { sleep, startServerProcess } from './server-process.ts';

const rounds = 3;

// Whatever the mail server has taken and the database has not marked yet is sent again: as many as are under way at once.
test.each([
  { connections: 1, repeats: 'one mail' },
  { connections: 5, repeats: 'five mails' },
])(
  'kill -9 of the server during a stream of invitations loses nothing acknowledged and repeats $repeats a crash at most (MAIL_CONNECTIONS $connections)',
  async ({ connections }) => {
    const random = chance();
    const dataDir = temporaryFolder();
    const { url, mails } = await openMailbox(random);
    const settings = { SMTP_URL: url, MAIL_CONNECTIONS: String(connections) };

    let server = await startServerProcess(dataDir, settings);
    const stream = streamInvitations(server);
    for (let round = 0; round < rounds; round++) {
      const before = stream.acknowledged.length;
      await eventually(() => stream.acknowledged.length > before + 10, 30_000);
      await sleep(random() * 1000);
      server.child.kill('SIGKILL');
      stream.talkTo(null);
      expect(await server.ended).toBe('SIGKILL');
      server = await startServerProcess(dataDir, settings);
      stream.talkTo(server);
    }
    await sleep(500);
    await stream.stop();

    await expectNothingLost(dataDir, server, stream, mails);
    const repeated = repetitionsAmong(mails);
    console.log(
      `${stream.acknowledged.length} acknowledged, ${stream.unanswered.length} not, ${repeated.total} mails repeated in ${rounds} crashes`,
    );
    expect(repeated.most).toBeLessThanOrEqual(rounds);
    expect(repeated.total).toBeLessThanOrEqual(rounds * connections);
  },
  240_000,
);

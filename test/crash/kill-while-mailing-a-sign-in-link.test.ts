import { simpleParser } from 'mailparser';
import { expect, onTestFinished, test } from 'vitest';
import { client } from '../client.ts';
import { startMailPeer } from '../mail/mail-peer.ts';
import { eventually, temporaryFolder } from '../runtime/temporary-database.ts';
import { askDatabase, startServerProcess } from './server-process.ts';

test('kill -9 after a sign-in link was mailed and before that was noted repeats the mail once, with the same Message-ID and link, which works once', async () => {
  const dataDir = temporaryFolder();
  const mails: { messageId: string; link: string }[] = [];
  const peer = await startMailPeer({
    async onData(stream, _session, done) {
      const raw = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
      const { messageId = '', text = '' } = await simpleParser(raw);
      mails.push({ messageId, link: /\S+\/console\/sign-in#\S+/.exec(text)?.[0] ?? '' });
      // The first one is on record here, and its sender never hears of it.
      if (mails.length > 1) done();
    },
  });
  onTestFinished(() => {
    peer.dropConnections();
    return peer.close();
  });
  const settings = { SMTP_URL: peer.url, LATCHKEY_OWNER_EMAIL: 'ada@example.com' };

  const killed = await startServerProcess(dataDir, settings);
  const ownerLink = /\S+\/console\/sign-in#\S+/.exec(killed.output())?.[0] ?? '';
  expect((await signIn(killed.base, ownerLink)).status).toBe(200);
  const asked = await client(killed.base, {}).post('/sign-in/request', { email: 'ada@example.com' });
  expect(asked.status).toBe(200);
  await eventually(() => mails.length === 1, 20_000);
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');

  const again = await startServerProcess(dataDir, settings);
  const sent = `select from sign_in_link where purpose = 'mailed' and state = 'sent' and attempts = 2`;
  await eventually(async () => (await askDatabase(dataDir, sent)).length === 1, 30_000);
  expect(mails).toHaveLength(2);
  expect(mails[0]?.link).not.toBe('');
  expect(mails[1]).toEqual(mails[0]);
  expect((await signIn(again.base, mails[0]?.link)).status).toBe(200);
  expect((await signIn(again.base, mails[1]?.link)).body.details[0].reason).toBe('sign_in_link_used');
}, 120_000);

const signIn = (base: string, link = '') =>
  client(base, { 'latchkey-session': '1' }).post('/sign-in', { token: link.slice(link.indexOf('#') + 1) });

import { simpleParser } from 'mailparser';
import { onTestFinished } from 'vitest';
import { startMailPeer } from '../mail/mail-peer.ts';
import { sleep } from './server-process.ts';

export interface Mail {
  to: string;
  messageId: string;
  link: string;
}

/**
 * A real mail server that has a mail on record some milliseconds before it says so, as one on a network would: the moment
 * in which a crash of the sender leads to a duplicate.
 */
export async function openMailbox(chance: () => number): Promise<{ url: string; mails: Mail[] }> {
  const mails: Mail[] = [];
  const peer = await startMailPeer({
    async onData(stream, session, done) {
      const raw = await wholeOf(stream as AsyncIterable<Buffer>);
      if (!raw) return;
      const { messageId = '', text = '' } = await simpleParser(raw);
      const link = /\S+\/join#\S+/.exec(text)?.[0] ?? '';
      mails.push({ to: session.envelope.rcptTo[0]?.address ?? '', messageId, link });
      await sleep(chance() * 20);
      done();
    },
  });
  onTestFinished(() => peer.close());
  return { url: peer.url, mails };
}

/** Undefined where the sender died in the middle. */
async function wholeOf(stream: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  try {
    return Buffer.concat(await Array.fromAsync(stream));
  } catch {
    return undefined;
  }
}

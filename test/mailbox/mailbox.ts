import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { vi } from 'vitest';
import { type MailPeer, type MailPeerOptions, type ReceivedMail, startMailPeer } from '../mail/mail-peer.ts';
import { startWorld, type World } from '../world.ts';

export interface Mailbox {
  world: World;
  peer: MailPeer;
  /** Where people open the server: the links in mails begin with it. */
  origin: string;
  /** The mails to somebody, oldest first, once there are so many. */
  mailsTo(email: string, count?: number): Promise<ReceivedMail[]>;
  /** The newest mail to somebody, once there are so many. */
  mailTo(email: string, count?: number): Promise<ReceivedMail>;
  /** The link in the newest mail, once there are so many. */
  linkTo(email: string, count?: number): Promise<string>;
  stop(): Promise<void>;
}

/** A server that sends its mail to a real mail server, and is reachable where its links say. */
export async function startMailbox(
  settings: Record<string, string> = {},
  mailServer: MailPeerOptions = {},
): Promise<Mailbox> {
  const peer = await startMailPeer(mailServer);
  const address = await ownAddress();
  const world = await startWorld({
    ...address,
    SMTP_URL: peer.url,
    MAIL_FROM: 'Latchkey <no-reply@latchkey.example>',
    ...settings,
  });
  const mailsTo = async (email: string, count = 1): Promise<ReceivedMail[]> =>
    vi.waitFor(
      () => {
        const mails = peer.received.filter(({ to }) => to.includes(email));
        if (mails.length < count) throw new Error(`${mails.length} of ${count} mails have arrived for ${email}`);
        return mails;
      },
      { timeout: 20_000 },
    );
  const mailTo = async (email: string, count = 1): Promise<ReceivedMail> => {
    const newest = (await mailsTo(email, count)).at(-1);
    if (!newest) throw new Error(`no mail was asked for`);
    return newest;
  };
  return {
    world,
    peer,
    origin: address.PUBLIC_URL,
    mailsTo,
    mailTo,
    linkTo: async (email, count) => linkIn(await mailTo(email, count)),
    async stop() {
      await world.stop();
      await peer.close();
    },
  };
}

/** The one address in a mail that opens the invitation, which plain text and HTML agree about. */
export function linkIn({ parsed }: ReceivedMail): string {
  const links = new Set([...(parsed.text ?? '').matchAll(/https?:\/\/\S+/g)].map(([link]) => link));
  const buttons = new Set([...(parsed.html || '').matchAll(/href="([^"]+)"/g)].map(([, link]) => link));
  const [link] = links;
  if (!link || links.size !== 1 || buttons.size !== 1 || !buttons.has(link))
    throw new Error(`expected one link, found ${[...links, ...buttons].join(' ')}`);
  return link;
}

/** A free port, and the settings of a server that is reached there. */
export async function ownAddress(): Promise<{ PORT: string; PUBLIC_URL: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
}

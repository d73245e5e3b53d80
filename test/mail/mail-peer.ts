import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

/** A certificate for `localhost` and its key, for tests only; nothing outside them trusts it. */
export const localhostCertificate = readFileSync(new URL('localhost.pem', import.meta.url), 'utf8');

export interface ReceivedMail {
  parsed: ParsedMail;
  raw: string;
  from: string;
  to: string[];
  user: string | undefined;
  secure: boolean;
  /** Whether the sender declared SMTPUTF8 for this mail. */
  smtpUtf8: boolean;
}

export interface MailPeer {
  port: number;
  /** `smtp://127.0.0.1:port` */
  url: string;
  received: ReceivedMail[];
  /** How many connections were ever made. */
  connections: () => number;
  /** Hangs up on everybody without a word. */
  dropConnections(): void;
  close(): Promise<void>;
}

export interface MailPeerOptions extends SMTPServerOptions {
  /** Refuses a recipient by throwing; see {@link refusal}. */
  recipient?: (address: string) => void;
  /** Refuses a whole message by throwing. */
  message?: (mail: ParsedMail) => void;
}

/** A real SMTP server on a free port of this machine, which keeps and parses what it accepts. */
export async function startMailPeer({ recipient, message, ...options }: MailPeerOptions = {}): Promise<MailPeer> {
  const received: ReceivedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    key: localhostCertificate,
    cert: localhostCertificate,
    logger: false,
    onConnect(_session, done) {
      connections += 1;
      done();
    },
    onRcptTo({ address }, _session, done) {
      done(failureOf(() => recipient?.(address)));
    },
    async onData(stream, session, done) {
      const raw = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString('utf8');
      const parsed = await simpleParser(raw);
      const failure = failureOf(() => message?.(parsed));
      if (!failure) received.push({ parsed, raw, ...envelopeOf(session) });
      done(failure);
    },
    ...options,
  });
  // A client that hangs up in the middle is part of what is tested.
  server.on('error', () => {});
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    received,
    connections: () => connections,
    dropConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What a peer throws to answer with a code of its own. */
export function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

function envelopeOf(session: SMTPServerSession): Omit<ReceivedMail, 'parsed' | 'raw'> {
  const { mailFrom, rcptTo } = session.envelope;
  const user: unknown = session.user;
  return {
    from: mailFrom ? mailFrom.address : '',
    to: rcptTo.map(({ address }) => address),
    user: typeof user === 'string' ? user : undefined,
    secure: session.secure,
    smtpUtf8: Boolean(mailFrom && Object.hasOwn(mailFrom.args || {}, 'SMTPUTF8')),
  };
}

function failureOf(act: () => void): Error | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

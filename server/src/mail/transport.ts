import type { SMTPConnectionOptions } from 'nodemailer';
import nodemailer from 'nodemailer';
import parseAddresses from 'nodemailer/lib/addressparser';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { MailError, mailErrorFrom, tookTooLong } from './mail-error.ts';
import { parseSmtpUrl, type SmtpServer } from './smtp-server-url.ts';

export { MailError } from './mail-error.ts';

export interface OutgoingMail {
  /** The same for every attempt at the same mail, so that a duplicate after a crash is recognized as one. */
  messageId: string;
  /** As in a header: `Latchkey <no-reply@example.com>`. */
  from: string;
  /** One bare address. */
  to: string;
  subject: string;
  text: string;
  html: string;
  date: Date;
}

export interface MailTransport {
  /** Resolves when the server has taken responsibility for the mail. @throws MailError */
  send(mail: OutgoingMail): Promise<void>;
  /** Lets mails under way finish, then says goodbye. */
  close(): Promise<void>;
}

export interface SmtpOptions {
  /** SMTP_URL, as {@link parseSmtpUrl} reads it. */
  url: string;
  /** MAIL_FROM; its address is the envelope's sender, where bounces go. */
  from: string;
  /** Milliseconds that a silent server is waited for, at each step. */
  silence?: number;
  /** Milliseconds that one mail may take altogether, waiting for a free connection included. */
  deadline?: number;
}

/**
 * Sends by SMTP over a few connections that are kept open.
 * @throws Error when the URL or the sender's address cannot be used
 */
export function createSmtpTransport({ url, from, silence = 20_000, deadline = 120_000 }: SmtpOptions): MailTransport {
  const server = parseSmtpUrl(url);
  const sender = senderAddress(from);
  const connection = connectionOptions(server, silence);
  const secrets = server.credentials ? secretsOf(server.credentials) : [];
  const pool = nodemailer.createTransport({
    ...connection,
    pool: true,
    ...(server.credentials && { auth: { user: server.credentials.user, pass: server.credentials.password } }),
    // A kept connection that the server has dropped is replaced once; further attempts are the caller's.
    maxRequeues: 1,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const takesSmtpUtf8 = rememberAnswer(() => offersSmtpUtf8(connection, AbortSignal.timeout(deadline)));
  const underWay = new Set<Promise<void>>();

  async function deliver(mail: OutgoingMail): Promise<void> {
    if (unusable.test(mail.to)) throw new MailError(true, 'the address cannot be used');
    try {
      if (beyondAscii.test(mail.to + sender) && !(await takesSmtpUtf8())) throw noSmtpUtf8();
      await pool.sendMail({
        messageId: mail.messageId,
        date: mail.date,
        from: mail.from,
        to: { name: '', address: mail.to },
        envelope: { from: { name: '', address: sender }, to: [{ name: '', address: mail.to }] },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        // Keeps out-of-office robots from answering (RFC 3834, and the header that Exchange reads).
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        xMailer: false,
        signal: AbortSignal.timeout(deadline),
      });
    } catch (error) {
      throw mailErrorFrom(error, secrets);
    }
  }

  return {
    async send(mail) {
      const delivery = deliver(mail);
      underWay.add(delivery);
      try {
        await delivery;
      } finally {
        underWay.delete(delivery);
      }
    },
    async close() {
      await Promise.allSettled(underWay);
      pool.close();
    },
  };
}

const unusable = /[\p{C}\p{Z},;<>]|^$/u;
const beyondAscii = /[^\0-\x7f]/;

const noSmtpUtf8 = (): MailError =>
  new MailError(
    true,
    '5.6.7 the mail server cannot deliver to addresses with letters beyond ASCII (it does not offer SMTPUTF8)',
  );

function senderAddress(from: string): string {
  const address = parseAddresses(from, { flatten: true })[0]?.address ?? '';
  if (!/^[^@]+@[^@]+$/.test(address) || unusable.test(address)) {
    throw new Error('expected an address such as "Latchkey <no-reply@example.com>"');
  }
  return address;
}

function connectionOptions({ host, port, encryption }: SmtpServer, silence: number): SMTPConnectionOptions {
  return {
    host,
    port,
    secure: encryption === 'from_start',
    requireTLS: encryption === 'required',
    ignoreTLS: encryption === 'never',
    opportunisticTLS: encryption === 'opportunistic',
    tls: { rejectUnauthorized: encryption !== 'opportunistic' },
    connectionTimeout: silence,
    greetingTimeout: silence,
    socketTimeout: silence,
    dnsTimeout: silence,
    allowInternalNetworkInterfaces: true,
  };
}

/** What a server's refusal might repeat of the login: as it is, and as SASL encodes it. */
function secretsOf({ user, password }: { user: string; password: string }): string[] {
  const encoded = [user, password, `\0${user}\0${password}`].map((word) => Buffer.from(word).toString('base64'));
  return [password, user, ...encoded];
}

/** Asks the server on a connection of its own, because the pool sends such addresses to servers that do not know them. */
function offersSmtpUtf8(options: SMTPConnectionOptions, deadline: AbortSignal): Promise<boolean> {
  const connection = new SMTPConnection(options);
  const answer = new Promise<boolean>((resolve, reject) => {
    connection.on('error', reject);
    deadline.addEventListener('abort', () => reject(new MailError(false, tookTooLong)));
    connection.connect((error) => {
      if (error) reject(error);
      else resolve(/^250[ -]SMTPUTF8\s*$/im.test(String(connection.lastServerResponse)));
    });
  });
  return answer.finally(() => connection.close());
}

const answerLasts = 10 * 60_000; // a server is not reconfigured often, and a wrong answer must not outlive it for long

/** Asks once in ten minutes; a question that failed is asked again. */
function rememberAnswer<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let asked = 0;
  return () => {
    if (answer === undefined || performance.now() - asked > answerLasts) {
      asked = performance.now();
      answer = ask();
      answer.catch(() => (answer = undefined));
    }
    return answer;
  };
}

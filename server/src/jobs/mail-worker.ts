import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { MailError } from '../mail/mail-error.ts';
import type { MailTransport, OutgoingMail } from '../mail/transport.ts';

/** A queued message that this worker has taken. What it writes, it writes only while the message is still queued. */
export interface ClaimedMessage {
  /** Names it in the log. */
  id: string;
  /** How often it was taken, with this time. */
  attempts: number;
  /** The mail, or why it is not to be sent any more. */
  compose(): Promise<OutgoingMail | { notSent: string }>;
  markSent(): Promise<void>;
  markFailed(reason: string): Promise<void>;
  postpone(reason: string, delaySeconds: number): Promise<void>;
}

/** Takes so many messages of one kind that are due; nobody else gets them for the length of the lease. */
export type ClaimMessages = (limit: number, leaseSeconds: number) => Promise<ClaimedMessage[]>;

export interface MailWorkerOptions {
  transport: MailTransport;
  /** Messages under way at the same time; as many may be sent twice around a crash. */
  atOnce: number;
  log: FastifyBaseLogger;
}

export interface MailWorker {
  /** There may be something to send. */
  wake(): void;
  /** Takes no more messages, and waits for those under way. */
  stop(): Promise<void>;
}

const pollMilliseconds = 1000;
/** Longer than a message may take to send, so that no second worker takes it meanwhile; short, since a crash delays by it. */
export const leaseSeconds = 65;
const longestDelaySeconds = 3600;

/**
 * Sends queued messages until stopped. A message is marked after it was taken by the mail server, so a crash in between
 * sends it once more, with the same Message-ID and the same link.
 * @param kinds the most urgent first: what it leaves of `atOnce` is for the next
 */
export function sendUntilStopped(kinds: readonly ClaimMessages[], options: MailWorkerOptions): MailWorker {
  let stopping = false;
  let underWay = 0;
  let ring: () => void = () => {};
  const next = (): Promise<void> => new Promise((resolve) => (ring = resolve));

  const run = async (): Promise<void> => {
    while (!stopping) {
      const rung = next();
      let taken = 0;
      for (const claim of kinds) taken += await take(claim);
      const full = underWay >= options.atOnce;
      if (taken === 0 || full) await Promise.race([rung, sleep(pollMilliseconds, undefined, { ref: false })]);
    }
  };

  const take = async (claim: ClaimMessages): Promise<number> => {
    const free = options.atOnce - underWay;
    if (free === 0 || stopping) return 0;
    try {
      const claimed = await claim(free, leaseSeconds);
      for (const message of claimed) void deliver(message);
      return claimed.length;
    } catch (error) {
      options.log.warn({ err: error }, 'queued messages could not be read; trying again');
      return 0;
    }
  };

  const deliver = async (message: ClaimedMessage): Promise<void> => {
    underWay++;
    try {
      await send(message, options);
    } catch (error) {
      options.log.error({ err: error, message: message.id }, 'a message could not be handled; it stays queued');
    } finally {
      underWay--;
      ring();
    }
  };

  const running = run();
  return {
    wake: () => ring(),
    async stop() {
      stopping = true;
      ring();
      await running;
      while (underWay > 0) await sleep(20);
      await options.transport.close();
    },
  };
}

async function send(message: ClaimedMessage, { transport, log }: MailWorkerOptions): Promise<void> {
  const mail = await message.compose();
  if ('notSent' in mail) return message.markFailed(`not sent: ${mail.notSent}`);
  try {
    await transport.send(mail);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const { reason, permanent } = error;
    log.warn({ message: message.id, reason, permanent }, 'a message was not taken');
    return permanent ? message.markFailed(reason) : message.postpone(reason, delayAfter(message.attempts));
  }
  await persistently(() => message.markSent());
}

const delayAfter = (attempts: number): number => Math.min(longestDelaySeconds, 15 * 2 ** Math.min(attempts, 10));

/** What was sent must not be sent again only because the database was away for a moment. */
async function persistently(write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(Math.min(1000, 50 * attempt));
    }
  }
}

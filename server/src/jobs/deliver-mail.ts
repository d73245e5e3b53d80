import { setTimeout as sleep } from 'node:timers/promises';
import { accessInWords } from '@latchkey/core/access-in-words.ts';
import { linkState } from '@latchkey/core/invitation.ts';
import type { FastifyBaseLogger } from 'fastify';
import { composeInvitationMail } from '../mail/invitation-mail.ts';
import { MailError, type MailTransport } from '../mail/transport.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  grantorName,
  markFailed,
  markSent,
  postpone,
} from '../store/deliveries.ts';
import { findInvitation, type InvitationRecord } from '../store/invitations.ts';
import type { Services } from '../usecases/call.ts';

export interface MailOptions {
  transport: MailTransport;
  from: string;
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
 */
export function startMailWorker(services: Omit<Services, 'mailQueued'>, options: MailOptions): MailWorker {
  let stopping = false;
  let underWay = 0;
  let ring: () => void = () => {};
  const next = (): Promise<void> => new Promise((resolve) => (ring = resolve));

  const run = async (): Promise<void> => {
    while (!stopping) {
      const rung = next();
      const claimed = await claim();
      for (const delivery of claimed) void deliver(delivery);
      const full = underWay >= options.atOnce;
      if (claimed.length === 0 || full) await Promise.race([rung, sleep(pollMilliseconds, undefined, { ref: false })]);
    }
  };

  const claim = async (): Promise<ClaimedDelivery[]> => {
    const free = options.atOnce - underWay;
    if (free === 0) return [];
    try {
      return await claimDeliveries(services.db, free, leaseSeconds);
    } catch (error) {
      options.log.warn({ err: error }, 'queued messages could not be read; trying again');
      return [];
    }
  };

  const deliver = async (delivery: ClaimedDelivery): Promise<void> => {
    underWay++;
    try {
      await send(services, options, delivery);
    } catch (error) {
      options.log.error({ err: error, delivery: delivery.id }, 'a message could not be handled; it stays queued');
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

async function send(
  services: Omit<Services, 'mailQueued'>,
  { transport, from, log }: MailOptions,
  delivery: ClaimedDelivery,
): Promise<void> {
  const { db, catalogue } = services;
  const { organization_id: organizationId, id, generation } = delivery;
  const invitation = await findInvitation(db, catalogue, organizationId, delivery.invitation_id);
  const outdated = invitation ? reasonNotToSend(invitation, generation) : 'the invitation is gone';
  if (!invitation || outdated) return markFailed(db, organizationId, id, outdated ?? 'the invitation is gone');

  const { member, organization } = invitation;
  const { subject, text, html } = composeInvitationMail({
    to: delivery.recipient,
    locale: member.locale,
    organizationName: organization.name,
    inviterName: (await grantorName(db, organizationId, invitation.grantor)) ?? organization.name,
    link: services.links.url({ organizationId, invitationId: invitation.id, generation, purpose: 'mailed' }),
    expiresAt: invitation.expiresAt,
    sentAt: delivery.created_at,
    access: accessInWords(catalogue, member.holdings, member.locale),
  });
  try {
    await transport.send({
      messageId: messageId(invitation.id, generation, from),
      from,
      to: delivery.recipient,
      subject,
      text,
      html,
      date: delivery.created_at,
    });
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    log.warn({ delivery: id, reason: error.reason, permanent: error.permanent }, 'a message was not taken');
    if (error.permanent) return markFailed(db, organizationId, id, error.reason);
    return postpone(
      db,
      organizationId,
      id,
      error.reason,
      Math.min(longestDelaySeconds, 15 * 2 ** Math.min(delivery.attempts, 10)),
    );
  }
  await persistently(() => markSent(db, organizationId, id));
}

function reasonNotToSend(invitation: InvitationRecord, generation: number): string | undefined {
  const state = linkState(invitation, invitation.removed ? 'removed' : invitation.member.status, generation);
  return state === 'pending' ? undefined : `not sent: the invitation is ${state}`;
}

/** The same for every attempt at a generation, so that mailboxes recognise a repetition. */
const messageId = (invitationId: string, generation: number, from: string): string =>
  `<${invitationId}.${generation}@${/@([^\s>]+)/.exec(from)?.[1] ?? 'latchkey'}>`;

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

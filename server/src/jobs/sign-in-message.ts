import { signInLinkState } from '@latchkey/core/sign-in-link.ts';
import { messageId } from '../mail/message-id.ts';
import { composeSignInMail } from '../mail/sign-in-mail.ts';
import type { OutgoingMail } from '../mail/transport.ts';
import { membershipsOf } from '../store/identities.ts';
import { findSignInLink } from '../store/sign-in-links.ts';
import {
  type ClaimedSignInMail,
  claimSignInMails,
  markSignInMailFailed,
  markSignInMailSent,
  postponeSignInMail,
} from '../store/sign-in-mails.ts';
import type { Services } from '../usecases/call.ts';
import type { ClaimedMessage, ClaimMessages } from './mail-worker.ts';

type Needed = Pick<Services, 'db' | 'signIn'>;

/** The mails of sign-in links, as long as the link could sign somebody in. */
export function signInMessages(services: Needed, from: string): ClaimMessages {
  return async (limit, leaseSeconds) => {
    const claimed = await claimSignInMails(services.db, limit, leaseSeconds);
    return claimed.map((mail) => signInMessage(services, from, mail));
  };
}

function signInMessage(services: Needed, from: string, mail: ClaimedSignInMail): ClaimedMessage {
  const { db } = services;
  const { id, attempts } = mail;
  return {
    id,
    attempts,
    compose: () => composed(services, from, mail),
    markSent: () => markSignInMailSent(db, id),
    markFailed: (reason) => markSignInMailFailed(db, id, reason),
    postpone: (reason, delaySeconds) => postponeSignInMail(db, id, reason, delaySeconds),
  };
}

async function composed(
  { db, signIn }: Needed,
  from: string,
  mail: ClaimedSignInMail,
): Promise<OutgoingMail | { notSent: string }> {
  const link = await findSignInLink(db, mail.id);
  if (!link) return { notSent: 'the link is gone' };
  const state = signInLinkState(link);
  if (state !== 'open') return { notSent: `the link is ${state}` };
  const memberships = await membershipsOf(db, mail.identity_id);
  if (memberships.length === 0) return { notSent: 'nobody signs in with this address any more' };

  const { id, email: to, locale, created_at: sentAt, expires_at: expiresAt } = mail;
  const content = composeSignInMail({ to, locale, link: signIn.url(id), expiresAt, sentAt });
  return { ...content, messageId: messageId(`${id}.sign-in`, from), from, to, date: sentAt };
}

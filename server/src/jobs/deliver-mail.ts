import type { Database } from '../store/database.ts';
import { releaseClaims } from '../store/deliveries.ts';
import { releaseSignInMailClaims } from '../store/sign-in-mails.ts';
import type { Services } from '../usecases/call.ts';
import { invitationMessages } from './invitation-message.ts';
import { leaseSeconds, type MailWorker, type MailWorkerOptions, sendUntilStopped } from './mail-worker.ts';
import { signInMessages } from './sign-in-message.ts';

export { leaseSeconds, type MailWorker } from './mail-worker.ts';

export interface MailOptions extends MailWorkerOptions {
  /** As in a header: `Latchkey <no-reply@example.com>`. */
  from: string;
}

/** Sends all mail. Whoever asked to sign in waits in front of a page, so that goes before invitations. */
export function startMailWorker(services: Omit<Services, 'mailQueued'>, { from, ...options }: MailOptions): MailWorker {
  return sendUntilStopped([signInMessages(services, from), invitationMessages(services, from)], options);
}

/** Gives back what a worker had taken and not finished: for when no other worker can be at it. */
export async function releaseMail(db: Database): Promise<void> {
  await releaseSignInMailClaims(db, leaseSeconds);
  await releaseClaims(db, leaseSeconds);
}

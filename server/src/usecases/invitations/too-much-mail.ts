import { Problem } from '@latchkey/core/problem.ts';
import type { MailLimits } from '../../store/invitations.ts';

/**
 * The refusal when a recipient or an organization has had its mail for the hour.
 * @param waitSeconds until one more may go
 */
export function tooMuchMail({ recipient, organization }: MailLimits, waitSeconds: number): Problem {
  const seconds = Math.max(1, Math.ceil(waitSeconds));
  const message = `Too many invitations were sent to this address, or by this organization, within an hour; try again in ${seconds} seconds.`;
  const details = [{ path: 'email', reason: 'mail_rate', message }];
  const limit = recipient ?? organization ?? undefined;
  return new Problem('too_many_requests', message, details, seconds, limit);
}

import type { Database } from './database.ts';

/** The message of a sign-in link, taken by one worker. */
export interface ClaimedSignInMail {
  id: string;
  email: string;
  identity_id: string;
  locale: string;
  attempts: number;
  created_at: Date;
  expires_at: Date;
}

/** As `claimDeliveries` does it: each goes to one worker, and comes back by itself should that worker die. */
export function claimSignInMails(db: Database, limit: number, leaseSeconds: number): Promise<ClaimedSignInMail[]> {
  return db.rows<ClaimedSignInMail>(
    `update sign_in_link l set attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => $2)
     from (select id from sign_in_link where state = 'queued' and next_attempt_at <= clock_timestamp()
           order by next_attempt_at limit $1 for update skip locked) due
     where l.id = due.id
     returning l.id, l.email, l.identity_id, l.locale, l.attempts, l.created_at, l.expires_at`,
    [limit, leaseSeconds],
  );
}

/** Gives back what was claimed and not finished: for when no other worker can be at it. */
export async function releaseSignInMailClaims(db: Database, leaseSeconds: number): Promise<void> {
  await db.rows(
    `update sign_in_link set next_attempt_at = clock_timestamp()
     where state = 'queued' and next_attempt_at > clock_timestamp() and next_attempt_at <= clock_timestamp() + make_interval(secs => $1)`,
    [leaseSeconds],
  );
}

export async function markSignInMailSent(db: Database, id: string): Promise<void> {
  await db.rows(`update sign_in_link set state = 'sent', reason = null where id = $1 and state = 'queued'`, [id]);
}

export async function markSignInMailFailed(db: Database, id: string, reason: string): Promise<void> {
  await db.rows(`update sign_in_link set state = 'failed', reason = $2 where id = $1 and state = 'queued'`, [
    id,
    reason,
  ]);
}

export async function postponeSignInMail(
  db: Database,
  id: string,
  reason: string,
  delaySeconds: number,
): Promise<void> {
  await db.rows(
    `update sign_in_link set reason = $2, next_attempt_at = clock_timestamp() + make_interval(secs => $3) where id = $1 and state = 'queued'`,
    [id, reason, delaySeconds],
  );
}

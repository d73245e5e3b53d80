import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../store/database.ts';
import { deleteOldIdempotencyRecords } from '../store/idempotency.ts';
import { maintain } from '../store/installation.ts';
import { deleteOldChallenges } from '../store/passkeys.ts';
import { deleteEndedSessions } from '../store/sessions.ts';
import { deleteOldSignInLinks } from '../store/sign-in-links.ts';

const everyMilliseconds = 3_600_000;

/** Once an hour: makes the audit log's next partitions, and deletes what has had its time. Nothing depends on its being prompt. */
export function startSweep(
  db: Database,
  { idempotencySeconds, idleSeconds }: { idempotencySeconds: number; idleSeconds: number },
  log: FastifyBaseLogger,
): { stop(): void } {
  const sweep = async (): Promise<void> => {
    try {
      await maintain(db);
      await deleteOldIdempotencyRecords(db, idempotencySeconds);
      await deleteEndedSessions(db, idleSeconds);
      await deleteOldSignInLinks(db);
      await deleteOldChallenges(db);
    } catch (error) {
      log.warn({ err: error }, 'the hourly sweep failed; it comes again');
    }
  };
  const timer = setInterval(() => void sweep(), everyMilliseconds);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

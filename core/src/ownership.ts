import { type Problem, problem } from './problem.ts';

/**
 * An organization keeps at least one owner who is active and not barred, however operations race: callers hold the
 * organization's lock when they count.
 * @param otherActiveOwners active owners besides the one who is about to go
 * @throws Problem `permission_denied`, reason `last_owner`
 */
export function requireAnotherOwner(otherActiveOwners: number): void {
  if (otherActiveOwners > 0) return;
  throw problem(
    'permission_denied',
    'owner',
    'last_owner',
    'This is the last active owner. Give ownership to somebody else first.',
  );
}

/** The refusal, reason `time_limited`, of ownership for whoever is to lose access one day: an organization would lose its owner by it. */
export const timeLimitedMember = (): Problem =>
  problem(
    'invalid_parameter',
    'email',
    'time_limited',
    'This member’s access ends on a set day, and ownership has no end: take away their access_expires_at first.',
  );

/** @throws Problem `invalid_parameter`, reason `not_active`, for giving ownership to whom it cannot be given */
export const notAnActiveMember = (): Problem =>
  problem(
    'invalid_parameter',
    'email',
    'not_active',
    'Ownership can only be given to an active member: somebody who has joined and is not suspended.',
  );

import type { Actor } from '@latchkey/core/actor.ts';
import { accessForbidden } from '../under-lock.ts';

/** The member as whom a key acts. @throws Problem `permission_denied` where nobody active stands behind it */
export function memberBehind(actor: Actor): NonNullable<Actor['member']> {
  if (!actor.member) throw accessForbidden();
  return actor.member;
}

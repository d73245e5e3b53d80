import type { AuditAction } from '@latchkey/core/audit-event.ts';
import { type Membership, membershipsLocked } from '../../store/identities.ts';
import { type Happening, type PublicCall, recordAnswer } from '../call.ts';

/**
 * Says what somebody did, or was refused, about their sign-in in the audit log of every organization that it opens. To be
 * called within a transaction.
 * @returns the organizations, of which there may be none
 */
export async function recordAtMemberships(
  call: PublicCall,
  identityId: string,
  action: AuditAction,
  details: Record<string, unknown>,
  outcome: Happening['outcome'] = 'done',
): Promise<Membership[]> {
  const memberships = await membershipsLocked(call.db, identityId);
  for (const { organization_id, member_id, email } of memberships) {
    const target = { kind: 'member' as const, id: member_id, email };
    await recordAnswer(call, organization_id, target, { action, target, details, outcome });
  }
  return memberships;
}

import type { Operation } from '@latchkey/core/api/operation.ts';
import type { AuditAction } from '@latchkey/core/audit-event.ts';
import type { Problem } from '@latchkey/core/problem.ts';
import type { FastifyRequest } from 'fastify';
import { type Caller, record, recordForPartner } from '../usecases/call.ts';
import { SignedInAsAnother } from '../usecases/invitations/signed-in-as-another.ts';

export interface Refusals {
  /**
   * Writes a refused attempt into the audit log, in a transaction of its own: only of known callers, only so many a
   * minute, and never in the way of the answer. Of those who are not known, whoever is invited and somebody else.
   */
  record(operation: Operation, request: FastifyRequest, caller: Caller, refusal?: Problem): Promise<void>;
}

/** @param perMinute written down of each credential: enough to see them, too few to fill a disk */
export function refusals(perMinute: number, now: () => number = performance.now.bind(performance)): Refusals {
  const allow = cap(perMinute, now);
  return {
    async record(operation, request, caller, refusal) {
      const action = actionOf(operation, request);
      if (action === undefined) return;
      const happening = { action, outcome: 'refused' as const, target: { kind: 'organization' as const, id: null } };
      try {
        if ('actor' in caller && allow(caller.actor.id)) await record(caller, happening);
        else if ('partner' in caller && allow(caller.partner.keyId)) await recordForPartner(caller, null, happening);
        else if (refusal instanceof SignedInAsAnother && allow(refusal.invited.id)) await refusal.record(caller);
      } catch (error) {
        request.log.warn({ err: error }, 'a refused attempt could not be recorded');
      }
    },
  };
}

/** The action that was attempted; reading has none, so refused reads are not recorded. */
function actionOf(operation: Operation, request: FastifyRequest): AuditAction | undefined {
  if (typeof operation.audit !== 'object') return operation.audit;
  // Before the body is read, or for an action that there is not, it is the first.
  const { action } = { ...(request.params as object), ...(request.body as object | undefined) } as { action?: string };
  const attempted = action && attempts.get(action);
  return operation.audit.find((audited) => audited === attempted) ?? operation.audit[0];
}

const attempts = new Map<string, AuditAction>([
  ['resend', 'invitation.resent'],
  ['cancel', 'invitation.cancelled'],
  ['revoke', 'member.revoked'],
  ['update', 'member.updated'],
]);

function cap(perMinute: number, now: () => number): (credentialId: string) => boolean {
  let minute = 0;
  let counts = new Map<string, number>();
  return (credentialId) => {
    const current = Math.floor(now() / 60_000);
    if (current !== minute) [minute, counts] = [current, new Map()];
    const count = (counts.get(credentialId) ?? 0) + 1;
    counts.set(credentialId, count);
    return count <= perMinute;
  };
}

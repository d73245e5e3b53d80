import type { Operation } from '@latchkey/core/api/operation.ts';
import type { AuditAction } from '@latchkey/core/audit-event.ts';
import type { FastifyRequest } from 'fastify';
import { type Call, type PartnerCall, type PublicCall, record, recordForPartner } from '../usecases/call.ts';

export interface Refusals {
  /**
   * Writes a refused attempt into the audit log, in a transaction of its own: only of known callers, only so many a
   * minute, and never in the way of the answer.
   */
  record(operation: Operation, request: FastifyRequest, caller: PublicCall | Call | PartnerCall): Promise<void>;
}

/** @param perMinute written down of each credential: enough to see them, too few to fill a disk */
export function refusals(perMinute: number, now: () => number = performance.now.bind(performance)): Refusals {
  const allow = cap(perMinute, now);
  return {
    async record(operation, request, caller) {
      const action = actionOf(operation, request);
      if (action === undefined) return;
      const happening = { action, outcome: 'refused' as const, target: { kind: 'organization' as const, id: null } };
      try {
        if ('actor' in caller && allow(caller.actor.id)) await record(caller, happening);
        else if ('partner' in caller && allow(caller.partner.keyId)) await recordForPartner(caller, null, happening);
      } catch (error) {
        request.log.warn({ err: error }, 'a refused attempt could not be recorded');
      }
    },
  };
}

/** The action that was attempted; reading has none, so refused reads are not recorded. */
function actionOf(operation: Operation, request: FastifyRequest): AuditAction | undefined {
  if (typeof operation.audit !== 'object') return operation.audit;
  const params = request.params as { action?: string };
  const attempted = params.action === 'cancel' ? 'invitation.cancelled' : 'invitation.resent';
  return operation.audit.find((action) => action === attempted);
}

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

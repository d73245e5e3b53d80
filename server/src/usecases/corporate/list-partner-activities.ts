import type { Api } from '@latchkey/core/api/index.ts';
import type { Query, Reply } from '@latchkey/core/api/operation.ts';
import { listPartnerAuditEvents } from '../../store/audit-events.ts';
import { activityPage } from '../activity-page.ts';
import type { Outcome, PartnerCall } from '../call.ts';

type Operation = Api['listPartnerActivities'];

/** The audit log of the partner, newest first: what was done with its keys and its organizations. */
export async function listPartnerActivities(
  { db, partner }: PartnerCall,
  { query }: { query: Query<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  return {
    // Only keys act for a partner, and keys have no address.
    body: await activityPage(
      'partner-activities',
      query,
      async () => [],
      (filter, limit) => listPartnerAuditEvents(db, partner.id, filter, limit),
    ),
  };
}

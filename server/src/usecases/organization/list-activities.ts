import type { Api } from '@latchkey/core/api/index.ts';
import type { Query, Reply } from '@latchkey/core/api/operation.ts';
import { actorsAt, listAuditEvents } from '../../store/audit-events.ts';
import { activityPage } from '../activity-page.ts';
import type { Call, Outcome } from '../call.ts';

type Operation = Api['listActivities'];

/** The audit log of the organization, newest first. */
export async function listActivities(
  { db, actor }: Call,
  { query }: { query: Query<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  return {
    body: await activityPage(
      'activities',
      query,
      (email) => actorsAt(db, actor.organization.id, email),
      (filter, limit) => listAuditEvents(db, actor.organization.id, filter, limit),
    ),
  };
}

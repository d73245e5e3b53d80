import type { Activity } from '@latchkey/core/api/activity.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Query } from '@latchkey/core/api/operation.ts';
import { actorsAt, listAuditEvents } from '../../store/audit-events.ts';
import { readActivityFilter, shownEvent } from '../activity-page.ts';
import type { Call } from '../call.ts';

const chunk = 1000;

/** All events that the filter leaves, newest first, in chunks: a log of any length takes the memory of one. */
export async function* exportActivities(
  { db, actor }: Call,
  { query }: { query: Query<Api['exportActivities']> },
): AsyncGenerator<Activity> {
  const filter = await readActivityFilter(query, (email) => actorsAt(db, actor.organization.id, email));
  let olderThan: string | undefined;
  for (;;) {
    const rows = await listAuditEvents(db, actor.organization.id, { ...filter, olderThan }, chunk);
    yield* rows.map(shownEvent);
    if (rows.length < chunk) return;
    olderThan = rows.at(-1)?.id;
  }
}

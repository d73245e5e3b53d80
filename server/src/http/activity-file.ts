import type { Activity } from '@latchkey/core/api/activity.ts';
import { jsonLines } from './streamed-changes.ts';
import { csv } from './streamed-csv.ts';
import type { Streamed } from './streamed-list.ts';

/** An audit log as a file to save. */
export async function activityFile(format: 'csv' | 'ndjson', activities: AsyncGenerator<Activity>): Promise<Streamed> {
  const streamed = await (format === 'csv' ? csv(columns, activities) : jsonLines(activities));
  return { ...streamed, filename: `activities.${format}` };
}

const columns: Record<string, (activity: Activity) => string | null> = {
  id: ({ id }) => id,
  date: ({ date }) => date,
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  actor_kind: ({ actor }) => actor.kind,
  actor_id: ({ actor }) => actor.id,
  actor_name: ({ actor }) => actor.name,
  target_kind: ({ target }) => target.kind,
  target_id: ({ target }) => target.id,
  user_email: ({ user_email }) => user_email,
  user_ip: ({ user_ip }) => user_ip,
  user_agent: ({ user_agent }) => user_agent,
  request_id: ({ request_id }) => request_id,
  details: ({ details }) => JSON.stringify(details),
};

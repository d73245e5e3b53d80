import type { Activity } from '@latchkey/core/api/activity.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Query, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { Problem, problem } from '@latchkey/core/problem.ts';
import type { AuditEventRow, AuditFilter } from '../store/audit-events.ts';
import { readIdCursor, readLimit, writeCursor } from './cursor.ts';

/** Every audit log is asked for, and answered, alike. */
type Operation = Api['listActivities'];

/**
 * A page of an audit log as a request asks for it.
 * @param list the log's name, so that a cursor is only good for the one that gave it
 * @param actorsAt the ids under which somebody with an address acts
 * @param read gives at most so many events, newest first
 * @throws Problem `invalid_parameter` (invalid_date, invalid_email, invalid_actor, invalid_cursor) or `out_of_range`
 */
export async function activityPage(
  list: string,
  query: Query<Operation>,
  actorsAt: ActorsAt,
  read: (filter: AuditFilter, limit: number) => Promise<AuditEventRow[]>,
): Promise<Reply<Operation>> {
  const limit = readLimit(query.limit, 10, 100);
  const filter: AuditFilter = {
    ...(await readActivityFilter(query, actorsAt)),
    olderThan: readIdCursor(list, query.cursor),
    offset: Number(query.offset ?? 0),
  };
  const found = await read(filter, limit + 1);
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { logs: rows.map(shownEvent), ...(last && { cursor: writeCursor(list, [last.id]) }) };
}

export type ActorsAt = (email: string) => Promise<string[]>;

/**
 * Which events are asked for, on whatever page.
 * @throws Problem `invalid_parameter` (invalid_date, invalid_email, invalid_actor)
 */
export const readActivityFilter = async (query: Query<Operation>, actorsAt: ActorsAt): Promise<AuditFilter> => ({
  from: readMoment('startDate', query.startDate, 0),
  before: readMoment('endDate', query.endDate, 1),
  email: query.email === undefined ? undefined : canonicalEmail(query.email),
  actors: query.actor === undefined ? undefined : await readActors(query.actor, actorsAt),
  action: query.action,
  outcome: query.outcome,
});

async function readActors(actor: string, actorsAt: ActorsAt): Promise<string[]> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(actor)) return [actor];
  try {
    return await actorsAt(canonicalEmail(actor));
  } catch (error) {
    if (error instanceof Problem) throw invalidActor();
    throw error;
  }
}

const invalidActor = () =>
  problem(
    'invalid_parameter',
    'actor',
    'invalid_actor',
    'actor is the id of a member or a key, as actor.id has it, or a member’s address.',
  );

export const shownEvent = (row: AuditEventRow): Activity => ({
  id: row.id,
  action: row.action,
  outcome: row.outcome,
  date: row.occurred_at.toISOString(),
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  target: { kind: row.target_kind, id: row.target_id, name: row.target_email },
  user_email: row.target_email,
  user_ip: row.ip,
  user_agent: row.user_agent,
  request_id: row.request_id,
  details: row.details,
});

/** A day counts whole: as a start from its beginning, as an end up to the beginning of the next. */
function readMoment(path: string, written: string | undefined, daysLater: number): Date | undefined {
  if (written === undefined) return undefined;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(written);
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/.test(written);
  const moment = new Date(isDay ? `${written}T00:00:00Z` : written);
  if ((!isDay && !isMoment) || Number.isNaN(moment.getTime()) || !isInItsMonth(written.slice(0, 10))) {
    throw problem(
      'invalid_parameter',
      path,
      'invalid_date',
      `${path} is a day (2026-11-21) or a moment with its zone (2026-11-21T09:30:00Z).`,
    );
  }
  if (isDay) moment.setUTCDate(moment.getUTCDate() + daysLater);
  return moment;
}

/** The date parser takes 30 February for 2 March. */
function isInItsMonth(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

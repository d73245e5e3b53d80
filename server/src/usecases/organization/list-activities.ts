import type { Api } from '@latchkey/core/api/index.ts';
import type { Query, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { problem } from '@latchkey/core/problem.ts';
import { listAuditEvents } from '../../store/audit-events.ts';
import type { Call, Outcome } from '../call.ts';
import { readIdCursor, readLimit, writeCursor } from '../cursor.ts';

type Operation = Api['listActivities'];

/** The audit log of the organization, newest first. */
export async function listActivities(
  call: Call,
  { query }: { query: Query<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const limit = readLimit(query.limit, 10, 100);
  const found = await listAuditEvents(
    call.db,
    call.actor.organization.id,
    {
      from: readMoment('startDate', query.startDate, 0),
      before: readMoment('endDate', query.endDate, 1),
      email: query.email === undefined ? undefined : canonicalEmail(query.email),
      action: query.action,
      outcome: query.outcome,
      olderThan: readIdCursor('activities', query.cursor),
      offset: Number(query.offset ?? 0),
    },
    limit + 1,
  );
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return {
    body: {
      logs: rows.map((row) => ({
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
      })),
      ...(last && { cursor: writeCursor('activities', [last.id]) }),
    },
  };
}

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

import type { Api } from '@latchkey/core/api/index.ts';
import type { Query, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { listDeliveryRows } from '../../store/deliveries.ts';
import type { Call, Outcome } from '../call.ts';
import { readIdCursor, readLimit, writeCursor } from '../cursor.ts';

type Operation = Api['listDeliveries'];

/** The fate of each message, newest first. Links are not stored, so none can be listed. */
export async function listDeliveries(
  call: Call,
  { query }: { query: Query<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const limit = readLimit(query.limit, 50, 100);
  const filter = {
    state: query.state,
    email: query.email === undefined ? undefined : canonicalEmail(query.email),
    olderThan: readIdCursor('deliveries', query.cursor),
  };
  const found = await listDeliveryRows(call.db, call.actor.organization.id, filter, limit + 1);
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return {
    body: {
      deliveries: rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        email: row.recipient,
        state: row.state,
        reason: row.reason,
        attempts: row.attempts,
        created_at: row.created_at.toISOString(),
        sent_at: row.sent_at?.toISOString() ?? null,
        next_attempt_at: row.state === 'queued' ? row.next_attempt_at.toISOString() : null,
      })),
      ...(last && { cursor: writeCursor('deliveries', [last.id]) }),
    },
  };
}

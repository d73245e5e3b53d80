import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { listSessionRows } from '../../store/sessions.ts';
import type { Outcome, SessionCall } from '../call.ts';

export async function listSessions(call: SessionCall): Promise<Outcome<Reply<Api['listSessions']>>> {
  const { db, signedIn, signIn } = call;
  const rows = await listSessionRows(db, signedIn.identityId, signIn.idleSeconds);
  return {
    body: {
      sessions: rows.map((row) => ({
        id: row.id,
        current: row.id === signedIn.sessionId,
        method: row.method,
        user_agent: row.user_agent,
        ip: row.ip,
        signed_in_at: row.created_at.toISOString(),
        last_used_at: row.last_used_at.toISOString(),
        expires_at: row.expires_at.toISOString(),
      })),
    },
  };
}

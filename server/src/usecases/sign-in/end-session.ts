import type { Api } from '@latchkey/core/api/index.ts';
import type { Params, Reply } from '@latchkey/core/api/operation.ts';
import { problem } from '@latchkey/core/problem.ts';
import { deleteSession } from '../../store/sessions.ts';
import type { Outcome, SessionCall } from '../call.ts';

type Operation = Api['endSession'];

/** Ends a session of the same person; ending one's own is signing out. */
export async function endSession(
  { db, signedIn }: SessionCall,
  { params }: { params: Params<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  if (!(await deleteSession(db, signedIn.identityId, params.id)))
    throw problem(
      'document_not_found',
      'id',
      'unknown_session',
      'You have no such session; it may have ended already.',
    );
  return { body: { status: 'OK' }, ...(params.id === signedIn.sessionId && { session: 'ended' }) };
}

import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { deleteSession } from '../../store/sessions.ts';
import type { Outcome, SessionCall } from '../call.ts';

export async function signOut({ db, signedIn }: SessionCall): Promise<Outcome<Reply<Api['signOut']>>> {
  await deleteSession(db, signedIn.identityId, signedIn.sessionId);
  return { body: { status: 'OK' }, session: 'ended' };
}

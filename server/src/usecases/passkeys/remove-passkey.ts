import type { Api } from '@latchkey/core/api/index.ts';
import type { Params, Reply } from '@latchkey/core/api/operation.ts';
import { unknownPasskey } from '@latchkey/core/passkey.ts';
import { deletePasskey } from '../../store/passkeys.ts';
import type { Outcome, SessionCall } from '../call.ts';
import { recordAtMemberships } from '../sign-in/record-at-memberships.ts';

type Operation = Api['removePasskey'];

/** Needs no fresh sign-in: a passkey that was lost is to go at once. */
export function removePasskey(
  call: SessionCall,
  { params }: { params: Params<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { identityId } = call.signedIn;
  return call.db.transaction(async (db) => {
    const name = await deletePasskey(db, identityId, params.id);
    if (name === undefined) throw unknownPasskey();
    await recordAtMemberships({ ...call, db }, identityId, 'member.passkey_removed', { name });
    return { body: { status: 'OK' } };
  });
}

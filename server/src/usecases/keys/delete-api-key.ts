import type { Api } from '@latchkey/core/api/index.ts';
import type { Params, Reply } from '@latchkey/core/api/operation.ts';
import { deleteApiKeyRow } from '../../store/keys.ts';
import { recordAccessChange } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { underLock } from '../under-lock.ts';
import { changeableKey, keyDetail } from './changeable-key.ts';

type Operation = Api['deleteApiKey'];

/** The key is refused from the next request on. */
export function deleteApiKey(
  call: Call,
  { params }: { params: Params<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  return underLock(call, async (locked) => {
    const key = await changeableKey(locked, params.id);
    await deleteApiKeyRow(locked.db, locked.actor.organization.id, key.key_id);
    await record(locked, {
      action: 'api_key.deleted',
      target: { kind: 'api_key', id: key.key_id },
      details: keyDetail(key),
    });
    const revision = await recordAccessChange(locked.db, locked.actor.organization.id, { apiKeyId: key.key_id });
    return { body: { status: 'OK', id: key.key_id }, revision };
  });
}

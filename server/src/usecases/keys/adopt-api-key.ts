import type { Api } from '@latchkey/core/api/index.ts';
import type { Params, Reply } from '@latchkey/core/api/operation.ts';
import { rebindApiKey } from '../../store/keys.ts';
import { recordAccessChange } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { memberBehind } from '../ownership/member-behind.ts';
import { underLock } from '../under-lock.ts';
import { changeableKey, keyDetail } from './changeable-key.ts';

type Operation = Api['adoptApiKey'];

/** The key belongs to the owner behind the caller's key from now on, and stands by itself. */
export function adoptApiKey(call: Call, { params }: { params: Params<Operation> }): Promise<Outcome<Reply<Operation>>> {
  return underLock(call, async (locked) => {
    const owner = memberBehind(locked.actor);
    const key = await changeableKey(locked, params.id);
    await rebindApiKey(locked.db, locked.actor.organization.id, key.key_id, owner.id);
    await record(locked, {
      action: 'api_key.adopted',
      target: { kind: 'api_key', id: key.key_id },
      details: { ...keyDetail(key), from_member: key.member_id },
    });
    const revision = await recordAccessChange(locked.db, locked.actor.organization.id, { apiKeyId: key.key_id });
    return { body: { status: 'OK', id: key.key_id }, revision };
  });
}

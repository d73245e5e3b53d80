import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Params, Reply } from '@latchkey/core/api/operation.ts';
import { rotateApiKeySecret } from '../../store/keys.ts';
import { recordAccessChange } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { underLock } from '../under-lock.ts';
import { changeableKey, keyDetail } from './changeable-key.ts';
import { newSecret } from './new-secret.ts';
import { requireLimits } from './requested-key.ts';

type Operation = Api['rotateApiKey'];

export const standardOverlapSeconds = 86_400;

/** A new secret for the same key; the old one stays valid for the overlap. */
export function rotateApiKey(
  call: Call,
  { params, body }: { params: Params<Operation>; body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { secret, stored } = newSecret(call, 'api_key');
  const overlap = body.overlap_seconds ?? standardOverlapSeconds;
  return underLock(call, async (locked) => {
    const key = await changeableKey(locked, params.id);
    const own = locked.actor.kind === 'api_key' && locked.actor.id === key.key_id;
    if (!own) requireLimits(locked.actor.limits, { expiresAt: key.expires_at, allowedIps: key.allowed_ips });
    const ends = await rotateApiKeySecret(locked.db, locked.actor.organization.id, key.key_id, stored, overlap);
    await record(locked, {
      action: 'api_key.rotated',
      target: { kind: 'api_key', id: key.key_id },
      details: { ...keyDetail(key), overlap_seconds: overlap },
    });
    const revision = await recordAccessChange(locked.db, locked.actor.organization.id, { apiKeyId: key.key_id });
    return { body: { id: key.key_id, key: secret, old_key_valid_until: ends.toISOString() }, revision };
  });
}

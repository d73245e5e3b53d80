import { bitsetOf, encodeBitset } from '@latchkey/core/access/bitset.ts';
import type { CatalogueVocabulary } from '@latchkey/core/access/catalogue-vocabulary.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import type { AccessStateRow } from '../../store/access-states.ts';

export type AccessState = Reply<Api['followAccessChanges']>['members'][number];

/** A member as a replica is told of one; of somebody who is not active only that. */
export function accessState(vocabulary: CatalogueVocabulary, member: AccessStateRow): AccessState {
  const active = member.status === 'active';
  return {
    id: member.id,
    email: member.email,
    ...(member.external_id !== null && { external_id: member.external_id }),
    active,
    owner: active && member.is_owner,
    all_features_access: active && member.all_features_access,
    permissions: active ? encodeBitset(bitsetOf(vocabulary.bitsOf(member.permissions), vocabulary.words)) : '',
    suspended: member.suspended,
    access_expires_at: member.access_expires_at === null ? null : momentOf(member.access_expires_at),
  };
}

const latest = 8.64e15;

/** Scripts may write moments that JavaScript has none of: one that is long over is as good as another. */
const momentOf = (milliseconds: number): string =>
  new Date(Math.min(latest, Math.max(0, Math.floor(milliseconds)))).toISOString();

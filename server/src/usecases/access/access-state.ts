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
    access_expires_at:
      member.access_expires_at === null ? null : new Date(Math.floor(member.access_expires_at)).toISOString(),
  };
}

import { requireCeiling } from '@latchkey/core/actor.ts';
import { storedPermissions } from '@latchkey/core/holdings.ts';
import { problem } from '@latchkey/core/problem.ts';
import { type ApiKeyCredential, findApiKeyCredential } from '../../store/credentials.ts';
import type { Call } from '../call.ts';
import { apiKeyHoldings } from '../credential-actor.ts';

/**
 * A key that the caller may change: whoever gives a key a new secret, or takes it away, must hold what it holds.
 * @throws Problem `document_not_found`, or `permission_denied` by the grant ceiling
 */
export async function changeableKey(call: Call, id: string): Promise<ApiKeyCredential> {
  const key = await findApiKeyCredential(call.db, call.actor.organization.id, id);
  if (!key) throw keyNotFound();
  requireCeiling(call.actor, apiKeyHoldings(call.catalogue, key), 'id');
  // A bound key may come to hold more when its member does, so what it was given counts too.
  requireCeiling(
    call.actor,
    {
      owner: false,
      everything: key.key_everything,
      permissions: storedPermissions(call.catalogue, key.key_permissions),
    },
    'id',
  );
  return key;
}

/** Which key an audit event is about, also once it is deleted; nothing of its secret. */
export const keyDetail = ({ key_id, key_name }: { key_id: string; key_name: string }) => ({ key_id, key_name });

export const keyNotFound = () => problem('document_not_found', 'id', 'unknown_key', 'No such key');

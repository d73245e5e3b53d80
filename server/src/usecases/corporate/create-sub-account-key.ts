import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { insertApiKey } from '../../store/keys.ts';
import { recordAccessChange } from '../../store/organizations.ts';
import { type Outcome, type PartnerCall, recordForPartner } from '../call.ts';
import { newSecret } from '../keys/new-secret.ts';
import { underSubAccountLock } from './under-sub-account-lock.ts';

type Operation = Api['createSubAccountKey'];

/** A key with everything for one of the partner's organizations; nobody stands behind it but the partner. */
export function createSubAccountKey(
  call: PartnerCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const id = call.newId();
  const { secret, stored } = newSecret(call, 'api_key');
  return underSubAccountLock(call, body.id, async (locked, organization) => {
    const holdings = { everything: true, permissions: new Set<never>() };
    await insertApiKey(
      locked.db,
      {
        organizationId: organization.id,
        id,
        name: body.name,
        holdings,
        memberId: null,
        bound: false,
        partnerId: call.partner.id,
        // A partner key that ends, or may only be used from some places, makes none that goes further.
        ...call.partner.limits,
      },
      stored,
    );
    await recordForPartner(locked, organization.id, {
      action: 'api_key.created',
      target: { kind: 'api_key', id },
      details: { key_id: id, key_name: body.name, all_features_access: true, permissions: [] },
    });
    const revision = await recordAccessChange(locked.db, organization.id, { apiKeyId: id });
    return { body: { key: secret, status: 'success', id }, revision };
  });
}

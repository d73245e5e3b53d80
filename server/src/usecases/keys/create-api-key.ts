import { requireCeiling } from '@latchkey/core/actor.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { planOf, requireInPlan } from '@latchkey/core/plan.ts';
import { insertApiKey } from '../../store/keys.ts';
import { recordAccessChange } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { grantsDetail } from '../members/grants-detail.ts';
import { newHoldings, readRequestedGrants } from '../members/requested-grants.ts';
import { underLock } from '../under-lock.ts';
import { newSecret } from './new-secret.ts';
import { limitsOfNewKey } from './requested-key.ts';

type Operation = Api['createApiKey'];

/** Makes a key with at most the caller's own privileges, which belongs to the same member and is bound as the caller is. */
export function createApiKey(call: Call, { body }: { body: Body<Operation> }): Promise<Outcome<Reply<Operation>>> {
  const holdings = newHoldings(body, readRequestedGrants(call.catalogue, body));
  const id = call.newId();
  const { secret, stored } = newSecret(call, 'api_key');

  return underLock(call, async (locked) => {
    const { actor, db } = locked;
    const organizationId = actor.organization.id;
    const { expiresAt, allowedIps } = limitsOfNewKey(actor.limits, body);
    requireCeiling(actor, holdings, 'privileges');
    requireInPlan(call.catalogue, planOf(call.catalogue, actor.organization), holdings.permissions);
    const bound = actor.bound && !actor.member?.isOwner;
    await insertApiKey(
      db,
      {
        organizationId,
        id,
        name: body.name,
        holdings,
        memberId: actor.member?.id ?? null,
        bound,
        partnerId: actor.partnerId ?? null,
        allowedIps,
        expiresAt,
      },
      stored,
    );
    await record(locked, {
      action: 'api_key.created',
      target: { kind: 'api_key', id },
      details: {
        key_id: id,
        key_name: body.name,
        ...grantsDetail(holdings),
        expires_at: expiresAt,
        allowed_ips: allowedIps.length,
      },
    });
    const revision = await recordAccessChange(db, organizationId, { apiKeyId: id });
    return { body: { id, key: secret, name: body.name, expires_at: expiresAt?.toISOString() ?? null }, revision };
  });
}

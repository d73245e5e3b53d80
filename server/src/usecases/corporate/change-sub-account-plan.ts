import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Params, Reply } from '@latchkey/core/api/operation.ts';
import { recordAccessChange, updatePlan } from '../../store/organizations.ts';
import { type Outcome, type PartnerCall, recordForPartner } from '../call.ts';
import { knownPlan } from './known-plan.ts';
import { underSubAccountLock } from './under-sub-account-lock.ts';

type Operation = Api['changeSubAccountPlan'];

/** Another plan masks other permissions and has other seats; it deletes nothing. Without `seats` the plan's own number holds. */
export function changeSubAccountPlan(
  call: PartnerCall,
  { params, body }: { params: Params<Operation>; body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const plan = knownPlan(call.catalogue, body.plan);
  const seats = body.seats ?? null;
  return underSubAccountLock(call, params.id, async (locked, organization) => {
    await updatePlan(locked.db, organization.id, plan.name, seats);
    await recordForPartner(locked, organization.id, {
      action: 'plan.changed',
      target: { kind: 'organization', id: organization.id },
      details: { before: { plan: organization.plan, seats: organization.seats }, after: { plan: plan.name, seats } },
    });
    return {
      body: { status: 'OK', plan: plan.name, seats: seats ?? plan.seats },
      revision: await recordAccessChange(locked.db, organization.id, {}),
    };
  });
}

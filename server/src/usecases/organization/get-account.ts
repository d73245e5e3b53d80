import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { labelIn } from '@latchkey/core/catalogue/label.ts';
import { planOf } from '@latchkey/core/plan.ts';
import { seatsTaken } from '../../store/seats.ts';
import type { Call, Outcome } from '../call.ts';

/** Whose key this is. */
export async function getAccount({ db, actor, catalogue }: Call): Promise<Outcome<Reply<Api['getAccount']>>> {
  const { organization } = actor;
  const plan = planOf(catalogue, organization);
  const taken = await seatsTaken(db, organization.id);
  return {
    body: {
      organization_id: organization.id,
      companyName: organization.name,
      email: actor.member?.email ?? null,
      plan: [{ type: plan.name, label: labelIn(plan.label, organization.locale) }],
      seats: { used: taken.active, limit: plan.seats },
      locale: organization.locale,
      redirect_url: organization.redirectUrl,
      access_revision: taken.revision,
    },
  };
}

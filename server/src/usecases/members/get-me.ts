import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { effectivePermissions, planOf } from '@latchkey/core/plan.ts';
import { privilegesOf } from '@latchkey/core/privilege.ts';
import type { Call, Outcome } from '../call.ts';

/** What the credential comes to in the end, the plan's mask included. */
export async function getMe({ actor, catalogue }: Call): Promise<Outcome<Reply<Api['getMe']>>> {
  const permissions = effectivePermissions(catalogue, actor.holdings, planOf(catalogue, actor.organization));
  return {
    body: {
      kind: actor.kind,
      id: actor.id,
      name: actor.name,
      member: actor.member ? { id: actor.member.id, email: actor.member.email, is_owner: actor.member.isOwner } : null,
      all_features_access: actor.holdings.owner || actor.holdings.everything,
      privileges: privilegesOf(catalogue, { owner: false, everything: false, permissions }),
      organization: { id: actor.organization.id, name: actor.organization.name },
    },
  };
}

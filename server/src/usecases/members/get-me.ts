import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { effectivePermissions, planOf } from '@latchkey/core/plan.ts';
import { privilegesOf } from '@latchkey/core/privilege.ts';
import { findMemberById } from '../../store/members.ts';
import type { Call, Outcome } from '../call.ts';
import { memberFields } from './member-fields.ts';

/** What the credential comes to in the end, the plan's mask included. */
export async function getMe({ actor, catalogue, db }: Call): Promise<Outcome<Reply<Api['getMe']>>> {
  const permissions = effectivePermissions(catalogue, actor.holdings, planOf(catalogue, actor.organization));
  const member = actor.member && (await findMemberById(db, catalogue, actor.organization.id, actor.member.id));
  return {
    body: {
      kind: actor.kind,
      id: actor.id,
      name: actor.name,
      member: member
        ? { id: member.id, email: member.email, is_owner: member.holdings.owner, ...memberFields(member) }
        : null,
      all_features_access: actor.holdings.owner || actor.holdings.everything,
      privileges: privilegesOf(catalogue, { owner: false, everything: false, permissions }),
      organization: { id: actor.organization.id, name: actor.organization.name },
    },
  };
}

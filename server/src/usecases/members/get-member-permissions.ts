import type { Api } from '@latchkey/core/api/index.ts';
import type { Params, Query, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { heldPermissions } from '@latchkey/core/holdings.ts';
import { memberNotFound } from '@latchkey/core/member.ts';
import { effectivePermissions, planOf } from '@latchkey/core/plan.ts';
import { privilegeLabelsOf, privilegesOf } from '@latchkey/core/privilege.ts';
import { findMember } from '../../store/members.ts';
import type { Call, Outcome } from '../call.ts';

type Operation = Api['getMemberPermissions'];

/** What a member was given, so that it can be written back; and apart from that, what the plan masks of it. */
export async function getMemberPermissions(
  call: Call,
  { params, query }: { params: Params<Operation>; query: Query<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { catalogue, actor } = call;
  const member = await findMember(call.db, catalogue, actor.organization.id, canonicalEmail(params.email));
  if (!member) throw memberNotFound();
  const { holdings } = member;
  const masked = heldPermissions(catalogue, holdings).difference(
    effectivePermissions(catalogue, holdings, planOf(catalogue, actor.organization)),
  );
  return {
    body: {
      email: member.email,
      status: member.status,
      privileges: query.view === 'labels' ? privilegeLabelsOf(catalogue, holdings) : privilegesOf(catalogue, holdings),
      id: member.id,
      is_owner: holdings.owner,
      all_features_access: holdings.owner || holdings.everything,
      ...(masked.size > 0 && {
        not_in_plan: privilegesOf(catalogue, { owner: false, everything: false, permissions: masked }),
      }),
      version: member.version,
    },
    version: member.version,
  };
}

import { requireCeiling } from '@latchkey/core/actor.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Headers, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { type Holdings, sameHoldings } from '@latchkey/core/holdings.ts';
import { type Member, memberNotFound, ownerProtected } from '@latchkey/core/member.ts';
import { planOf, requireInPlan } from '@latchkey/core/plan.ts';
import { applyPrivileges, type PrivilegeChange, permissionsOf } from '@latchkey/core/privilege.ts';
import { problem } from '@latchkey/core/problem.ts';
import { changeGrantor } from '../../store/invitations.ts';
import { findMember, updateGrants } from '../../store/members.ts';
import { accessRevision, recordAccessChange } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { grantorOf } from '../invitations/grantor.ts';
import { underLock } from '../under-lock.ts';
import { grantsDetail } from './grants-detail.ts';
import { readRequestedGrants } from './requested-grants.ts';

type Operation = Api['updateMemberPermissions'];

/** Merges the named features into what a member, joined or not, was given. */
export async function updateMemberPermissions(
  call: Call,
  { body, headers }: { body: Body<Operation>; headers: Headers<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const email = canonicalEmail(body.email);
  const change = readRequestedGrants(call.catalogue, body);
  const reply: Reply<Operation> = {
    status: 'OK',
    email: body.email,
    all_features_access: body.all_features_access,
    privileges: body.privileges ?? [],
  };

  return underLock(call, async (locked) => {
    const { actor, catalogue, db } = locked;
    const organizationId = actor.organization.id;
    const member = await findMember(db, catalogue, organizationId, email);
    if (!member) throw memberNotFound();
    if (member.holdings.owner) throw ownerProtected();
    requireVersion(member, headers['if-match']);
    const holdings = changedHoldings(member.holdings, body.all_features_access, change);
    requireCeiling(actor, member.holdings, 'email');
    requireCeiling(actor, holdings, 'privileges');
    requireInPlan(
      catalogue,
      planOf(catalogue, actor.organization),
      holdings.permissions,
      member.holdings.everything ? catalogue.permissions : member.holdings.permissions,
    );
    if (sameHoldings(member.holdings, holdings))
      return { body: reply, version: member.version, ...(await unchangedRevision(locked, member)) };

    await updateGrants(db, organizationId, member.id, holdings);
    await record(locked, {
      action: 'member.updated',
      target: { kind: 'member', id: member.id, email },
      details: { before: grantsDetail(member.holdings), after: grantsDetail(holdings) },
    });
    const version = member.version + 1;
    if (member.status === 'active')
      return { body: reply, version, revision: await recordAccessChange(db, organizationId, { memberId: member.id }) };
    await changeGrantor(db, organizationId, member.id, grantorOf(actor));
    return { body: reply, version };
  });
}

/** A repetition is told the revision too: it may be the first answer that arrives. */
const unchangedRevision = async ({ db, actor }: Call, member: Member): Promise<{ revision?: number }> =>
  member.status === 'active' ? { revision: await accessRevision(db, actor.organization.id) } : {};

/** Everything, or the merge; from everything down to exactly what is named. */
function changedHoldings(held: Holdings, everything: boolean, change: PrivilegeChange): Holdings {
  if (everything) return { owner: held.owner, everything: true, permissions: new Set() };
  const permissions = held.everything ? permissionsOf(change) : applyPrivileges(held.permissions, change);
  return { owner: held.owner, everything: false, permissions };
}

/** The entity tag of a member at a version, as GET answers it and If-Match brings it back. */
export const entityTag = (version: number): string => `"${version}"`;

/** @throws Problem `precondition_failed`, reason `changed_meanwhile` */
export function requireVersion(member: Member, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (tags.includes(entityTag(member.version))) return;
  throw problem(
    'precondition_failed',
    'if-match',
    'changed_meanwhile',
    `The member has changed since: it is at version ${member.version} now. Read it again.`,
  );
}

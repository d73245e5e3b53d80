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
import type { Change } from './change.ts';
import { grantsDetail } from './grants-detail.ts';
import { type RequestedGrants, readRequestedGrants } from './requested-grants.ts';

type Operation = Api['updateMemberPermissions'];

/** Merges the named features into what a member, joined or not, was given. */
export async function updateMemberPermissions(
  call: Call,
  { body, headers }: { body: Body<Operation>; headers: Headers<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const email = canonicalEmail(body.email);
  const asked = readGrantsChange(call, body);
  const { version, revision } = await updateGrantsOf(call, email, asked, headers['if-match']);
  return {
    body: {
      status: 'OK',
      email: body.email,
      all_features_access: body.all_features_access,
      privileges: body.privileges ?? [],
    },
    version,
    ...(revision !== undefined && { revision }),
  };
}

/** Everything, or a merge. */
export interface GrantsChange {
  everything: boolean;
  change: PrivilegeChange;
}

export const readGrantsChange = ({ catalogue }: Call, request: RequestedGrants): GrantsChange => ({
  everything: request.all_features_access,
  change: readRequestedGrants(catalogue, request),
});

/** With what the member was given before and after. */
export interface ChangedGrants extends Change {
  version: number;
  before: Holdings;
  after: Holdings;
}

/** @param email in canonical form */
export function updateGrantsOf(
  call: Call,
  email: string,
  asked: GrantsChange,
  ifMatch?: string,
): Promise<ChangedGrants> {
  return underLock(call, async (locked) => {
    const { actor, catalogue, db } = locked;
    const organizationId = actor.organization.id;
    const member = await findMember(db, catalogue, organizationId, email);
    if (!member) throw memberNotFound();
    if (member.holdings.owner) throw ownerProtected();
    requireVersion(member, ifMatch);
    const before = member.holdings;
    const after = changedHoldings(before, asked);
    requireCeiling(actor, before, 'email');
    requireCeiling(actor, after, 'privileges');
    requireInPlan(
      catalogue,
      planOf(catalogue, actor.organization),
      after.permissions,
      before.everything ? catalogue.permissions : before.permissions,
    );
    const { version } = member;
    if (sameHoldings(before, after))
      return { outcome: 'unchanged', before, after, version, ...(await unchangedRevision(locked, member)) };

    await updateGrants(db, organizationId, member.id, after);
    await record(locked, {
      action: 'member.updated',
      target: { kind: 'member', id: member.id, email },
      details: { before: grantsDetail(before), after: grantsDetail(after) },
    });
    const changed = { outcome: 'done', before, after, version: version + 1 } as const;
    if (member.status === 'active')
      return { ...changed, revision: await recordAccessChange(db, organizationId, { memberId: member.id }) };
    await changeGrantor(db, organizationId, member.id, grantorOf(actor));
    return changed;
  });
}

/** A repetition is told the revision too: it may be the first answer that arrives. */
const unchangedRevision = async ({ db, actor }: Call, member: Member): Promise<{ revision?: number }> =>
  member.status === 'active' ? { revision: await accessRevision(db, actor.organization.id) } : {};

/** Everything, or the merge; from everything down to exactly what is named. */
function changedHoldings(held: Holdings, { everything, change }: GrantsChange): Holdings {
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

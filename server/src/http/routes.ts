import { type Api, api, type OperationName } from '@latchkey/core/api/index.ts';
import type { Body, Headers, Operation, Params, Query, Reply } from '@latchkey/core/api/operation.ts';
import type { Call, Outcome, PartnerCall, PublicCall } from '../usecases/call.ts';
import { changeSubAccountPlan } from '../usecases/corporate/change-sub-account-plan.ts';
import { createSubAccount } from '../usecases/corporate/create-sub-account.ts';
import { createSubAccountKey } from '../usecases/corporate/create-sub-account-key.ts';
import { acceptInvitation } from '../usecases/invitations/accept-invitation.ts';
import { declineInvitation } from '../usecases/invitations/decline-invitation.ts';
import { inspectInvitation } from '../usecases/invitations/inspect-invitation.ts';
import { inviteMember } from '../usecases/invitations/invite-member.ts';
import { listDeliveries } from '../usecases/invitations/list-deliveries.ts';
import { resendOrCancelInvitation } from '../usecases/invitations/resend-or-cancel-invitation.ts';
import { revealInvitationLink } from '../usecases/invitations/reveal-invitation-link.ts';
import { adoptApiKey } from '../usecases/keys/adopt-api-key.ts';
import { createApiKey } from '../usecases/keys/create-api-key.ts';
import { deleteApiKey } from '../usecases/keys/delete-api-key.ts';
import { listApiKeys } from '../usecases/keys/list-api-keys.ts';
import {
  createPartnerKey,
  deletePartnerKey,
  listPartnerKeys,
  rotatePartnerKey,
} from '../usecases/keys/partner-keys.ts';
import { rotateApiKey } from '../usecases/keys/rotate-api-key.ts';
import { getMe } from '../usecases/members/get-me.ts';
import { getMemberPermissions } from '../usecases/members/get-member-permissions.ts';
import { everyMember, listMembers } from '../usecases/members/list-members.ts';
import { revokeMember } from '../usecases/members/revoke-member.ts';
import { updateMemberPermissions } from '../usecases/members/update-member-permissions.ts';
import { getAccount } from '../usecases/organization/get-account.ts';
import { listActivities } from '../usecases/organization/list-activities.ts';
import { listFeatures } from '../usecases/organization/list-features.ts';
import { updateOrganization } from '../usecases/organization/update-organization.ts';
import { giveOwnership } from '../usecases/ownership/give-ownership.ts';
import { leaveOrganization } from '../usecases/ownership/leave-organization.ts';
import { stepDown } from '../usecases/ownership/step-down.ts';
import { type Streamed, streamedList } from './streamed-list.ts';

export interface Input<O extends Operation> {
  params: Params<O>;
  query: Query<O>;
  headers: Headers<O>;
  body: Body<O>;
}

/** The caller an operation's use case is given, by the kind of access that the operation declares. */
export type CallerOf<O extends Operation> = O['access'] extends 'public'
  ? PublicCall
  : O['access'] extends 'partner'
    ? PartnerCall
    : Call;

export type UseCase<O extends Operation> = (
  caller: CallerOf<O>,
  input: Input<O>,
) => Promise<Outcome<Reply<O>> | Streamed>;

/** Which use case answers which operation. One that is missing here, or too many, does not compile. */
export const useCases: { [N in OperationName]: UseCase<Api[N]> } = {
  inviteMember,
  updateMemberPermissions,
  listMembers: async (call, input) =>
    Object.keys(input.query).length === 0 ? streamedList('users', everyMember(call)) : listMembers(call, input),
  getMemberPermissions,
  revokeMember,
  resendOrCancelInvitation,
  revealInvitationLink,
  listDeliveries,
  inspectInvitation,
  acceptInvitation,
  declineInvitation,
  getMe,
  giveOwnership,
  stepDown,
  leaveOrganization,
  listApiKeys,
  createApiKey,
  rotateApiKey,
  adoptApiKey,
  deleteApiKey,
  getAccount,
  updateOrganization,
  listFeatures,
  listActivities,
  createSubAccount,
  createSubAccountKey,
  changeSubAccountPlan,
  listPartnerKeys,
  createPartnerKey,
  rotatePartnerKey,
  deletePartnerKey,
};

export const operationNames = Object.keys(api) as OperationName[];

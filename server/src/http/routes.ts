import type { Api, AuthzenName, OperationName } from '@latchkey/core/api/index.ts';
import type { Body, Headers, Operation, Params, Query, Reply } from '@latchkey/core/api/operation.ts';
import { followAccessChanges } from '../usecases/access/follow-access-changes.ts';
import { getAccessRevision } from '../usecases/access/get-access-revision.ts';
import { getAccessSnapshot } from '../usecases/access/get-access-snapshot.ts';
import { getAccessVocabulary } from '../usecases/access/get-access-vocabulary.ts';
import { getSigningKeys } from '../usecases/access/get-signing-keys.ts';
import { issueAccessToken } from '../usecases/access/issue-access-token.ts';
import type { Call, Outcome, PartnerCall, PublicCall, SessionCall } from '../usecases/call.ts';
import { changeSubAccountPlan } from '../usecases/corporate/change-sub-account-plan.ts';
import { createSubAccount } from '../usecases/corporate/create-sub-account.ts';
import { createSubAccountKey } from '../usecases/corporate/create-sub-account-key.ts';
import { listPartnerActivities } from '../usecases/corporate/list-partner-activities.ts';
import { acceptInvitation } from '../usecases/invitations/accept-invitation.ts';
import { declineInvitation } from '../usecases/invitations/decline-invitation.ts';
import { inspectInvitation } from '../usecases/invitations/inspect-invitation.ts';
import { inviteMember } from '../usecases/invitations/invite-member.ts';
import { inviteMembers } from '../usecases/invitations/invite-members.ts';
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
import { changeMembers } from '../usecases/members/change-members.ts';
import { countMembers } from '../usecases/members/count-members.ts';
import { getMe } from '../usecases/members/get-me.ts';
import { getMemberPermissions } from '../usecases/members/get-member-permissions.ts';
import { everyMember, listMembers } from '../usecases/members/list-members.ts';
import { revokeMember } from '../usecases/members/revoke-member.ts';
import { updateMember } from '../usecases/members/update-member.ts';
import { updateMemberPermissions } from '../usecases/members/update-member-permissions.ts';
import { exportActivities } from '../usecases/organization/export-activities.ts';
import { getAccount } from '../usecases/organization/get-account.ts';
import { listActivities } from '../usecases/organization/list-activities.ts';
import { listFeatures } from '../usecases/organization/list-features.ts';
import { updateOrganization } from '../usecases/organization/update-organization.ts';
import { giveOwnership } from '../usecases/ownership/give-ownership.ts';
import { leaveOrganization } from '../usecases/ownership/leave-organization.ts';
import { stepDown } from '../usecases/ownership/step-down.ts';
import { addPasskey } from '../usecases/passkeys/add-passkey.ts';
import { beginPasskey } from '../usecases/passkeys/begin-passkey.ts';
import { listPasskeys } from '../usecases/passkeys/list-passkeys.ts';
import { removePasskey } from '../usecases/passkeys/remove-passkey.ts';
import { beginPasskeySignIn } from '../usecases/sign-in/begin-passkey-sign-in.ts';
import { describeSignIn } from '../usecases/sign-in/describe-sign-in.ts';
import { endSession } from '../usecases/sign-in/end-session.ts';
import { getSession } from '../usecases/sign-in/get-session.ts';
import { inspectSignIn } from '../usecases/sign-in/inspect-sign-in.ts';
import { listSessions } from '../usecases/sign-in/list-sessions.ts';
import { requestSignIn } from '../usecases/sign-in/request-sign-in.ts';
import { signIn } from '../usecases/sign-in/sign-in.ts';
import { signInWithPasskey } from '../usecases/sign-in/sign-in-with-passkey.ts';
import { signOut } from '../usecases/sign-in/sign-out.ts';
import { activityFile } from './activity-file.ts';
import { eventStream, jsonLines } from './streamed-changes.ts';
import { type Streamed, streamedList } from './streamed-list.ts';

export interface Input<O extends Operation> {
  params: Params<O>;
  query: Query<O>;
  headers: Headers<O>;
  body: Body<O>;
  /** Aborted when nobody listens to the answer any more, or the server closes. */
  closed: () => AbortSignal;
}

/** The caller an operation's use case is given, by the kind of access that the operation declares. */
export type CallerOf<O extends Operation> = O['access'] extends 'public'
  ? PublicCall
  : O['access'] extends 'partner'
    ? PartnerCall
    : O['access'] extends 'session'
      ? SessionCall
      : Call;

export type UseCase<O extends Operation> = (
  caller: CallerOf<O>,
  input: Input<O>,
) => Promise<Outcome<Reply<O>> | Streamed>;

/** All but those of AuthZEN, which has a door of its own. */
export type RoutedName = Exclude<OperationName, AuthzenName>;

/** Which use case answers which operation. One that is missing here, or too many, does not compile. */
export const useCases: { [N in RoutedName]: UseCase<Api[N]> } = {
  inviteMember,
  inviteMembers,
  changeMembers,
  updateMemberPermissions,
  updateMember,
  listMembers: async (call, input) =>
    Object.keys(input.query).length === 0 ? streamedList('users', everyMember(call)) : listMembers(call, input),
  countMembers,
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
  getAccessSnapshot: (call) => jsonLines(getAccessSnapshot(call)),
  followAccessChanges: async (call, { query, headers, closed }) =>
    eventStream(followAccessChanges(call, { query, lastEventId: lastEventId(headers), closed: closed() })),
  getAccessRevision,
  getAccessVocabulary,
  issueAccessToken,
  getSigningKeys,
  getAccount,
  updateOrganization,
  listFeatures,
  listActivities,
  exportActivities: (call, input) => activityFile(input.query.format ?? 'csv', exportActivities(call, input)),
  createSubAccount,
  createSubAccountKey,
  changeSubAccountPlan,
  listPartnerActivities,
  listPartnerKeys,
  createPartnerKey,
  rotatePartnerKey,
  deletePartnerKey,
  describeSignIn,
  requestSignIn,
  inspectSignIn,
  signIn,
  beginPasskeySignIn,
  signInWithPasskey,
  getSession,
  signOut,
  listSessions,
  endSession,
  listPasskeys,
  beginPasskey,
  addPasskey,
  removePasskey,
};

export const routedNames = Object.keys(useCases) as RoutedName[];

const lastEventId = (headers: Record<string, unknown>): string | undefined => {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
};

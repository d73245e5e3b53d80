import type { OperationName } from '@latchkey/core/api/index.ts';
import type { World } from '../world.ts';

export interface RefusedRequest {
  name: OperationName;
  reason: string;
  as?: (world: World) => Record<string, string>;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
}

const nobody = { email: 'nobody@example.com' };
const unknownId = { id: '0198c0de-0000-7000-8000-00000000dead' };
const giving = (feature: string, permissions: string[]) => ({
  email: 'new@example.com',
  all_features_access: false,
  privileges: [{ feature, permissions }],
});
const partner = (world: World) => ({ 'partner-key': world.partnerKey });
const stranger = () => ({});
const page = () => ({ 'latchkey-session': '1' });

/** Refusals that need no preparation, of every part of the API. */
export const refusedRequests: RefusedRequest[] = [
  { name: 'getMemberPermissions', reason: 'unknown_member', params: nobody },
  { name: 'getMemberPermissions', reason: 'invalid_email', params: { email: 'x' } },
  { name: 'revokeMember', reason: 'owner_protected', params: { email: 'ada@example.com' } },
  { name: 'updateMember', reason: 'unknown_member', params: nobody, body: { suspended: true } },
  {
    name: 'updateMember',
    reason: 'looks_like_an_address',
    params: { email: 'ada@example.com' },
    body: { external_id: 'a@b' },
  },
  { name: 'listMembers', reason: 'unknown_permission', query: { limit: '1', permission: 'contacts:exprt' } },
  { name: 'listMembers', reason: 'invalid_cursor', query: { limit: '1', cursor: 'x' } },
  { name: 'listMembers', reason: 'out_of_range', query: { limit: '1001' } },
  { name: 'listDeliveries', reason: 'out_of_range', query: { limit: '101' } },
  { name: 'inviteMember', reason: 'missing', body: { email: 'new@example.com' } },
  { name: 'inviteMember', reason: 'unknown_feature', body: giving('contact', ['view']) },
  { name: 'inviteMember', reason: 'unknown_permission', body: giving('phone', ['everything']) },
  { name: 'inviteMember', reason: 'none_with_others', body: giving('contacts', ['none', 'view']) },
  {
    name: 'inviteMember',
    reason: 'permission_of_another_feature',
    body: giving('contacts', ['dedicated_ips_management']),
  },
  {
    name: 'inviteMember',
    reason: 'already_member',
    body: { ...giving('contacts', ['view']), email: 'ada@example.com' },
  },
  { name: 'inviteMembers', reason: 'missing', body: { all_features_access: true } },
  {
    name: 'changeMembers',
    reason: 'unexpected',
    body: { emails: ['ada@example.com'], action: 'resend', privileges: [] },
  },
  { name: 'resendOrCancelInvitation', reason: 'unknown_action', params: { action: 'x', email: 'ada@example.com' } },
  { name: 'resendOrCancelInvitation', reason: 'unknown_member', params: { action: 'resend', ...nobody } },
  { name: 'acceptInvitation', reason: 'invitation_unknown', as: stranger, body: { token: 'x' } },
  { name: 'declineInvitation', reason: 'missing', as: stranger, body: {} },
  { name: 'giveOwnership', reason: 'unknown_member', body: nobody },
  {
    name: 'createApiKey',
    reason: 'invalid_ip',
    body: { name: 'x', all_features_access: true, allowed_ips: ['203.0.113.300'] },
  },
  {
    name: 'createApiKey',
    reason: 'not_in_the_future',
    body: { name: 'x', all_features_access: true, expires_at: '2020-01-01T00:00:00Z' },
  },
  { name: 'rotateApiKey', reason: 'unknown_key', params: unknownId, body: {} },
  { name: 'rotateApiKey', reason: 'out_of_range', params: unknownId, body: { overlap_seconds: 604801 } },
  { name: 'deleteApiKey', reason: 'unknown_key', params: unknownId },
  { name: 'rotatePartnerKey', reason: 'unknown_key', as: partner, params: unknownId, body: {} },
  { name: 'updateOrganization', reason: 'unsafe_url', body: { redirect_url: 'http://example.com' } },
  { name: 'listActivities', reason: 'invalid_date', query: { startDate: 'x' } },
  { name: 'listActivities', reason: 'invalid_actor', query: { actor: 'x' } },
  { name: 'exportActivities', reason: 'invalid_date', query: { startDate: 'x' } },
  {
    name: 'createSubAccount',
    reason: 'unknown_plan',
    as: partner,
    body: { companyName: 'Blue Ltd', email: 'olga@example.org', plan: 'professionl' },
  },
  {
    name: 'changeSubAccountPlan',
    reason: 'missing',
    as: partner,
    params: unknownId,
    body: {},
  },
  { name: 'issueAccessToken', reason: 'no_active_member', body: { member: 'nobody@example.com', audience: 'shop' } },
  { name: 'issueAccessToken', reason: 'out_of_range', body: { member: 'x', audience: 'shop', ttl: 4 } },
  { name: 'inspectSignIn', reason: 'sign_in_link_unknown', as: page, body: { token: 'x' } },
  { name: 'signIn', reason: 'sign_in_link_unknown', as: page, body: { token: 'x' } },
  { name: 'signIn', reason: 'not_our_page', as: stranger, body: { token: 'x' } },
];

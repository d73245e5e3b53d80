import type { Api, OperationName } from '@latchkey/core/api/index.ts';
import type { Body, Operation, Params, Query } from '@latchkey/core/api/operation.ts';
import { insertPartnerKey } from '../../server/src/store/keys.ts';
import { newSecret } from '../../server/src/usecases/keys/new-secret.ts';
import type { Stage } from './stage.ts';

/** What a request to an operation consists of, besides its credential. */
export type Asked<O extends Operation> = (O extends { params: object } ? { params: Params<O> } : object) &
  (O extends { body: object } ? { body: Body<O> } : object) &
  (O extends { query: object } ? { query?: Query<O> } : object);

/** The same, once it no longer matters which operation it is for. */
export interface AnyAsked {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: Record<string, unknown>;
}

const contactsView = [{ feature: 'contacts', permissions: ['view'] }];

/**
 * For every operation of the contract: what must be there, and a request about it that succeeds for whoever may. An
 * operation that is new in the contract does not compile until it has its line here.
 */
export const preparations: { [N in OperationName]: (stage: Stage) => Promise<Asked<Api[N]>> } = {
  listMembers: async () => ({}),
  getMemberPermissions: async (stage) => ({ params: { email: (await noor(stage)).email } }),
  updateMemberPermissions: async (stage) => ({
    body: {
      email: (await noor(stage)).email,
      all_features_access: false,
      privileges: [{ feature: 'user_management', permissions: ['none'] }],
    },
  }),
  updateMember: async (stage) => ({
    params: { email: (await noor(stage)).email },
    body: { external_id: 'u-1815', suspended: true, access_expires_at: '2999-12-31T00:00:00Z' },
  }),
  revokeMember: async (stage) => ({ params: { email: (await noor(stage)).email } }),
  getMe: async () => ({}),
  inviteMember: async (stage) => ({
    body: {
      email: stage.email('new'),
      all_features_access: false,
      privileges: [{ feature: 'user_management', permissions: ['all'] }],
    },
  }),
  inviteMembers: async (stage) => ({
    body: {
      emails: [stage.email('new'), stage.email('newer')],
      all_features_access: false,
      privileges: [{ feature: 'user_management', permissions: ['all'] }],
    },
  }),
  changeMembers: async (stage) => ({ body: { emails: [(await noor(stage)).email], action: 'revoke' } }),
  countMembers: async () => ({}),
  resendOrCancelInvitation: async (stage) => ({
    params: { action: 'resend', email: (await manager(stage)).email },
  }),
  revealInvitationLink: async (stage) => ({ params: { email: (await manager(stage)).email } }),
  listDeliveries: async () => ({}),

  inspectInvitation: async (stage) => ({ body: { token: (await manager(stage)).token } }),
  acceptInvitation: async (stage) => ({ body: { token: (await manager(stage)).token } }),
  declineInvitation: async (stage) => ({ body: { token: (await manager(stage)).token } }),

  giveOwnership: async (stage) => ({ body: { email: (await noor(stage)).email } }),
  stepDown: async () => ({}),
  leaveOrganization: async () => ({}),

  listApiKeys: async () => ({}),
  createApiKey: async () => ({ body: { name: 'Reports', all_features_access: false, privileges: contactsView } }),
  rotateApiKey: async (stage) => ({ params: { id: await smallKey(stage) }, body: { overlap_seconds: 60 } }),
  adoptApiKey: async (stage) => ({ params: { id: await smallKey(stage) } }),
  deleteApiKey: async (stage) => ({ params: { id: await smallKey(stage) } }),
  listPartnerKeys: async () => ({}),
  createPartnerKey: async () => ({ body: { name: 'Second partner key' } }),
  rotatePartnerKey: async (stage) => ({ params: { id: await secondPartnerKey(stage) }, body: {} }),
  deletePartnerKey: async (stage) => ({ params: { id: await secondPartnerKey(stage) } }),

  evaluate: async (stage) => ({ body: { subject: await user(stage), action: all, resource: userManagement } }),
  evaluateMany: async (stage) => ({
    body: { subject: await user(stage), resource: userManagement, evaluations: [{ action: all }] },
  }),
  searchSubjects: async (stage) => ({
    body: { subject: { type: (await user(stage)).type }, action: all, resource: userManagement },
  }),
  searchResources: async (stage) => ({
    body: { subject: await user(stage), action: all, resource: { type: 'feature' } },
  }),
  searchActions: async (stage) => ({ body: { subject: await user(stage), resource: userManagement } }),
  describeDecisionPoint: async () => ({}),
  getAccessSnapshot: async () => ({}),
  followAccessChanges: async (stage) => {
    await stage.ada.client.put(`/organization/user/${stage.ada.email}`, { external_id: 'u-1815' });
    return { query: { after: '0' } };
  },
  getAccessRevision: async () => ({}),
  getAccessVocabulary: async () => ({}),
  issueAccessToken: async (stage) => ({ body: { member: (await noor(stage)).email, audience: 'shop', ttl: 60 } }),
  getSigningKeys: async () => ({}),

  getAccount: async () => ({}),
  updateOrganization: async () => ({ body: { name: 'A new name' } }),
  listFeatures: async () => ({}),
  listActivities: async () => ({}),
  exportActivities: async () => ({}),

  createSubAccount: async (stage) => ({ body: { companyName: 'Another', email: stage.email('first-owner') } }),
  createSubAccountKey: async (stage) => ({ body: { id: stage.organizationId, name: 'Integration' } }),
  listPartnerActivities: async () => ({}),
  changeSubAccountPlan: async (stage) => ({ params: { id: stage.organizationId }, body: { plan: 'professional' } }),

  describeSignIn: async () => ({}),
  requestSignIn: async (stage) => ({ body: { email: stage.ada.email } }),
  inspectSignIn: async (stage) => ({ body: { token: await stage.signInToken('ada') } }),
  signIn: async (stage) => ({ body: { token: await stage.signInToken('ada') } }),
  beginPasskeySignIn: async () => ({}),
  async signInWithPasskey(stage) {
    const { passkey } = await stage.passkey('ada');
    const { options } = (await stage.world.anonymous.post('/sign-in/passkey/options', undefined)).body;
    return { body: { response: passkey.answer(options) } };
  },
  getSession: async () => ({}),
  signOut: async () => ({}),
  listSessions: async () => ({}),
  // What follows is Ada's own, so that it succeeds for her alone.
  endSession: async (stage) => ({ params: { id: (await (await stage.signIn('ada')).client.get('/session')).body.id } }),
  listPasskeys: async () => ({}),
  beginPasskey: async () => ({}),
  addPasskey: async (stage) => ({
    body: { name: 'Telephone', response: (await stage.newPasskey('ada')).passkey.registration },
  }),
  removePasskey: async (stage) => ({ params: { id: (await stage.passkey('ada')).id } }),
};

/** An active member whom even the weaker key may change: she holds user management, and nothing else. */
const noor = (stage: Stage) => stage.member('noor', { permissions: ['user_management:all'] });

/** Noor as access checks name her. */
const user = async (stage: Stage) => ({ type: 'user', id: (await noor(stage)).email });
const all = { name: 'all' };
const userManagement = { type: 'feature', id: 'user_management' };

/** Somebody invited whom even the weaker key could have invited. */
const manager = (stage: Stage) => stage.pending('manager', { permissions: ['user_management:all'] });

/** A key of an owner's that holds little. */
const smallKey = async (stage: Stage): Promise<string> =>
  (await stage.key(stage.grace.id, { permissions: ['contacts:view'] })).id;

async function secondPartnerKey({ world, partner }: Stage): Promise<string> {
  const { db, newId } = world.server.services;
  const id = newId();
  const { stored } = newSecret(world.server.services, 'partner_key');
  await insertPartnerKey(db, { partnerId: partner.id, id, name: 'Second', allowedIps: [], expiresAt: null }, stored);
  return id;
}

import { api, type OperationName } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import type { World } from '../world.ts';

/** One request that is right in every part, and uses every parameter that its operation declares. */
export interface ValidRequest {
  name: OperationName;
  operation: Operation;
  credential: Record<string, string>;
  params: Record<string, string>;
  query: Record<string, string>;
  body: Record<string, unknown> | undefined;
}

type Parts = Partial<Pick<ValidRequest, 'credential' | 'params' | 'query' | 'body'>>;

const privileges = [
  { feature: 'contacts', permissions: ['view', 'export'] },
  { feature: 'phone', permissions: ['all'] },
];
const nextYear = new Date(Date.now() + 365 * 86_400_000).toISOString();

/**
 * A valid request for every operation of the contract, each on somebody or something of its own, so that none stands in
 * another's way. One that is missing here does not compile.
 */
export async function validRequests(world: World): Promise<ValidRequest[]> {
  const { owner, partner } = world;
  const contacts = { permissions: ['contacts:view'] } as const;
  const cora = await world.join('cora@example.com', { owner: true });
  const leo = await world.join('leo@example.com', contacts);
  for (const name of ['mei', 'rita', 'gus', 'zoe']) await world.join(`${name}@example.com`, contacts);
  for (const name of ['pia', 'lin']) await world.invite(`${name}@example.com`);
  const tokens = [];
  for (const name of ['ines', 'abe', 'dec']) tokens.push(await world.invite(`${name}@example.com`));
  const key = async (name: string): Promise<string> =>
    (await owner.post('/organization/api-keys', { name, all_features_access: false, privileges })).body.id;
  const partnerKey = async (name: string): Promise<string> =>
    (await partner.post('/corporate/partner-keys', { name })).body.id;
  const cursor = async (path: string): Promise<string> => (await owner.get(path)).body.cursor;

  const ada = { 'api-key': world.ownerKey };
  const operator = { 'partner-key': world.partnerKey };
  const [inspected, accepted, declined] = tokens as [string, string, string];
  const parts: Record<OperationName, Parts> = {
    inviteMember: {
      body: { email: 'new+person@example.com', all_features_access: false, privileges, locale: 'fr_FR' },
    },
    updateMemberPermissions: { body: { email: 'mei@example.com', all_features_access: false, privileges } },
    listMembers: {
      query: {
        limit: '1',
        sort: 'email',
        status: 'active',
        search: 'example',
        permission: 'contacts:view',
        cursor: await cursor('/organization/invited/users?limit=1&sort=email'),
      },
    },
    getMemberPermissions: { params: { email: 'zoe@example.com' }, query: { view: 'labels' } },
    revokeMember: { params: { email: 'rita@example.com' } },
    resendOrCancelInvitation: { params: { action: 'resend', email: 'pia@example.com' } },
    revealInvitationLink: { params: { email: 'lin@example.com' } },
    listDeliveries: {
      query: {
        limit: '1',
        state: 'queued',
        email: 'pia@example.com',
        cursor: await cursor('/organization/deliveries?limit=1'),
      },
    },
    inspectInvitation: { credential: {}, body: { token: inspected } },
    acceptInvitation: { credential: {}, body: { token: accepted } },
    declineInvitation: { credential: {}, body: { token: declined } },
    getMe: {},
    giveOwnership: { body: { email: 'gus@example.com' } },
    stepDown: { credential: { 'api-key': cora.secret } },
    leaveOrganization: { credential: { 'api-key': leo.secret } },
    listApiKeys: {},
    createApiKey: {
      body: {
        name: 'For the shop',
        all_features_access: false,
        privileges,
        expires_at: nextYear,
        allowed_ips: ['203.0.113.0/24', '2001:db8::1'],
      },
    },
    rotateApiKey: { params: { id: await key('to rotate') }, body: { overlap_seconds: 60 } },
    adoptApiKey: { params: { id: await key('to adopt') } },
    deleteApiKey: { params: { id: await key('to delete') } },
    getAccount: {},
    updateOrganization: {
      body: { name: 'Ada & Söhne', locale: 'de', redirect_url: 'https://example.com/app' },
    },
    listFeatures: { query: { locale: 'fr' } },
    listActivities: {
      query: {
        startDate: '2026-01-01',
        endDate: '2999-12-31',
        email: 'pia@example.com',
        action: 'member.invited',
        outcome: 'done',
        limit: '1',
        offset: '0',
        cursor: await cursor('/organization/activities?limit=1'),
      },
    },
    createSubAccount: {
      credential: operator,
      body: { companyName: 'Olga Ltd', email: 'olga@example.org', plan: 'standard', seats: 5, locale: 'en' },
    },
    createSubAccountKey: { credential: operator, body: { id: world.organizationId, name: 'For the operator' } },
    changeSubAccountPlan: {
      credential: operator,
      params: { id: world.organizationId },
      body: { plan: 'enterprise', seats: 1000 },
    },
    listPartnerKeys: { credential: operator },
    createPartnerKey: {
      credential: operator,
      body: { name: 'Second', expires_at: nextYear, allowed_ips: ['203.0.113.7'] },
    },
    rotatePartnerKey: {
      credential: operator,
      params: { id: await partnerKey('to rotate') },
      body: { overlap_seconds: 0 },
    },
    deletePartnerKey: { credential: operator, params: { id: await partnerKey('to delete') } },
  };
  return Object.entries(parts).map(([name, given]) => ({
    name: name as OperationName,
    operation: api[name as OperationName],
    credential: ada,
    params: {},
    query: {},
    body: undefined,
    ...given,
  }));
}

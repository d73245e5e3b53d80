import { api, type OperationName } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { makePasskey, type SoftwarePasskey } from '../sign-in/software-authenticator.ts';
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
/** What AuthZEN lets stand beside a question; it decides nothing here. */
const anything = { ip: '203.0.113.7', nested: { list: [1] } };
const exporting = { name: 'export', properties: anything };
const question = {
  subject: { type: 'user', id: 'ada@example.com', properties: anything },
  action: { name: 'view', properties: anything },
  resource: { type: 'feature', id: 'contacts', properties: anything },
};
const asWritten = { ...question, context: anything };
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
  for (const name of ['mei', 'rita', 'gus', 'zoe', 'una', 'ivo', 'eva'])
    await world.join(`${name}@example.com`, contacts);
  for (const name of ['pia', 'lin']) await world.invite(`${name}@example.com`);
  const tokens = [];
  for (const name of ['ines', 'abe', 'dec']) tokens.push(await world.invite(`${name}@example.com`));
  const key = async (name: string): Promise<string> =>
    (await owner.post('/organization/api-keys', { name, all_features_access: false, privileges })).body.id;
  const partnerKey = async (name: string): Promise<string> =>
    (await partner.post('/corporate/partner-keys', { name })).body.id;
  const partnerCursor = async (): Promise<string> => {
    for (const name of ['to list', 'to list too']) await partnerKey(name);
    return (await partner.get('/corporate/activities?limit=1')).body.cursor;
  };
  const cursor = async (path: string): Promise<string> => (await owner.get(path)).body.cursor;

  const ada = { 'api-key': world.ownerKey };
  const nextPage = async (path: string, question: object): Promise<{ token: string; limit: number }> => {
    const { body } = await owner.post(`/..${path}`, { ...question, page: { limit: 1 } });
    return { token: body.page.next_token, limit: 1 };
  };
  const operator = { 'partner-key': world.partnerKey };
  const page = { 'latchkey-session': '1' };
  // Links are written down here, and there is nobody to mail them.
  world.server.services.signIn.mailsLinks = true;
  const { cookie, client: session } = await world.signIn('ada@example.com');
  const signedIn = { ...page, cookie };
  const signsOut = { ...page, cookie: (await world.signIn('ada@example.com')).cookie };
  const otherSession = (await (await world.signIn('ada@example.com')).client.get('/session')).body.id;
  const signInToken = async (): Promise<string> => {
    const url = await makeOperatorLink(world.server.services, 'zoe@example.com');
    return url.slice(url.indexOf('#') + 1);
  };
  const { origin } = world.server.services.signIn;
  const newPasskey = async (): Promise<SoftwarePasskey> =>
    makePasskey((await session.post('/passkeys/options', undefined)).body.options, origin);
  const addedPasskey = async (): Promise<{ id: string; passkey: SoftwarePasskey }> => {
    const passkey = await newPasskey();
    const { id } = (await session.post('/passkeys', { name: 'Laptop', response: passkey.registration })).body;
    return { id, passkey };
  };
  const asked = (await world.anonymous.post('/sign-in/passkey/options', undefined)).body.options;
  const [inspected, accepted, declined] = tokens as [string, string, string];
  const parts: Record<OperationName, Parts> = {
    inviteMember: {
      body: {
        email: 'new+person@example.com',
        all_features_access: false,
        privileges,
        locale: 'fr_FR',
        external_id: 'u-1',
      },
    },
    inviteMembers: {
      body: {
        emails: ['newer@example.com', 'newest@example.com'],
        all_features_access: false,
        privileges,
        locale: 'fr_FR',
        dry_run: false,
      },
    },
    changeMembers: {
      body: {
        emails: ['ivo@example.com', 'eva@example.com'],
        action: 'update',
        all_features_access: false,
        privileges,
        dry_run: false,
      },
    },
    countMembers: {},
    updateMemberPermissions: { body: { email: 'mei@example.com', all_features_access: false, privileges } },
    updateMember: {
      params: { email: 'una@example.com' },
      body: { external_id: 'u-2', suspended: true, access_expires_at: nextYear },
    },
    listMembers: {
      query: {
        limit: '1',
        sort: 'email',
        status: 'active',
        search: 'example',
        permission: 'contacts:view',
        feature: 'contacts',
        include: 'delivery,invitation,features',
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
    acceptInvitation: { credential: {}, body: { token: accepted, sign_in: true } },
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
    evaluate: { body: { ...question, context: anything } },
    evaluateMany: {
      body: {
        ...question,
        context: anything,
        evaluations: [{ ...question, context: anything }, { action: exporting }, {}],
        options: { evaluations_semantic: 'execute_all' },
      },
    },
    searchSubjects: {
      body: { ...question, context: anything, page: await nextPage(api.searchSubjects.path, asWritten) },
    },
    searchResources: {
      body: { ...question, context: anything, page: await nextPage(api.searchResources.path, asWritten) },
    },
    searchActions: {
      body: {
        subject: question.subject,
        resource: question.resource,
        context: anything,
        page: await nextPage(api.searchActions.path, { ...asWritten, action: undefined }),
      },
    },
    describeDecisionPoint: { credential: {} },
    getAccessSnapshot: {},
    followAccessChanges: { query: { after: '0' } },
    getAccessRevision: {},
    getAccessVocabulary: { credential: {} },
    issueAccessToken: { body: { member: 'ada@example.com', audience: 'shop', ttl: 60 } },
    getSigningKeys: { credential: {} },
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
        actor: 'ada@example.com',
        action: 'member.invited',
        outcome: 'done',
        limit: '1',
        offset: '0',
        cursor: await cursor('/organization/activities?limit=1'),
      },
    },
    exportActivities: {
      query: {
        format: 'csv',
        startDate: '2026-01-01',
        endDate: '2999-12-31',
        email: 'pia@example.com',
        actor: 'ada@example.com',
        action: 'member.invited',
        outcome: 'done',
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
    listPartnerActivities: {
      credential: operator,
      query: {
        startDate: '2026-01-01',
        endDate: '2999-12-31',
        email: 'pia@example.com',
        actor: world.organizationId,
        action: 'partner_key.created',
        outcome: 'done',
        limit: '1',
        offset: '0',
        cursor: await partnerCursor(),
      },
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
    describeSignIn: { credential: {} },
    requestSignIn: { credential: {}, body: { email: 'ada@example.com', locale: 'de' } },
    inspectSignIn: { credential: {}, body: { token: await signInToken() } },
    signIn: { credential: page, body: { token: await signInToken() } },
    beginPasskeySignIn: { credential: {} },
    signInWithPasskey: { credential: page, body: { response: (await addedPasskey()).passkey.answer(asked) } },
    getSession: { credential: signedIn },
    signOut: { credential: signsOut },
    listSessions: { credential: signedIn },
    endSession: { credential: signedIn, params: { id: otherSession } },
    listPasskeys: { credential: signedIn },
    beginPasskey: { credential: signedIn },
    addPasskey: { credential: signedIn, body: { name: 'Telephone', response: (await newPasskey()).registration } },
    removePasskey: { credential: signedIn, params: { id: (await addedPasskey()).id } },
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

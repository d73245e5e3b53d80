import { vi } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { makePasskey } from '../sign-in/software-authenticator.ts';
import type { World } from '../world.ts';
import type { Recorder } from './recorder.ts';

const origin = 'https://users.example.com';
const contacts = [{ feature: 'contacts', permissions: ['view', 'export'] }];
const question = {
  subject: { type: 'user', id: 'mei@example.com' },
  action: { name: 'export' },
  resource: { type: 'feature', id: 'contacts' },
};

/** One organization’s first days, in which every operation happens once. */
export async function tell(story: Recorder): Promise<void> {
  const { world } = story;
  await world.owner.put('/organization', { name: 'Acme', redirect_url: 'https://app.example.com' });
  await peopleAndInvitations(story);
  await readings(story);
  await keys(story);
  await checks(story);
  await signingIn(story);
  await partner(story);
  await ownership(story);
}

async function peopleAndInvitations({ world, ask, know }: Recorder): Promise<void> {
  const by = { 'api-key': world.ownerKey };
  know(world.organizationId);
  const mei = await world.join('mei@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  const { body: all } = await world.owner.get('/organization/invited/users?limit=1');
  know(all.users[0].id);
  know(mei.id);
  const { body } = await ask('inviteMember', {
    by,
    body: { email: 'jane@example.com', all_features_access: false, privileges: contacts, locale: 'fr_FR' },
  });
  know(body.id);
  await ask('resendOrCancelInvitation', { by, params: { action: 'resend', email: 'jane@example.com' } });
  await ask('revealInvitationLink', { by, params: { email: 'jane@example.com' } });
  await ask('updateMemberPermissions', {
    by,
    body: {
      email: 'mei@example.com',
      all_features_access: false,
      privileges: [{ feature: 'templates', permissions: ['create_edit_delete'] }],
    },
  });
  await ask('updateMember', {
    by,
    params: { email: 'mei@example.com' },
    body: { external_id: 'u-1042', access_expires_at: inDays(30) },
  });
  const token = await world.token('jane@example.com');
  await ask('inspectInvitation', { by: {}, body: { token } });
  await ask('acceptInvitation', { by: {}, body: { token } });
  await ask('declineInvitation', { by: {}, body: { token: await world.invite('omar@example.com') } });
  await ask('inviteMembers', {
    by,
    body: {
      emails: ['omar@example.com', 'lin@example.com', 'ada@example.com'],
      all_features_access: false,
      privileges: contacts,
    },
  });
  await ask('changeMembers', {
    by,
    body: {
      emails: ['mei@example.com', 'omar@example.com'],
      action: 'update',
      all_features_access: false,
      privileges: [{ feature: 'templates', permissions: ['activate_deactivate'] }],
      dry_run: true,
    },
  });
  await world.invite('rosa@example.com');
  await everythingIsSent(world);
  await ask('revokeMember', { by, params: { email: 'rosa@example.com' } });
}

async function readings({ world, ask }: Recorder): Promise<void> {
  const by = { 'api-key': world.ownerKey };
  await ask('listMembers', { by, query: { limit: '3' } });
  await ask('getMemberPermissions', { by, params: { email: 'mei@example.com' } });
  await ask('countMembers', { by });
  await ask('getMe', { by });
  await ask('listDeliveries', { by, query: { limit: '1' } });
  await ask('getAccount', { by });
  await ask('updateOrganization', { by, body: { name: 'Acme', locale: 'en' } });
  await ask('listFeatures', { by });
  await ask('listActivities', { by, query: { action: 'member.invited', limit: '1' } });
  await ask('exportActivities', { by, query: { format: 'ndjson', action: 'invitation.accepted' } });
}

async function keys({ world, ask, know }: Recorder): Promise<void> {
  const by = { 'api-key': world.ownerKey };
  const { body } = await ask('createApiKey', {
    by,
    body: { name: 'For the shop', all_features_access: false, privileges: contacts, allowed_ips: ['203.0.113.0/24'] },
  });
  know(body.id);
  const params = { id: body.id };
  await ask('listApiKeys', { by });
  await ask('rotateApiKey', { by, params, body: { overlap_seconds: 3600 } });
  await ask('adoptApiKey', { by, params });
  await ask('deleteApiKey', { by, params });
}

async function checks({ world, ask }: Recorder): Promise<void> {
  const by = { 'api-key': world.ownerKey };
  await ask('evaluate', { by, body: question });
  const { subject, resource, action } = question;
  await ask('evaluateMany', {
    by,
    body: { subject, resource, evaluations: [{ action }, { action: { name: 'create_edit_delete' } }] },
  });
  await ask('searchSubjects', { by, body: { subject: { type: 'user' }, action, resource } });
  await ask('searchResources', { by, body: { subject, action, resource: { type: 'feature' } } });
  await ask('searchActions', { by, body: { subject, resource } });
  await ask('describeDecisionPoint', { by: {} });
  await ask('getAccessSnapshot', { by });
  const { body } = await world.owner.get('/access/revision');
  await ask('followAccessChanges', { by, query: { after: String(body.revision - 6) } });
  await ask('getAccessRevision', { by });
  await ask('getAccessVocabulary', { by: {} });
  await ask('issueAccessToken', { by, body: { member: 'mei@example.com', audience: 'shop', ttl: 300 } });
  await ask('getSigningKeys', { by: {} });
}

async function signingIn({ world, ask }: Recorder): Promise<void> {
  const page = { 'latchkey-session': '1' };
  await ask('describeSignIn', { by: {} });
  await ask('requestSignIn', { by: page, body: { email: 'mei@example.com', locale: 'de' } });
  const token = await signInToken(world);
  await ask('inspectSignIn', { by: page, body: { token } });
  const { headers } = await ask('signIn', { by: page, body: { token } });
  const by = { ...page, cookie: cookieIn(headers) };
  await ask('getSession', { by });
  await ask('listSessions', { by });
  const { body } = await ask('beginPasskey', { by });
  const passkey = makePasskey(body.options, origin);
  const added = await ask('addPasskey', { by, body: { name: 'My laptop', response: passkey.registration } });
  await ask('listPasskeys', { by });
  const begun = await ask('beginPasskeySignIn', { by: page });
  await ask('signInWithPasskey', { by: page, body: { response: passkey.answer(begun.body.options) } });
  const sessions = await world.as('').send('GET', '/sessions', undefined, by);
  const other = sessions.body.sessions.find((session: { current: boolean }) => !session.current);
  await ask('endSession', { by, params: { id: other.id } });
  await ask('removePasskey', { by, params: { id: added.body.id } });
  await ask('signOut', { by });
}

async function partner({ world, ask }: Recorder): Promise<void> {
  const by = { 'partner-key': world.partnerKey };
  const { body } = await ask('createSubAccount', {
    by,
    body: { companyName: 'Blue Ltd', email: 'olga@example.org', plan: 'standard', locale: 'en' },
  });
  await ask('createSubAccountKey', { by, body: { id: body.id, name: 'For the operator' } });
  await ask('changeSubAccountPlan', { by, params: { id: body.id }, body: { plan: 'professional', seats: 25 } });
  const made = await ask('createPartnerKey', { by, body: { name: 'Second', expires_at: inDays(365) } });
  const params = { id: made.body.id };
  await ask('listPartnerKeys', { by });
  await ask('rotatePartnerKey', { by, params, body: { overlap_seconds: 3600 } });
  await ask('deletePartnerKey', { by, params });
  await ask('listPartnerActivities', { by, query: { limit: '1' } });
}

async function ownership({ world, ask }: Recorder): Promise<void> {
  const jane = await world.join('leo@example.com', { owner: true });
  const zoe = await world.join('zoe@example.com', { permissions: ['contacts:view'] });
  await ask('giveOwnership', { by: { 'api-key': world.ownerKey }, body: { email: 'zoe@example.com' } });
  await ask('stepDown', { by: { 'api-key': jane.secret } });
  await ask('leaveOrganization', { by: { 'api-key': zoe.secret } });
}

const everythingIsSent = (world: World): Promise<void> =>
  vi.waitFor(
    async () => {
      const { body } = await world.owner.get('/organization/deliveries?state=queued');
      if (body.deliveries.length > 0) throw new Error(`${body.deliveries.length} mails are not sent yet`);
    },
    { timeout: 20_000 },
  );

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

async function signInToken({ server }: World): Promise<string> {
  const link = await makeOperatorLink(server.services, 'mei@example.com');
  return link.slice(link.indexOf('#') + 1);
}

const cookieIn = (headers: Headers): string => headers.get('set-cookie')?.split(';', 1)[0] ?? '';

import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { hashKeySecret } from '@latchkey/core/key-secret.ts';
import * as accessChanges from '../../server/src/store/access-changes.ts';
import * as accessStates from '../../server/src/store/access-states.ts';
import * as auditEvents from '../../server/src/store/audit-events.ts';
import * as credentials from '../../server/src/store/credentials.ts';
import type * as database from '../../server/src/store/database.ts';
import * as deliveries from '../../server/src/store/deliveries.ts';
import type * as grants from '../../server/src/store/grants.ts';
import type * as grouped from '../../server/src/store/grouped.ts';
import type * as idempotency from '../../server/src/store/idempotency.ts';
import * as identities from '../../server/src/store/identities.ts';
import type * as installation from '../../server/src/store/installation.ts';
import * as invitations from '../../server/src/store/invitations.ts';
import * as keys from '../../server/src/store/keys.ts';
import * as memberList from '../../server/src/store/member-list.ts';
import * as members from '../../server/src/store/members.ts';
import * as organizations from '../../server/src/store/organizations.ts';
import * as passkeys from '../../server/src/store/passkeys.ts';
import * as seats from '../../server/src/store/seats.ts';
import * as sessions from '../../server/src/store/sessions.ts';
import * as signInLinks from '../../server/src/store/sign-in-links.ts';
import type * as signInMails from '../../server/src/store/sign-in-mails.ts';

type Database = database.Database;

/** Ids of the rows of one organization, for pointing a store function at them. */
export interface Rows {
  organizationId: string;
  partnerId: string;
  partnerKeyId: string;
  /** An active member, and their address. */
  memberId: string;
  email: string;
  externalId: string;
  /** A pending one. */
  pendingId: string;
  pendingEmail: string;
  invitationId: string;
  deliveryId: string;
  keyId: string;
  eventId: string;
  /** Somebody who was revoked by that key just now, and is signed in all the same. */
  removedEmail: string;
  removedId: string;
  /** Who signs in as the active member, with a session, a passkey, and a challenge for another one. */
  identityId: string;
  sessionId: string;
  /** As hex. */
  sessionHash: string;
  passkeyId: string;
  credentialId: Buffer;
  challenge: Buffer;
}

export interface Tools {
  db: Database;
  catalogue: Catalogue;
  newId: () => string;
}

/**
 * How to call a function that acts in one organization (or for one partner, or one person): `its` names that, `rows` the
 * rows it is pointed at. With both the same it does its work; with the rows of another it must do nothing to those.
 */
export type ScopedCall = (tools: Tools, its: Rows, rows: Rows) => Promise<unknown>;

/** Why a function is not about one organization. */
export interface Unscoped {
  unscoped: string;
}

type FunctionsOf<M> = {
  [K in keyof M as M[K] extends (...args: never[]) => unknown ? K : never]: ScopedCall | Unscoped;
};

/** Every exported function of the store. One that is new does not compile until it is listed. */
export const storeCalls: {
  'access-changes': FunctionsOf<typeof accessChanges>;
  'access-states': FunctionsOf<typeof accessStates>;
  'audit-events': FunctionsOf<typeof auditEvents>;
  credentials: FunctionsOf<typeof credentials>;
  database: Omit<FunctionsOf<typeof database>, 'DatabaseUnavailable'>;
  deliveries: FunctionsOf<typeof deliveries>;
  grants: FunctionsOf<typeof grants>;
  grouped: FunctionsOf<typeof grouped>;
  identities: FunctionsOf<typeof identities>;
  idempotency: FunctionsOf<typeof idempotency>;
  installation: FunctionsOf<typeof installation>;
  invitations: FunctionsOf<typeof invitations>;
  keys: FunctionsOf<typeof keys>;
  'member-list': FunctionsOf<typeof memberList>;
  members: FunctionsOf<typeof members>;
  organizations: FunctionsOf<typeof organizations>;
  passkeys: FunctionsOf<typeof passkeys>;
  seats: FunctionsOf<typeof seats>;
  sessions: FunctionsOf<typeof sessions>;
  'sign-in-links': FunctionsOf<typeof signInLinks>;
  'sign-in-mails': FunctionsOf<typeof signInMails>;
} = {
  'access-changes': {
    readAccessFeed: { unscoped: 'a node learns what changed in all organizations' },
    accessBacklog: ({ db }, its) => accessChanges.accessBacklog(db, its.organizationId, 0),
    notifyAccessChange: { unscoped: 'wakes all nodes, and says nothing' },
  },
  'access-states': {
    askedBy: { unscoped: 'asks nothing' },
    findAccessStates: ({ db }, its, rows) =>
      accessStates.findAccessStates(
        db,
        [rows.memberId, rows.email, rows.externalId, rows.pendingEmail, rows.removedEmail].map((name) => ({
          organizationId: its.organizationId,
          ...accessStates.askedBy(name),
        })),
      ),
    listAccessStates: ({ db }, its) =>
      accessStates.listAccessStates(db, its.organizationId, '00000000-0000-0000-0000-000000000000', 100),
    accessStatesOf: ({ db }, its, rows) =>
      accessStates.accessStatesOf(db, its.organizationId, [rows.memberId, rows.pendingId]),
    searchAccessStates: ({ db }, its) =>
      accessStates.searchAccessStates(
        db,
        its.organizationId,
        [['contacts:view']],
        '00000000-0000-0000-0000-000000000000',
        100,
      ),
    readPermissionBits: { unscoped: 'is about the installation' },
    accessHead: ({ db }, its) => accessStates.accessHead(db, its.organizationId),
  },
  'audit-events': {
    insertAuditEvent: ({ db, newId }, its, rows) => auditEvents.insertAuditEvent(db, event(newId(), its, rows)),
    listAuditEvents: ({ db }, its, rows) =>
      inTurn(
        [{}, { email: rows.pendingEmail }, { olderThan: rows.eventId }, { actors: [rows.memberId, rows.keyId] }],
        (filter) => auditEvents.listAuditEvents(db, its.organizationId, filter, 100),
      ),
    actorsAt: ({ db }, its, rows) => auditEvents.actorsAt(db, its.organizationId, rows.pendingEmail),
    listPartnerAuditEvents: ({ db }, its, rows) =>
      inTurn(
        [{}, { email: rows.pendingEmail }, { olderThan: rows.eventId }, { actors: [rows.memberId, rows.keyId] }],
        (filter) => auditEvents.listPartnerAuditEvents(db, its.partnerId, filter, 100),
      ),
  },
  credentials: {
    findApiKeyCredential: ({ db }, its, rows) => credentials.findApiKeyCredential(db, its.organizationId, rows.keyId),
    findPartnerKeyCredential: ({ db }, its, rows) =>
      credentials.findPartnerKeyCredential(db, its.partnerId, rows.partnerKeyId),
    findApiKeysBySecret: { unscoped: 'finds the organization by the secret, before anything else is known' },
    findPartnerKeyBySecret: { unscoped: 'finds the partner by the secret' },
    touchKeys: { unscoped: 'notes the use of keys that have just proved themselves, of any organization' },
  },
  database: {
    poolDatabase: { unscoped: 'is the connection' },
    first: { unscoped: 'asks nothing' },
    only: { unscoped: 'asks nothing' },
  },
  deliveries: {
    claimDeliveries: { unscoped: 'the mail worker serves all organizations' },
    releaseClaims: { unscoped: 'for the start of the only server on a database' },
    markSent: ({ db }, its, rows) => deliveries.markSent(db, its.organizationId, rows.deliveryId),
    markFailed: ({ db }, its, rows) => deliveries.markFailed(db, its.organizationId, rows.deliveryId, 'refused'),
    postpone: ({ db }, its, rows) => deliveries.postpone(db, its.organizationId, rows.deliveryId, 'later', 60),
    grantorName: ({ db }, its, rows) =>
      inTurn(
        [
          { kind: 'member' as const, id: rows.memberId },
          { kind: 'api_key' as const, id: rows.keyId },
        ],
        (grantor) => deliveries.grantorName(db, its.organizationId, grantor),
      ),
    findInvitationFates: ({ db }, its, rows) =>
      deliveries.findInvitationFates(db, its.organizationId, [rows.memberId, rows.pendingId]),
    listDeliveryRows: ({ db }, its, rows) =>
      inTurn([{}, { email: rows.pendingEmail }, { olderThan: rows.deliveryId }], (filter) =>
        deliveries.listDeliveryRows(db, its.organizationId, filter, 100),
      ),
  },
  grants: { grantsOf: { unscoped: 'a piece of SQL for the row that the statement around it chooses' } },
  grouped: { grouped: { unscoped: 'gathers calls and asks nothing of its own' } },
  identities: {
    establishIdentity: { unscoped: 'makes a person, who is of no organization' },
    bindMember: ({ db }, its, rows) => identities.bindMember(db, its.organizationId, rows.memberId, its.identityId),
    lockIdentityOf: ({ db }, its, rows) => identities.lockIdentityOf(db, its.organizationId, rows.memberId),
    membershipsOf: ({ db }, its) => identities.membershipsOf(db, its.identityId),
    membershipsLocked: ({ db }, its) => identities.membershipsLocked(db, its.identityId),
    findActiveMembersByEmail: { unscoped: 'the operator names somebody by their address, in whatever organization' },
    findIdentity: { unscoped: 'a link says whom it signs in, and they are of no organization' },
  },
  idempotency: {
    claimIdempotencyKey: { unscoped: 'belongs to a credential' },
    keepReply: { unscoped: 'belongs to a credential' },
    deleteOldIdempotencyRecords: { unscoped: 'the sweep serves all organizations' },
  },
  installation: {
    readInstallation: { unscoped: 'is about the installation' },
    lockInstallation: { unscoped: 'is about the installation' },
    saveFingerprints: { unscoped: 'is about the installation' },
    hasOrganizations: { unscoped: 'is about the installation' },
    assignPermissionBits: { unscoped: 'is about the installation' },
    maintain: { unscoped: 'is about the installation' },
  },
  invitations: {
    insertInvitations: ({ db, newId }, its, rows) =>
      invitations.insertInvitations(db, mailLimits, [newInvitation(newId, its, rows)]),
    lockRecipients: {
      unscoped: 'locks, and neither reads nor changes; one recipient may be asked by many organizations',
    },
    invitationWriter: ({ db, newId }, its, rows) =>
      invitations.invitationWriter(db, mailLimits)(db, newInvitation(newId, its, rows)),
    findInvitation: ({ db, catalogue }, its, rows) =>
      invitations.findInvitation(db, catalogue, its.organizationId, rows.invitationId),
    findInvitationOfMember: ({ db, catalogue }, its, rows) =>
      invitations.findInvitationOfMember(db, catalogue, its.organizationId, rows.pendingId),
    renewInvitation: ({ db, newId }, its, rows) =>
      invitations.renewInvitation(db, {
        organizationId: its.organizationId,
        invitationId: rows.invitationId,
        deliveryId: newId(),
        grantor: { kind: 'api_key', id: its.keyId },
        lifetimeSeconds: 60,
        mailLimits: { recipient: null, organization: null },
        resentBy: its.keyId,
      }),
    changeGrantor: ({ db }, its, rows) =>
      invitations.changeGrantor(db, its.organizationId, rows.pendingId, { kind: 'partner', id: its.partnerId }),
    markAnswered: ({ db }, its, rows) => invitations.markAnswered(db, its.organizationId, rows.invitationId),
  },
  keys: {
    insertApiKey: ({ db, newId }, its, rows) =>
      keys.insertApiKey(
        db,
        {
          organizationId: its.organizationId,
          id: newId(),
          name: 'new',
          holdings: { everything: true, permissions: new Set() },
          memberId: rows.memberId,
          bound: true,
          partnerId: null,
          allowedIps: [],
          expiresAt: null,
        },
        secret(newId()),
      ),
    rotateApiKeySecret: ({ db, newId }, its, rows) =>
      keys.rotateApiKeySecret(db, its.organizationId, rows.keyId, secret(newId()), 0),
    rebindApiKey: ({ db }, its, rows) => keys.rebindApiKey(db, its.organizationId, rows.keyId, its.memberId),
    deleteApiKeyRow: ({ db }, its, rows) => keys.deleteApiKeyRow(db, its.organizationId, rows.keyId),
    listApiKeyRows: ({ db }, its) => keys.listApiKeyRows(db, its.organizationId),
    insertPartner: { unscoped: 'makes a partner' },
    insertPartnerKey: ({ db, newId }, its) =>
      keys.insertPartnerKey(
        db,
        { partnerId: its.partnerId, id: newId(), name: 'new', allowedIps: [], expiresAt: null },
        secret(newId()),
      ),
    rotatePartnerKeySecret: ({ db, newId }, its, rows) =>
      keys.rotatePartnerKeySecret(db, its.partnerId, rows.partnerKeyId, secret(newId()), 0),
    deletePartnerKeyRow: ({ db }, its, rows) => keys.deletePartnerKeyRow(db, its.partnerId, rows.partnerKeyId),
    listPartnerKeyRows: ({ db }, its) => keys.listPartnerKeyRows(db, its.partnerId),
    lockPartner: { unscoped: 'locks, and neither reads nor changes' },
  },
  'member-list': {
    listMemberRows: ({ db }, its, rows) =>
      inTurn(
        [true, false].flatMap((owners) =>
          [
            {},
            { search: rows.email },
            { search: '@' },
            { status: 'pending' as const },
            { permissions: ['contacts:view'] },
          ].map((filter) => ({ owners, filter: { sort: 'email' as const, ...filter } })),
        ),
        ({ owners, filter }) => memberList.listMemberRows(db, its.organizationId, filter, { owners, after: null }, 50),
      ),
    countMemberRows: ({ db }, its) => memberList.countMemberRows(db, its.organizationId),
    listOwnerRows: ({ db }, its) => memberList.listOwnerRows(db, its.organizationId),
    listEveryRow: ({ db }, its) => memberList.listEveryRow(db, its.organizationId, null, 100),
  },
  members: {
    memberOf: { unscoped: 'asks nothing' },
    findMember: ({ db, catalogue }, its, rows) => members.findMember(db, catalogue, its.organizationId, rows.email),
    findMemberById: ({ db, catalogue }, its, rows) =>
      members.findMemberById(db, catalogue, its.organizationId, rows.memberId),
    insertMember: ({ db, newId }, its, rows) =>
      members.insertMember(db, {
        organizationId: its.organizationId,
        id: its === rows ? newId() : rows.memberId,
        email: its === rows ? 'somebody@example.com' : rows.email,
        locale: 'en',
        holdings: { owner: true, everything: true, permissions: new Set() },
        status: 'active',
      }),
    updateGrants: ({ db }, its, rows) =>
      members.updateGrants(db, its.organizationId, rows.memberId, {
        owner: false,
        everything: true,
        permissions: new Set(['phone:all']),
      }),
    updateStatus: ({ db }, its, rows) => members.updateStatus(db, its.organizationId, rows.pendingId, 'active', 'fr'),
    updateOwnership: ({ db }, its, rows) => members.updateOwnership(db, its.organizationId, rows.memberId, true),
    updateMemberFields: ({ db }, its, rows) =>
      members.updateMemberFields(db, its.organizationId, rows.memberId, {
        externalId: 'u-2',
        suspended: true,
        accessExpiresAt: null,
      }),
    hasExternalId: ({ db }, its, rows) => members.hasExternalId(db, its.organizationId, rows.externalId),
    isInTheFuture: { unscoped: 'asks the clock' },
    removeMember: ({ db }, its, rows) =>
      members.removeMember(db, its.organizationId, rows.memberId, 'revoked', its.keyId),
    wasJustRemoved: ({ db }, its, rows) =>
      members.wasJustRemoved(db, its.organizationId, rows.removedEmail, 'revoked', rows.keyId),
  },
  organizations: {
    organizationOf: { unscoped: 'asks nothing' },
    insertOrganization: { unscoped: 'makes an organization' },
    lockOrganization: ({ db }, its) => organizations.lockOrganization(db, its.organizationId),
    findOrganizationOfPartner: ({ db }, its, rows) =>
      organizations.findOrganizationOfPartner(db, its.partnerId, rows.organizationId),
    accessRevision: ({ db }, its) => organizations.accessRevision(db, its.organizationId),
    recordAccessChange: ({ db }, its, rows) =>
      organizations.recordAccessChange(db, its.organizationId, { memberId: rows.memberId, apiKeyId: rows.keyId }),
    updateOrganizationFields: ({ db }, its) =>
      organizations.updateOrganizationFields(db, its.organizationId, { name: 'new', locale: 'fr', redirectUrl: null }),
    updatePlan: ({ db }, its) => organizations.updatePlan(db, its.organizationId, 'free', 1),
    countOtherActiveOwners: ({ db }, its, rows) =>
      organizations.countOtherActiveOwners(db, its.organizationId, rows.memberId),
  },
  passkeys: {
    insertChallenge: ({ db }, its) =>
      passkeys.insertChallenge(db, { bytes: Buffer.alloc(32, 1), identityId: its.identityId, lifetimeSeconds: 60 }),
    useChallenge: ({ db }, its, rows) => passkeys.useChallenge(db, rows.challenge, its.identityId),
    deleteOldChallenges: { unscoped: 'the sweep serves everybody' },
    listPasskeyRows: ({ db }, its) => passkeys.listPasskeyRows(db, its.identityId),
    countPasskeysLocked: ({ db }, its) => passkeys.countPasskeysLocked(db, its.identityId),
    insertPasskey: ({ db, newId }, its, rows) =>
      passkeys.insertPasskey(db, {
        identityId: its.identityId,
        id: newId(),
        credentialId: its === rows ? Buffer.alloc(32, 1) : rows.credentialId,
        publicKey: Buffer.alloc(32, 1),
        counter: 0,
        transports: [],
        name: 'new',
        backedUp: false,
      }),
    findPasskeyByCredential: {
      unscoped: 'finds the person by what their authenticator says, before anything else is known',
    },
    lockPasskeyCounter: ({ db }, its, rows) => passkeys.lockPasskeyCounter(db, its.identityId, rows.passkeyId),
    notePasskeyUse: ({ db }, its, rows) =>
      passkeys.notePasskeyUse(db, its.identityId, rows.passkeyId, { counter: 99, backedUp: true }),
    deletePasskey: ({ db }, its, rows) => passkeys.deletePasskey(db, its.identityId, rows.passkeyId),
    deletePasskeysOfLastMembership: ({ db }, its, rows) =>
      passkeys.deletePasskeysOfLastMembership(db, its.organizationId, rows.memberId),
  },
  seats: {
    countActiveMembers: ({ db }, its) => seats.countActiveMembers(db, its.organizationId, 100),
    seatsTaken: ({ db }, its) => seats.seatsTaken(db, its.organizationId),
  },
  sessions: {
    insertSession: ({ db, newId }, its) =>
      sessions.insertSession(db, {
        id: newId(),
        identityId: its.identityId,
        secretHash: Buffer.alloc(32, 1),
        method: 'passkey',
        ip: '203.0.113.7',
        userAgent: null,
        lifetimeSeconds: 60,
      }),
    isMember: { unscoped: 'asks nothing' },
    findSessionsBySecret: ({ db }, its, rows) =>
      sessions.findSessionsBySecret(db, [{ hash: its.sessionHash, organizationId: rows.organizationId }], 3600),
    findSessionById: ({ db }, its, rows) =>
      inTurn(
        [
          { organizationId: its.organizationId, sessionId: rows.sessionId },
          { organizationId: rows.organizationId, sessionId: its.sessionId },
        ],
        ({ organizationId, sessionId }) => sessions.findSessionById(db, organizationId, sessionId),
      ),
    listSessionRows: ({ db }, its) => sessions.listSessionRows(db, its.identityId, 3600),
    deleteSession: ({ db }, its, rows) => sessions.deleteSession(db, its.identityId, rows.sessionId),
    endSessionsBeyond: ({ db }, its, rows) => sessions.endSessionsBeyond(db, its.identityId, rows.sessionId, 0),
    holdSession: ({ db }, its, rows) => sessions.holdSession(db, its.identityId, rows.sessionId),
    endSessionsOfRemoved: ({ db }, its, rows) => sessions.endSessionsOfRemoved(db, its.organizationId, rows.removedId),
    deleteEndedSessions: { unscoped: 'the sweep serves everybody' },
    deleteEverySession: { unscoped: 'a restored database signs everybody out' },
  },
  'sign-in-links': {
    requestSignInLink: { unscoped: 'somebody asks with an address that may be nobody’s' },
    insertOperatorLink: ({ db, newId }, its, rows) =>
      signInLinks.insertOperatorLink(db, {
        id: newId(),
        email: its.email,
        locale: 'en',
        lifetimeSeconds: 60,
        organizationId: its.organizationId,
        memberId: rows.memberId,
      }),
    findSignInLink: { unscoped: 'finds what a token names, before anything else is known' },
    lockSignInLink: { unscoped: 'finds what a token names, before anything else is known' },
    markSignInLinkUsed: { unscoped: 'uses up what a token named, with what was mailed to the same address before' },
    deleteOldSignInLinks: { unscoped: 'the sweep serves everybody' },
  },
  'sign-in-mails': {
    claimSignInMails: { unscoped: 'the mail worker serves everybody' },
    releaseSignInMailClaims: { unscoped: 'for the start of the only server on a database' },
    markSignInMailSent: { unscoped: 'is about the one message that a worker claimed; it is of no organization' },
    markSignInMailFailed: { unscoped: 'is about the one message that a worker claimed; it is of no organization' },
    postponeSignInMail: { unscoped: 'is about the one message that a worker claimed; it is of no organization' },
  },
};

/** One after the other, since a transaction has one connection. */
async function inTurn<T>(values: readonly T[], call: (value: T) => Promise<unknown>): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const value of values) answers.push(await call(value));
  return answers;
}

const mailLimits = { recipient: null, organization: 10 };

/** To somebody new; or, pointed elsewhere, to somebody who is invited there. */
const newInvitation = (newId: () => string, its: Rows, rows: Rows): invitations.NewInvitation => ({
  organizationId: its.organizationId,
  memberId: newId(),
  invitationId: newId(),
  deliveryId: newId(),
  email: its === rows ? 'somebody@example.com' : rows.pendingEmail,
  externalId: its === rows ? 'u-1' : rows.externalId,
  locale: 'en',
  holdings: { owner: false, everything: true, permissions: new Set() },
  grantor: { kind: 'api_key', id: its.keyId },
  lifetimeSeconds: 60,
  event: event(newId(), its, its),
});

const secret = (text: string) => ({ hash: hashKeySecret(text), hint: '…hint' });

const event = (id: string, its: Rows, rows: Rows): auditEvents.AuditEvent => ({
  id,
  organizationId: its.organizationId,
  partnerId: null,
  action: 'member.invited',
  outcome: 'done',
  actorKind: 'api_key',
  actorId: rows.keyId,
  actorName: 'somebody',
  targetKind: 'member',
  targetId: rows.memberId,
  targetEmail: null,
  details: {},
  requestId: null,
  ip: null,
  userAgent: null,
});

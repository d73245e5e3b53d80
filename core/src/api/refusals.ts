import type { ProblemCode, ProblemDetail } from '../problem.ts';
import type { OperationName } from './index.ts';
import {
  changedMeanwhile,
  externalIdTaken,
  invalidCursor,
  invalidEmail,
  looksLikeAnAddress,
  mailRate,
  mayNotGive,
  missing,
  mistakenPrivileges,
  ownerProtected,
  refused,
  seatLimit,
  signInAgain,
  unknownMember,
} from './recurring-refusals.ts';

type Refusals = Partial<Record<ProblemCode, readonly ProblemDetail[]>>;

/**
 * How each operation refuses for reasons of its own, word for word as it does: an example of each. What every operation
 * refuses alike (a name that is not known, a value of the wrong type) is not among them.
 */
export const refusals: Partial<Record<OperationName, Refusals>> = {
  ...members(),
  ...invitations(),
  ...ownership(),
  ...keys(),
  ...organizations(),
  ...access(),
  ...signingIn(),
};

function members(): Partial<Record<OperationName, Refusals>> {
  return {
    listMembers: {
      invalid_parameter: [
        invalidCursor,
        refused(
          'permission',
          'unknown_permission',
          'permission is one of the catalogue, as in contacts:export',
          'contacts:export',
        ),
      ],
      out_of_range: [refused('limit', 'out_of_range', 'limit is at most 1000')],
    },
    getMemberPermissions: { invalid_parameter: [invalidEmail], document_not_found: [unknownMember] },
    updateMemberPermissions: {
      invalid_parameter: mistakenPrivileges,
      missing_parameter: [missing('all_features_access')],
      permission_denied: [mayNotGive('privileges'), ownerProtected],
      document_not_found: [unknownMember],
      precondition_failed: [changedMeanwhile],
    },
    changeMembers: {
      invalid_parameter: [
        ...mistakenPrivileges,
        refused('privileges', 'unexpected', 'privileges belongs to the action update, not to resend.'),
      ],
      missing_parameter: [missing('action')],
    },
    updateMember: {
      invalid_parameter: [
        invalidEmail,
        looksLikeAnAddress,
        refused(
          'access_expires_at',
          'invalid_date',
          'access_expires_at is a moment with its zone, as in 2030-01-31T00:00:00Z, or null.',
        ),
      ],
      duplicate_parameter: [externalIdTaken],
      out_of_range: [
        refused(
          'access_expires_at',
          'not_in_the_future',
          'access_expires_at is a moment in the future; to end access now, suspend the member or revoke them.',
        ),
      ],
      permission_denied: [
        mayNotGive('email'),
        refused(
          'access_expires_at',
          'own_limit',
          'Nobody lengthens their own access: somebody else who may manage members does.',
        ),
        ownerProtected,
      ],
      document_not_found: [unknownMember],
      precondition_failed: [changedMeanwhile],
    },
    revokeMember: {
      invalid_parameter: [invalidEmail],
      permission_denied: [mayNotGive('email'), ownerProtected],
      document_not_found: [unknownMember],
    },
  };
}

function invitations(): Partial<Record<OperationName, Refusals>> {
  const dead = [
    refused('token', 'invitation_cancelled', 'This invitation was cancelled.'),
    refused('token', 'invitation_expired', 'This invitation has expired.'),
    refused('token', 'invitation_replaced', 'A newer invitation was sent; use the link in that mail.'),
    refused('token', 'invitation_unknown', 'There is no invitation for this link.'),
  ];
  return {
    inviteMembers: {
      invalid_parameter: mistakenPrivileges,
      missing_parameter: [missing('emails')],
    },
    inviteMember: {
      invalid_parameter: [invalidEmail, looksLikeAnAddress, ...mistakenPrivileges],
      missing_parameter: [missing('all_features_access')],
      duplicate_parameter: [
        refused(
          'email',
          'already_invited',
          'This person is invited already, with other permissions, in another language or with another external_id; update the member, or cancel the invitation first.',
        ),
        refused('email', 'already_member', 'This person is a member already; update their permissions instead.'),
        externalIdTaken,
      ],
      permission_denied: [mayNotGive('privileges')],
      too_many_requests: [mailRate],
    },
    resendOrCancelInvitation: {
      invalid_parameter: [
        refused('action', 'already_joined', 'This person has joined already, so there is no invitation to resend.'),
        refused('action', 'unknown_action', 'The action is one of resend, cancel and revoke.'),
      ],
      permission_denied: [mayNotGive('email'), ownerProtected],
      document_not_found: [unknownMember],
      too_many_requests: [mailRate],
    },
    revealInvitationLink: {
      invalid_parameter: [
        invalidEmail,
        refused('email', 'not_pending', 'There is no open invitation: this member is active.'),
      ],
      permission_denied: [mayNotGive('email'), signInAgain],
      document_not_found: [unknownMember],
    },
    listDeliveries: {
      invalid_parameter: [invalidCursor],
      out_of_range: [refused('limit', 'out_of_range', 'limit is at most 100')],
    },
    inspectInvitation: { missing_parameter: [missing('token')], document_not_found: [dead[3] as ProblemDetail] },
    acceptInvitation: {
      missing_parameter: [missing('token')],
      not_enough_credits: [seatLimit],
      permission_denied: [
        refused(
          'token',
          'grantor_not_entitled',
          'Whoever sent this invitation may no longer give this access. Ask the organization to send it again.',
        ),
      ],
      document_not_found: dead,
    },
    declineInvitation: { missing_parameter: [missing('token')], document_not_found: dead },
  };
}

function ownership(): Partial<Record<OperationName, Refusals>> {
  const lastOwner = refused(
    'owner',
    'last_owner',
    'This is the last active owner. Give ownership to somebody else first.',
  );
  return {
    giveOwnership: {
      invalid_parameter: [
        refused(
          'email',
          'not_active',
          'Ownership can only be given to an active member: somebody who has joined and is not suspended.',
        ),
        refused(
          'email',
          'time_limited',
          'This member’s access ends on a set day, and ownership has no end: take away their access_expires_at first.',
        ),
      ],
      permission_denied: [signInAgain],
      document_not_found: [unknownMember],
    },
    stepDown: {
      invalid_parameter: [refused('owner', 'not_an_owner', 'The member to whom this key belongs is not an owner.')],
      permission_denied: [lastOwner],
    },
    leaveOrganization: { permission_denied: [lastOwner] },
  };
}

function keys(): Partial<Record<OperationName, Refusals>> {
  const unknownKey = refused('id', 'unknown_key', 'No such key');
  const notInTheFuture = refused(
    'expires_at',
    'not_in_the_future',
    'expires_at is a moment in the future, as in 2030-01-31T00:00:00Z',
  );
  const invalidIp = refused('allowed_ips[0]', 'invalid_ip', 'not an address or CIDR range: "203.0.113.300"');
  const tooLong = refused('overlap_seconds', 'out_of_range', 'overlap_seconds must be <= 604800');
  return {
    createApiKey: {
      invalid_parameter: [invalidIp, notInTheFuture, ...mistakenPrivileges],
      missing_parameter: [missing('name')],
      permission_denied: [mayNotGive('privileges'), signInAgain],
    },
    rotateApiKey: {
      out_of_range: [tooLong],
      permission_denied: [mayNotGive('id'), signInAgain],
      document_not_found: [unknownKey],
    },
    adoptApiKey: { permission_denied: [signInAgain], document_not_found: [unknownKey] },
    deleteApiKey: { permission_denied: [mayNotGive('id')], document_not_found: [unknownKey] },
    createPartnerKey: {
      invalid_parameter: [invalidIp, notInTheFuture],
      missing_parameter: [missing('name')],
      permission_denied: [
        refused(
          'expires_at',
          'grant_ceiling',
          'This key ends at 2026-12-24T09:30:00.000Z, and gives nothing that lasts longer.',
        ),
      ],
    },
    rotatePartnerKey: { out_of_range: [tooLong], document_not_found: [unknownKey] },
    deletePartnerKey: {
      invalid_parameter: [
        refused('id', 'own_key', 'A partner key cannot delete itself: make another one and delete this one with that.'),
      ],
      document_not_found: [unknownKey],
    },
  };
}

function organizations(): Partial<Record<OperationName, Refusals>> {
  const unknownPlan = refused(
    'plan',
    'unknown_plan',
    'plan is one of free, standard, professional, enterprise',
    'professional',
  );
  const seats = refused('seats', 'out_of_range', 'seats must be >= 1');
  const activities: Refusals = {
    invalid_parameter: [
      refused(
        'actor',
        'invalid_actor',
        'actor is the id of a member or a key, as actor.id has it, or a member’s address.',
      ),
      invalidCursor,
      refused(
        'startDate',
        'invalid_date',
        'startDate is a day (2026-11-21) or a moment with its zone (2026-11-21T09:30:00Z).',
      ),
    ],
    out_of_range: [refused('limit', 'out_of_range', 'limit is at most 100')],
  };
  return {
    updateOrganization: {
      invalid_parameter: [
        refused(
          'redirect_url',
          'unsafe_url',
          'redirect_url is an https address (http only on localhost) without user name or password.',
        ),
      ],
    },
    listActivities: activities,
    exportActivities: { invalid_parameter: activities.invalid_parameter ?? [] },
    createSubAccount: {
      invalid_parameter: [invalidEmail, unknownPlan],
      missing_parameter: [missing('companyName')],
      out_of_range: [seats],
      too_many_requests: [mailRate],
    },
    createSubAccountKey: { missing_parameter: [missing('name')] },
    changeSubAccountPlan: {
      invalid_parameter: [unknownPlan],
      missing_parameter: [missing('plan')],
      out_of_range: [seats],
    },
    listPartnerActivities: activities,
  };
}

function access(): Partial<Record<OperationName, Refusals>> {
  return {
    issueAccessToken: {
      missing_parameter: [missing('audience')],
      out_of_range: [refused('ttl', 'out_of_range', 'ttl must be >= 5')],
      document_not_found: [
        refused(
          'member',
          'no_active_member',
          'Nobody of this name is an active member; who waits, is suspended or has left gets no token.',
        ),
      ],
    },
  };
}

function signingIn(): Partial<Record<OperationName, Refusals>> {
  const unknownLink = refused('token', 'sign_in_link_unknown', 'This is no sign-in link of this server.');
  const deadLinks = [
    refused('token', 'sign_in_link_expired', 'This link has expired; ask for another one.'),
    unknownLink,
    refused('token', 'sign_in_link_used', 'This link has signed somebody in already; ask for another one.'),
  ];
  const noMembership = refused(
    'email',
    'no_membership',
    'Whoever this signs in is not an active member of any organization any more.',
  );
  const tooManyPasskeys = refused(
    'response',
    'too_many_passkeys',
    'You have 20 passkeys, which is as many as there can be. Remove one that you no longer use.',
  );
  const passkeyRefused = refused(
    'response',
    'passkey_refused',
    'This passkey was not accepted. Try once more, or sign in another way.',
  );
  const notOurPage = refused(
    'latchkey-session',
    'not_our_page',
    'A session is begun only by this server’s own pages, which send the header latchkey-session: 1.',
  );
  return {
    requestSignIn: {
      invalid_parameter: [
        invalidEmail,
        refused(
          'email',
          'no_mail_server',
          'This server sends no mail. Ask whoever runs it for a link, which `npm run sign-in-link` makes, or use a passkey.',
        ),
      ],
      missing_parameter: [missing('email')],
    },
    inspectSignIn: { missing_parameter: [missing('token')], document_not_found: [unknownLink] },
    signIn: {
      missing_parameter: [missing('token')],
      permission_denied: [noMembership, notOurPage],
      document_not_found: deadLinks,
    },
    signInWithPasskey: {
      missing_parameter: [missing('response')],
      permission_denied: [
        notOurPage,
        refused(
          'response',
          'passkey_copied',
          'This passkey counts backwards, as a copy of it would. Sign in another way, remove it, and add a new one.',
        ),
        passkeyRefused,
        noMembership,
      ],
    },
    beginPasskey: { permission_denied: [signInAgain, tooManyPasskeys] },
    addPasskey: {
      missing_parameter: [missing('name')],
      duplicate_parameter: [refused('response', 'passkey_exists', 'This passkey has been added already.')],
      permission_denied: [passkeyRefused, signInAgain, tooManyPasskeys],
    },
    removePasskey: {
      document_not_found: [
        refused('id', 'unknown_passkey', 'You have no such passkey; it may have been removed already.'),
      ],
    },
    endSession: {
      document_not_found: [refused('id', 'unknown_session', 'You have no such session; it may have ended already.')],
    },
  };
}

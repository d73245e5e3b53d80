import Type from 'typebox';
import { memberStatuses } from '../member.ts';
import { Ok, operation, strictObject } from './operation.ts';
import {
  AllFeaturesAccess,
  AreaAccess,
  Cursor,
  EchoedPrivileges,
  Email,
  ExternalId,
  FeatureAccess,
  HeldPrivileges,
  Id,
  Limit,
  Locale,
  MemberStatus,
  Privileges,
  Time,
} from './values.ts';

/** As answered, wherever a member is described. */
const memberFields = {
  external_id: Type.Union([Type.String(), Type.Null()], { description: 'The product’s own id for this person.' }),
  suspended: Type.Boolean({ description: 'true: holds nothing until the suspension is lifted.' }),
  access_expires_at: Type.Union([Time, Type.Null()], { description: 'From then on the member holds nothing.' }),
};

const deliveryStates = ['queued', 'sent', 'failed'] as const;
const DeliveryState = Type.Enum([...deliveryStates]);

const Member = strictObject({
  id: Id,
  email: Type.String(),
  is_owner: Type.Boolean(),
  status: MemberStatus,
  feature_access: Type.Record(Type.String(), AreaAccess),
  locale: Type.String(),
  ...memberFields,
});

/** Parts of a member that are told on request: one, or several with commas. */
const memberExtras = [
  'delivery',
  'invitation',
  'features',
  'delivery,invitation',
  'delivery,features',
  'invitation,features',
  'delivery,invitation,features',
] as const;

const ListedMember = strictObject({
  ...Member.properties,
  delivery: Type.Optional(
    Type.Union(
      [
        strictObject({
          state: DeliveryState,
          reason: Type.Union([Type.String(), Type.Null()]),
          created_at: Time,
          sent_at: Type.Union([Time, Type.Null()]),
        }),
        Type.Null(),
      ],
      { description: 'With `include`: the newest message of their invitation.' },
    ),
  ),
  invitation: Type.Optional(
    Type.Union([strictObject({ expires_at: Time }), Type.Null()], {
      description: 'With `include`: their invitation, while it is not accepted.',
    }),
  ),
  features: Type.Optional(
    Type.Record(Type.String(), FeatureAccess, {
      description:
        'With `include`: each feature of which they may do anything in the end, those of no area as well, and whether that is all that the plan has of it (`full`) or some (`custom`).',
    }),
  ),
});

const Count = Type.Integer({ minimum: 0 });

const ifMatch = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'The ETag that was read: refuse (412) if the member has changed since.',
    }),
  ),
});

export const listMembers = operation({
  method: 'GET',
  path: '/organization/invited/users',
  access: 'members',
  tag: 'Members',
  summary: 'List the members',
  description:
    'Owners first, then everybody in the order in which they were invited. Without parameters: all of them, streamed. With `limit`: a page, and the `cursor` of the next one while there is one.',
  query: strictObject({
    limit: Type.Optional(Limit(1000)),
    cursor: Type.Optional(Cursor),
    status: Type.Optional(Type.Enum([...memberStatuses], { description: 'Only those with this status.' })),
    search: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A part of the e-mail address.' })),
    permission: Type.Optional(
      Type.String({
        maxLength: 130,
        examples: ['contacts:export'],
        description: 'Only those who hold this permission in the end.',
      }),
    ),
    feature: Type.Optional(
      Type.String({
        maxLength: 100,
        examples: ['contacts'],
        description: 'Only those who hold any permission of this feature in the end.',
      }),
    ),
    sort: Type.Optional(
      Type.Enum(['created', '-created', 'email', '-email'], {
        description: 'By the time of the invitation or by the address; a minus turns it round.',
      }),
    ),
    include: Type.Optional(
      Type.Enum([...memberExtras], {
        description: 'What else to say of each, in pages.',
      }),
    ),
  }),
  reply: {
    status: 200,
    body: strictObject({ users: Type.Array(ListedMember), cursor: Type.Optional(Type.String()) }),
  },
  problems: ['invalid_parameter', 'out_of_range'],
});

export const countMembers = operation({
  method: 'GET',
  path: '/organization/users/count',
  access: 'members',
  tag: 'Members',
  summary: 'How many members there are',
  description: 'Altogether and of each status, and how many of them are owners, joined or invited to be.',
  reply: {
    status: 200,
    body: strictObject({
      total: Count,
      by_status: strictObject({ active: Count, pending: Count, declined: Count, expired: Count }),
      owners: Count,
    }),
  },
  problems: [],
});

export const getMemberPermissions = operation({
  method: 'GET',
  path: '/organization/user/{email}/permissions',
  access: 'members',
  tag: 'Members',
  summary: 'Read what a member may do',
  description:
    'What the member was given, in machine names, so that it can be written back; `not_in_plan` names what the plan masks of it. `?view=labels` gives the human form, with `None` for features without access. The `ETag` carries the member’s version for `If-Match`.',
  params: strictObject({ email: Email }),
  query: strictObject({
    view: Type.Optional(Type.Enum(['keys', 'labels'], { description: 'Machine names where absent.' })),
  }),
  reply: {
    status: 200,
    body: strictObject({
      email: Type.String(),
      status: MemberStatus,
      privileges: HeldPrivileges,
      id: Id,
      is_owner: Type.Boolean(),
      all_features_access: Type.Boolean(),
      not_in_plan: Type.Optional(HeldPrivileges),
      version: Type.Integer(),
    }),
  },
  problems: ['invalid_parameter', 'document_not_found'],
});

export const updateMemberPermissions = operation({
  method: 'POST',
  path: '/organization/user/update/permissions',
  access: 'members',
  tag: 'Members',
  summary: 'Change what a member may do',
  description:
    'Merges feature by feature: the list of a named feature replaces that feature’s permissions, `none` or an empty list clears it, features that are not named stay. `all_features_access: true` gives everything, now and later; `false` with privileges leaves exactly those where the member held everything before.',
  headers: ifMatch,
  body: strictObject({ email: Email, all_features_access: AllFeaturesAccess, privileges: Type.Optional(Privileges) }),
  reply: {
    status: 200,
    body: strictObject({
      status: Ok,
      email: Type.String(),
      all_features_access: Type.Boolean(),
      privileges: EchoedPrivileges,
    }),
  },
  problems: [
    'invalid_parameter',
    'missing_parameter',
    'document_not_found',
    'precondition_failed',
    'duplicate_request',
  ],
  audit: 'member.updated',
});

export const updateMember = operation({
  method: 'PUT',
  path: '/organization/user/{email}',
  access: 'members',
  tag: 'Members',
  summary: 'Suspend a member, limit their time, give them the product’s own id',
  description:
    'What is not named stays; at least one is. A suspended member, or one whose time has run out, keeps their grants and holds nothing. Owners can be neither suspended nor limited. For somebody pending it counts from joining on.',
  params: strictObject({ email: Email }),
  headers: ifMatch,
  body: strictObject({
    external_id: Type.Optional(Type.Union([ExternalId, Type.Null()], { description: 'null takes it away.' })),
    suspended: Type.Optional(Type.Boolean({ description: 'true: holds nothing until it is taken back.' })),
    access_expires_at: Type.Optional(
      Type.Union([Time, Type.Null()], { description: 'A moment in the future; null for no end.' }),
    ),
  }),
  reply: {
    status: 200,
    body: strictObject({ status: Ok, id: Id, email: Type.String(), ...memberFields, version: Type.Integer() }),
  },
  problems: [
    'invalid_parameter',
    'missing_parameter',
    'out_of_range',
    'duplicate_parameter',
    'document_not_found',
    'precondition_failed',
  ],
  audit: 'member.updated',
});

export const revokeMember = operation({
  method: 'PUT',
  path: '/organization/user/invitation/revoke/{email}',
  access: 'members',
  tag: 'Members',
  summary: 'Remove a member',
  description:
    'Takes the membership away at once, joined or not. Owners are protected. Repeated by the same key within 10 minutes it answers the same again.',
  params: strictObject({ email: Email }),
  reply: { status: 200, body: strictObject({ status: Ok, email: Type.String() }) },
  problems: ['invalid_parameter', 'document_not_found'],
  audit: 'member.revoked',
});

export const getMe = operation({
  method: 'GET',
  path: '/organization/me',
  access: 'credential',
  tag: 'Members',
  summary: 'What this key may do',
  description: 'The credential, the member it belongs to, and what both come to in the end.',
  reply: {
    status: 200,
    body: strictObject({
      kind: Type.Enum(['api_key', 'partner_key', 'member']),
      id: Id,
      name: Type.String(),
      member: Type.Union([
        strictObject({ id: Id, email: Type.String(), is_owner: Type.Boolean(), ...memberFields }),
        Type.Null(),
      ]),
      all_features_access: Type.Boolean(),
      privileges: HeldPrivileges,
      organization: strictObject({ id: Id, name: Type.String() }),
    }),
  },
  problems: [],
});

export const inviteMember = operation({
  method: 'POST',
  path: '/organization/user/invitation/send',
  access: 'members',
  tag: 'Invitations',
  summary: 'Invite a person',
  description:
    'Makes a pending member with the permissions chosen and sends the invitation by e-mail. The same request for somebody still pending is a retry: it answers the same and sends nothing more. After `declined` or `expired` it is a new invitation.',
  body: strictObject({
    email: Email,
    all_features_access: AllFeaturesAccess,
    privileges: Type.Optional(Privileges),
    locale: Type.Optional(Locale),
    external_id: Type.Optional(ExternalId),
  }),
  reply: {
    status: 200,
    body: strictObject({
      status: Ok,
      email: Type.String(),
      all_features_access: Type.Boolean(),
      privileges: EchoedPrivileges,
      id: Id,
    }),
  },
  problems: ['invalid_parameter', 'missing_parameter', 'duplicate_parameter', 'duplicate_request'],
  audit: 'member.invited',
});

export const resendOrCancelInvitation = operation({
  method: 'PUT',
  path: '/organization/user/invitation/{action}/{email}',
  access: 'members',
  tag: 'Invitations',
  summary: 'Resend or cancel an invitation',
  description:
    '`resend` makes a new link and a new deadline for somebody pending, expired or declined, and the old link dies at once; `cancel` removes somebody who has not joined. Both may be repeated by the same key: within 60 seconds and 10 minutes they change nothing more.',
  params: strictObject({
    action: Type.String({ maxLength: 100, examples: ['resend'], description: '`resend` or `cancel`.' }),
    email: Email,
  }),
  reply: { status: 200, body: strictObject({ status: Ok, email: Type.String() }) },
  problems: ['invalid_parameter', 'document_not_found'],
  audit: ['invitation.resent', 'invitation.cancelled'],
});

export const revealInvitationLink = operation({
  method: 'POST',
  path: '/organization/user/invitation/link/{email}',
  access: 'members',
  freshSignIn: true,
  tag: 'Invitations',
  summary: 'Copy an invitation’s link',
  description:
    'For handing the link over by another way than mail. Only for keys that could give all that the invitation carries; recorded; the link lets the person in but proves nothing about their mailbox.',
  params: strictObject({ email: Email }),
  reply: {
    status: 200,
    body: strictObject({ status: Ok, email: Type.String(), link: Type.String(), expires_at: Time }),
  },
  problems: ['invalid_parameter', 'document_not_found', 'duplicate_request'],
  audit: 'invitation.link_revealed',
  secret: true,
});

export const listDeliveries = operation({
  method: 'GET',
  path: '/organization/deliveries',
  access: 'members',
  tag: 'Invitations',
  summary: 'The fate of each message',
  description: 'Newest first: queued, sent or failed, and why. Never a link.',
  query: strictObject({
    limit: Type.Optional(Limit(100)),
    cursor: Type.Optional(Cursor),
    state: Type.Optional(Type.Enum([...deliveryStates], { description: 'Only messages in this state.' })),
    email: Type.Optional(Email),
  }),
  reply: {
    status: 200,
    body: strictObject({
      deliveries: Type.Array(
        strictObject({
          id: Id,
          kind: Type.Literal('invitation'),
          email: Type.String(),
          state: DeliveryState,
          reason: Type.Union([Type.String(), Type.Null()]),
          attempts: Type.Integer(),
          created_at: Time,
          sent_at: Type.Union([Time, Type.Null()]),
          next_attempt_at: Type.Union([Time, Type.Null()]),
        }),
      ),
      cursor: Type.Optional(Type.String()),
    }),
  },
  problems: ['invalid_parameter', 'out_of_range'],
});

import Type from 'typebox';
import { Ok, operation, strictObject } from './operation.ts';
import { Access, Locale, Time } from './values.ts';

const Token = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'What follows the # in the invitation’s link.',
});
const body = strictObject({ token: Token });
const Named = strictObject({ name: Type.String() });
const RedirectUrl = Type.Union([Type.String(), Type.Null()], {
  description: 'The organization’s own address, to go on to.',
});

export const inspectInvitation = operation({
  method: 'POST',
  path: '/organization/user/invitation/inspect',
  access: 'public',
  tag: 'Invitations',
  summary: 'Look at an invitation by its token',
  description: 'What the join page shows. Changes nothing.',
  body,
  reply: {
    status: 200,
    body: strictObject({
      state: Type.Enum(['pending', 'joined', 'declined', 'expired', 'cancelled', 'replaced']),
      email: Type.String(),
      organization: Named,
      inviter: Named,
      locale: Locale,
      expires_at: Time,
      access: Type.Optional(Access),
      redirect_url: RedirectUrl,
    }),
  },
  problems: ['missing_parameter', 'invalid_parameter', 'document_not_found', 'duplicate_request'],
  secret: true,
});

export const acceptInvitation = operation({
  method: 'POST',
  path: '/organization/user/invitation/accept',
  access: 'public',
  session: 'may_start',
  tag: 'Invitations',
  summary: 'Join',
  description:
    'Makes the pending member active. Takes a seat; whoever invited must still be entitled to. Repeated, it answers the same. With `sign_in` a mailed link also signs its holder in, once: with the acceptance itself, and only from this server’s own pages.',
  body: strictObject({
    token: Token,
    sign_in: Type.Optional(Type.Boolean({ description: 'true: sign in as well, where a page of ours asks.' })),
  }),
  reply: {
    status: 200,
    body: strictObject({
      status: Ok,
      state: Type.Literal('joined'),
      email: Type.String(),
      organization: Named,
      redirect_url: RedirectUrl,
      signed_in: Type.Boolean({
        description:
          'Whether the browser that this answers is signed in as the member: by the session that the acceptance begins, or in the one it has. A repetition begins none and says false, also with an Idempotency-Key.',
      }),
    }),
  },
  problems: [
    'missing_parameter',
    'invalid_parameter',
    'not_enough_credits',
    'permission_denied',
    'document_not_found',
    'duplicate_request',
  ],
  audit: 'invitation.accepted',
  secret: true,
});

export const declineInvitation = operation({
  method: 'POST',
  path: '/organization/user/invitation/decline',
  access: 'public',
  tag: 'Invitations',
  summary: 'Decline',
  description: 'Answers the invitation with no. Repeated, it answers the same; whoever invited may send it again.',
  body,
  reply: {
    status: 200,
    body: strictObject({ status: Ok, state: Type.Literal('declined'), email: Type.String(), organization: Named }),
  },
  problems: ['missing_parameter', 'invalid_parameter', 'document_not_found', 'duplicate_request'],
  audit: 'invitation.declined',
  secret: true,
});

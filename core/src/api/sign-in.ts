import Type from 'typebox';
import { Ok, operation, strictObject } from './operation.ts';
import { Email, Id, IdOf, Locale, Text, Time } from './values.ts';

const Token = Type.String({ minLength: 1, maxLength: 500, description: 'What follows the # in the sign-in link.' });
const SignInMethod = Type.Enum(['mailed_link', 'operator_link', 'invitation', 'passkey']);
/** Options and answers of the Web Authentication API, as its own JSON forms say (WebAuthn Level 3, §5.1.8 and §5.1.9). */
const WebAuthnJson = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

const Started = strictObject({
  status: Ok,
  email: Type.String({ description: 'Who is signed in.' }),
  expires_at: Time,
});

export const describeSignIn = operation({
  method: 'GET',
  path: '/sign-in',
  access: 'public',
  tag: 'Sign-in',
  summary: 'How people can sign in here',
  description: 'Whether links are mailed. Without a mail server the operator makes them, and passkeys work as ever.',
  reply: { status: 200, body: strictObject({ mailed_links: Type.Boolean(), passkeys: Type.Boolean() }) },
  problems: [],
});

export const requestSignIn = operation({
  method: 'POST',
  path: '/sign-in/request',
  access: 'public',
  tag: 'Sign-in',
  summary: 'Ask for a sign-in link',
  description:
    'Mails a one-time link to the address, if somebody signs in with it. The answer is the same for every address, and takes as long.',
  body: strictObject({ email: Email, locale: Type.Optional(Locale) }),
  reply: { status: 200, body: strictObject({ status: Ok }) },
  problems: ['missing_parameter', 'invalid_parameter', 'too_many_requests'],
  secret: true,
});

export const inspectSignIn = operation({
  method: 'POST',
  path: '/sign-in/inspect',
  access: 'public',
  tag: 'Sign-in',
  summary: 'Look at a sign-in link by its token',
  description: 'What the sign-in page shows before anybody signs in. Changes nothing.',
  body: strictObject({ token: Token }),
  reply: {
    status: 200,
    body: strictObject({ state: Type.Enum(['open', 'used', 'expired']), email: Type.String(), expires_at: Time }),
  },
  problems: ['missing_parameter', 'invalid_parameter', 'document_not_found'],
  secret: true,
});

export const signIn = operation({
  method: 'POST',
  path: '/sign-in',
  access: 'public',
  session: 'starts',
  tag: 'Sign-in',
  summary: 'Sign in with a link',
  description:
    'Uses the link up and sets the session’s cookie. Of more than 50 sessions of one person that which was left alone the longest ends. Only from this server’s own pages: with the header `latchkey-session` and, where the browser says where it is, from this origin.',
  body: strictObject({ token: Token }),
  reply: { status: 200, body: Started },
  problems: ['missing_parameter', 'invalid_parameter', 'permission_denied', 'document_not_found'],
  audit: 'member.signed_in',
  secret: true,
});

export const beginPasskeySignIn = operation({
  method: 'POST',
  path: '/sign-in/passkey/options',
  access: 'public',
  tag: 'Sign-in',
  summary: 'Begin to sign in with a passkey',
  description: 'Options for the browser, with a challenge that can be answered once, within five minutes.',
  reply: {
    status: 200,
    body: strictObject({ options: WebAuthnJson('For `navigator.credentials.get`.') }),
  },
  problems: [],
  secret: true,
});

export const signInWithPasskey = operation({
  method: 'POST',
  path: '/sign-in/passkey',
  access: 'public',
  session: 'starts',
  tag: 'Sign-in',
  summary: 'Sign in with a passkey',
  description:
    'Checks the browser’s answer and sets the session’s cookie. A passkey that counts backwards, as a copy would, signs nobody in, and that it was tried is in the audit log.',
  body: strictObject({ response: WebAuthnJson('What the browser answered.') }),
  reply: { status: 200, body: Started },
  problems: ['missing_parameter', 'invalid_parameter', 'permission_denied'],
  audit: ['member.signed_in', 'member.passkey_copied'],
  secret: true,
});

export const getSession = operation({
  method: 'GET',
  path: '/session',
  access: 'session',
  tag: 'Sign-in',
  summary: 'Who is signed in',
  description: 'And the organizations they are an active member of.',
  reply: {
    status: 200,
    body: strictObject({
      id: Id,
      email: Type.String(),
      method: SignInMethod,
      signed_in_at: Time,
      expires_at: Time,
      organizations: Type.Array(
        strictObject({ id: Id, name: Type.String(), member_id: Id, email: Type.String(), is_owner: Type.Boolean() }),
      ),
    }),
  },
  problems: [],
});

export const signOut = operation({
  method: 'DELETE',
  path: '/session',
  access: 'session',
  session: 'ends',
  tag: 'Sign-in',
  summary: 'Sign out',
  description: 'Ends this session and takes the cookie away.',
  reply: { status: 200, body: strictObject({ status: Ok }) },
  problems: [],
});

export const listSessions = operation({
  method: 'GET',
  path: '/sessions',
  access: 'session',
  tag: 'Sign-in',
  summary: 'Where I am signed in',
  description: 'All sessions of the person who is signed in, newest first.',
  reply: {
    status: 200,
    body: strictObject({
      sessions: Type.Array(
        strictObject({
          id: Id,
          current: Type.Boolean(),
          method: SignInMethod,
          user_agent: Type.Union([Type.String(), Type.Null()]),
          ip: Type.String(),
          signed_in_at: Time,
          last_used_at: Time,
          expires_at: Time,
        }),
      ),
    }),
  },
  problems: [],
});

export const endSession = operation({
  method: 'DELETE',
  path: '/sessions/{id}',
  access: 'session',
  tag: 'Sign-in',
  summary: 'End one of my sessions',
  description: 'From its next request on it is nobody’s.',
  params: strictObject({ id: IdOf('the session') }),
  reply: { status: 200, body: strictObject({ status: Ok }) },
  problems: ['invalid_parameter', 'document_not_found'],
});

const Passkey = strictObject({
  id: Id,
  name: Type.String(),
  created_at: Time,
  last_used_at: Type.Union([Time, Type.Null()]),
  backed_up: Type.Boolean({ description: 'Whether it is kept by more than one device.' }),
});

export const listPasskeys = operation({
  method: 'GET',
  path: '/passkeys',
  access: 'session',
  tag: 'Sign-in',
  summary: 'My passkeys',
  description: 'Those that sign in the person who is signed in.',
  reply: { status: 200, body: strictObject({ passkeys: Type.Array(Passkey) }) },
  problems: [],
});

export const beginPasskey = operation({
  method: 'POST',
  path: '/passkeys/options',
  access: 'session',
  freshSignIn: true,
  tag: 'Sign-in',
  summary: 'Begin to add a passkey',
  description: 'Options for the browser, with a challenge that can be answered once, within five minutes.',
  reply: { status: 200, body: strictObject({ options: WebAuthnJson('For `navigator.credentials.create`.') }) },
  problems: ['permission_denied'],
  secret: true,
});

export const addPasskey = operation({
  method: 'POST',
  path: '/passkeys',
  access: 'session',
  freshSignIn: true,
  tag: 'Sign-in',
  summary: 'Add a passkey',
  description: 'Checks the browser’s answer and keeps its public key.',
  body: strictObject({
    name: Text(100, 'To tell it from others: the device, for one.'),
    response: WebAuthnJson('What the browser answered.'),
  }),
  reply: { status: 201, body: Passkey },
  problems: ['missing_parameter', 'invalid_parameter', 'permission_denied', 'duplicate_parameter'],
  audit: 'member.passkey_added',
});

export const removePasskey = operation({
  method: 'DELETE',
  path: '/passkeys/{id}',
  access: 'session',
  tag: 'Sign-in',
  summary: 'Remove a passkey',
  description: 'It signs nobody in any more; sessions that it began stay.',
  params: strictObject({ id: IdOf('the passkey') }),
  reply: { status: 200, body: strictObject({ status: Ok }) },
  problems: ['invalid_parameter', 'document_not_found'],
  audit: 'member.passkey_removed',
});

import { problemCodes } from '../problem.ts';

/** How to say who asks. @param server where the API is served: behind https the session’s cookie has a prefix */
export function securitySchemes(server: string): object {
  return {
    'api-key': { type: 'apiKey', in: 'header', name: 'api-key', description: 'An api key of the organization.' },
    bearer: { type: 'http', scheme: 'bearer', description: 'The same api key as a bearer token.' },
    'partner-key': {
      type: 'apiKey',
      in: 'header',
      name: 'partner-key',
      description: 'Acts in the organization that the header `organization-id` names.',
    },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: server.startsWith('https:') ? '__Host-latchkey-session' : 'latchkey-session',
      description:
        'The cookie that signing in sets. It counts only together with the header, and only from our own pages.',
    },
    'session-header': {
      type: 'apiKey',
      in: 'header',
      name: 'latchkey-session',
      description: 'Always `1`. A page of others cannot send it, so it cannot use a session either.',
    },
  };
}

/** Parameters that many operations take. */
export const parameters = {
  'organization-id': {
    name: 'organization-id',
    in: 'header',
    required: false,
    description: 'The organization to act in: for a partner key and for a session. An api key has its own.',
    schema: { type: 'string', format: 'uuid' },
  },
  'idempotency-key': {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A word of the caller’s choice: the request then happens once, and a repetition gets the first answer.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  'x-request-id': {
    name: 'X-Request-ID',
    in: 'header',
    required: false,
    description: 'A name of the caller’s choice for this request; the answer carries it too.',
    schema: { type: 'string' },
  },
};

export const text = { type: 'string' };
const whole = { type: 'integer' };
/** Headers of replies. */
export const headers = {
  'sib-request-id': { description: 'The log has the request under this id.', required: true, schema: text },
  'x-request-id': { description: 'The X-Request-ID of the request, or one of ours.', required: true, schema: text },
  'latchkey-revision': {
    description:
      'The organization’s revision after this change of access: checks that are sent it are not answered from before.',
    schema: whole,
  },
  etag: { description: 'The member’s version, for `If-Match`.', schema: text },
  'x-sib-ratelimit-limit': { description: 'Requests a second, where they are limited.', schema: whole },
  'x-sib-ratelimit-remaining': { description: 'How many are left of those.', schema: whole },
  'x-sib-ratelimit-reset': { description: 'Seconds until all are there again.', schema: whole },
  'retry-after': { description: 'Seconds until a repetition can succeed.', required: true, schema: whole },
  'x-ratelimit-reset': { description: 'The same moment, in seconds since 1970.', schema: whole },
  'set-cookie': { description: 'The session’s cookie, or its end.', schema: text },
  'www-authenticate': { description: 'How to say who asks.', schema: text },
};
export type HeaderName = keyof typeof headers;

/** References to components of these names, by their names. */
export const referTo = (part: string, names: readonly string[]): Record<string, object> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/${part}/${name}` }]));

/** On every reply to a credential, where its requests are limited. */
export const rateHeaders = ['x-sib-ratelimit-limit', 'x-sib-ratelimit-remaining', 'x-sib-ratelimit-reset'] as const;

const Detail = {
  type: 'object',
  required: ['path', 'reason', 'message'],
  properties: {
    path: {
      ...text,
      description: 'The place in the request: `privileges[0].feature`.',
      examples: ['privileges[0].feature'],
    },
    reason: { ...text, description: 'A stable word to program against.', examples: ['unknown_feature'] },
    message: { ...text, description: 'The same for people.' },
    suggestion: { ...text, description: 'The nearest name that would be right.', examples: ['contacts'] },
  },
  description: 'One reason for a refusal.',
};
const Problem = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    code: { ...text, enum: Object.keys(problemCodes), description: 'A stable word to program against.' },
    message: { ...text, description: 'What is wrong and what to do, for people.' },
    details: { type: 'array', items: { $ref: '#/components/schemas/ProblemDetail' } },
  },
  description: 'Why a request is refused.',
};
const AuthzenError = { ...text, description: 'What is wrong, as AuthZEN wants it: a text and nothing else.' };

/** What refusals look like. */
export const refusalSchemas = { Problem, ProblemDetail: Detail, AuthzenError };

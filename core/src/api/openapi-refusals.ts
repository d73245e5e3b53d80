import { type ProblemCode, type ProblemDetail, problemCodes } from '../problem.ts';
import type { OperationName } from './index.ts';
import { type HeaderName, rateHeaders, referTo } from './openapi-components.ts';
import type { Operation } from './operation.ts';
import { refusals } from './refusals.ts';

const alwaysPossible = [
  'bad_request',
  'invalid_parameter',
  'out_of_range',
  'too_many_requests',
  'internal_error',
  'service_unavailable',
] as const;
const withCredential = ['unauthorized', 'permission_denied'] as const;

/** Every code by which an operation may refuse. */
export const codesOf = (operation: Operation): ReadonlySet<ProblemCode> =>
  new Set<ProblemCode>([
    ...operation.problems,
    ...alwaysPossible,
    ...(operation.access === 'public' ? [] : withCredential),
    ...(actsInOrganization(operation) ? (['missing_parameter'] as const) : []),
  ]);

/** Whether a partner key or a session has to say in which organization. */
export const actsInOrganization = ({ access }: Operation): boolean =>
  !['public', 'partner', 'session'].includes(access);

/** The refusals of one status. Those that every operation has alike stand in the components. */
export function refusalOf(name: OperationName, operation: Operation, status: number, codes: ProblemCode[]): object {
  if (operation.protocol === 'authzen') return authzenRefusal(status, codes);
  const shared = sharedCodes.find((code) => codes.length === 1 && codes[0] === code);
  if (shared && !refusals[name]?.[shared]) return { $ref: `#/components/responses/${shared}` };
  return {
    description: codes.map((code) => describedRefusal(name, code)).join('\n\n'),
    headers: referTo('headers', headersOfRefusal(status)),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.assign({}, ...codes.map((code) => examplesOfRefusal(name, code))),
      },
    },
  };
}

function describedRefusal(name: OperationName, code: ProblemCode): string {
  const reasons = (refusals[name]?.[code] ?? []).map(({ reason }) => `\`${reason}\``);
  const own = reasons.length > 0 ? ` Reasons: ${reasons.join(', ')}.` : '';
  return `\`${code}\`: ${problemCodes[code].means}${own}`;
}

function examplesOfRefusal(name: OperationName, code: ProblemCode): Record<string, object> {
  const own = refusals[name]?.[code] ?? [];
  const known = own.map((detail) => [
    `${code}.${detail.reason}`,
    { summary: detail.reason, value: { code, message: detail.message, details: [detail] } },
  ]);
  const alike = own.length === 0 || sharedCodes.some((shared) => shared === code);
  return { ...(alike && referTo('examples', [code])), ...Object.fromEntries(known) };
}

const headersOfRefusal = (status: number): HeaderName[] => [
  'sib-request-id',
  ...(status === 429 || status === 503 ? (['retry-after', 'x-ratelimit-reset'] as const) : []),
  ...(status === 429 ? rateHeaders : []),
];

function authzenRefusal(status: number, codes: ProblemCode[]): object {
  const example = inAuthzen[codes[0] ?? 'bad_request'] ?? typical[codes[0] ?? 'bad_request']?.message;
  return {
    description: codes.map((code) => `\`${code}\`: ${problemCodes[code].means}`).join('\n\n'),
    headers: referTo('headers', [
      'sib-request-id',
      'x-request-id',
      ...(status === 401 ? ['www-authenticate'] : []),
      ...headersOfRefusal(status).slice(1),
    ]),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/AuthzenError' },
        examples: { example: { value: example } },
      },
    },
  };
}

const inAuthzen: Partial<Record<ProblemCode, string>> = {
  bad_request: 'The Content-Type is not application/json.',
  precondition_failed: 'The organization is at revision 42; 43 has not happened here.',
};

const sharedCodes = [
  'unauthorized',
  'permission_denied',
  'too_many_requests',
  'internal_error',
  'service_unavailable',
] as const;

/** The refusals that every operation has alike, as components. */
export const sharedResponses = (): Record<string, object> =>
  Object.fromEntries(
    sharedCodes.map((code) => {
      const { status, means } = problemCodes[code];
      const response = {
        description: `\`${code}\`: ${means}`,
        headers: referTo('headers', headersOfRefusal(status)),
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: referTo('examples', [code]),
          },
        },
      };
      return [code, response];
    }),
  );

/** A refusal of each kind, for where an operation has no reasons of its own. */
const typical: Partial<Record<ProblemCode, { message: string; detail?: Omit<ProblemDetail, 'message'> }>> = {
  invalid_parameter: {
    message: 'unknown parameter: page',
    detail: { path: 'page', reason: 'unknown_parameter' },
  },
  missing_parameter: {
    message: 'A partner key acts in the organization that the header organization-id names; it is missing.',
    detail: { path: 'organization-id', reason: 'missing' },
  },
  out_of_range: { message: 'The body is too large: at most 256 KiB.', detail: { path: 'body', reason: 'too_large' } },
  bad_request: { message: 'The request has no Host header.' },
  duplicate_request: {
    message: 'This Idempotency-Key was used for another request before; choose a new one.',
    detail: { path: 'idempotency-key', reason: 'key_reused' },
  },
  unauthorized: { message: 'Key not found' },
  permission_denied: { message: 'Access forbidden.' },
  too_many_requests: { message: 'Too many requests: at most 50 a second.' },
  internal_error: { message: 'Something went wrong on our side; the log has it under this request id.' },
  service_unavailable: { message: 'The service is not available just now; try again in a moment.' },
};

/** An example of each, as components. */
export const sharedExamples = (): Record<string, object> =>
  Object.fromEntries(
    Object.entries(typical).map(([code, { message, detail }]) => [
      code,
      { summary: code, value: { code, message, ...(detail && { details: [{ ...detail, message }] }) } },
    ]),
  );

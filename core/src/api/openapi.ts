import { problemCodes } from '../problem.ts';
import { api } from './index.ts';
import type { AccessKind, Operation } from './operation.ts';

const alwaysPossible = [
  'bad_request',
  'invalid_parameter',
  'out_of_range',
  'too_many_requests',
  'internal_error',
  'service_unavailable',
] as const;
const withCredential = ['unauthorized', 'permission_denied'] as const;

const needs: Record<AccessKind, string> = {
  public: 'Needs no key.',
  credential: 'Needs any valid key.',
  members: 'Needs the permission that administers members (`user_management: all` in the built-in catalogue).',
  api_keys: 'Needs the permission that administers keys (`smtp_api: api_keys` in the built-in catalogue).',
  activities: 'Needs the permission that shows activities (`user_management: all` in the built-in catalogue).',
  access_checks: 'Needs the permission to ask about access (`access: check` in the built-in catalogue).',
  everything: 'Needs a key with all features.',
  ownership: 'Needs a key with all features that belongs to an active owner.',
  self: 'Needs a key that holds all that its member holds.',
  partner: 'Needs a partner key.',
};

/** The API as an OpenAPI 3.1 document. @param server where it is served, with /v3 */
export function openApiDocument(server: string): object {
  const paths: Record<string, object> = {};
  for (const [name, operation] of Object.entries<Operation>(api)) {
    paths[operation.path] = {
      ...paths[operation.path],
      // Another protocol stands where it says, which is not below /v3.
      ...(operation.protocol && { servers: [{ url: server.replace(/\/v3$/, '') }] }),
      [operation.method.toLowerCase()]: describe(name, operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version: '3.0.0',
      description:
        'Invite people to an organization by e-mail, each with permissions chosen feature by feature; list them, read and update what they may do, resend, cancel, revoke.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server }],
    security: [{ 'api-key': [] }],
    tags: ['Members', 'Invitations', 'Ownership', 'API keys', 'Access', 'Organization', 'Partner'].map((name) => ({
      name,
    })),
    paths,
    components: {
      securitySchemes: {
        'api-key': { type: 'apiKey', in: 'header', name: 'api-key' },
        'partner-key': {
          type: 'apiKey',
          in: 'header',
          name: 'partner-key',
          description: 'Acts in the organization that the header organization-id names.',
        },
      },
      schemas: {
        Problem: {
          type: 'object',
          required: ['code', 'message'],
          properties: {
            code: { type: 'string', enum: Object.keys(problemCodes) },
            message: { type: 'string' },
            details: {
              type: 'array',
              items: {
                type: 'object',
                required: ['path', 'reason', 'message'],
                properties: {
                  path: { type: 'string' },
                  reason: { type: 'string' },
                  message: { type: 'string' },
                  suggestion: { type: 'string' },
                },
              },
            },
          },
        },
      },
    },
  };
}

function describe(name: string, operation: Operation): object {
  const parameters = [
    ...parametersOf(operation, 'params', 'path'),
    ...parametersOf(operation, 'query', 'query'),
    ...parametersOf(operation, 'headers', 'header'),
  ];
  if (operation.protocol === 'authzen') parameters.push(requestId);
  else if (operation.method === 'POST') parameters.push(idempotencyKey);
  return {
    operationId: name,
    tags: [operation.tag],
    summary: operation.summary,
    description: `${operation.description}\n\n${needOf(operation)}`,
    ...(operation.access === 'public' && { security: [] }),
    ...(operation.access === 'partner' && { security: [{ 'partner-key': [] }] }),
    ...(!['public', 'partner'].includes(operation.access) && { security: [{ 'api-key': [] }, { 'partner-key': [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(operation.body && {
      requestBody: { required: true, content: { 'application/json': { schema: operation.body } } },
    }),
    responses: responsesOf(operation),
  };
}

const needOf = ({ access, body }: Operation): string =>
  access === 'public' && body ? `${needs.public} What it needs is in the token.` : needs[access];

const requestId = {
  name: 'X-Request-ID',
  in: 'header',
  required: false,
  description: 'A name of the caller’s choice for this request; the answer carries it too.',
  schema: { type: 'string' },
} as object;

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A word of the caller’s choice: the request then happens once, and a repetition gets the first answer.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as object;

function parametersOf(
  operation: Operation,
  part: 'params' | 'query' | 'headers',
  where: 'path' | 'query' | 'header',
): object[] {
  const schema = operation[part];
  if (!schema) return [];
  const required = new Set<string>(schema.required ?? []);
  return Object.entries(schema.properties).map(([name, value]) => ({
    name,
    in: where,
    required: where === 'path' || required.has(name),
    schema: value,
  }));
}

const inWords = {
  'application/x-ndjson': 'One JSON object a line, each of this shape.',
  'text/event-stream':
    'Server-sent events: `change` with a JSON object of this shape as its data and the revision as its id, `reset` where a new snapshot is due, comments in between.',
} as const;
const problem = { $ref: '#/components/schemas/Problem' };
const message = { type: 'string', description: 'What is wrong, as AuthZEN wants it: a text and nothing else.' };

function responsesOf(operation: Operation): Record<string, object> {
  const responses: Record<string, object> = {
    [operation.reply.status]: {
      description: operation.reply.stream ? inWords[operation.reply.stream] : 'Done.',
      content: { [operation.reply.stream ?? 'application/json']: { schema: operation.reply.body } },
    },
  };
  const codes = new Set([
    ...operation.problems,
    ...alwaysPossible,
    ...(operation.access === 'public' ? [] : withCredential),
  ]);
  for (const [status, sharing] of Map.groupBy(codes, (code) => problemCodes[code].status)) {
    responses[status] = {
      description: sharing.map((code) => `\`${code}\`: ${problemCodes[code].means}`).join(' '),
      content: { 'application/json': { schema: operation.protocol === 'authzen' ? message : problem } },
    };
  }
  return responses;
}

import { problemCodes } from '../problem.ts';
import { examples } from './examples.ts';
import { api, type OperationName } from './index.ts';
import type { Schema } from './named-schemas.ts';
import {
  headers,
  parameters,
  rateHeaders,
  referTo,
  refusalSchemas,
  securitySchemes,
  text,
} from './openapi-components.ts';
import { actsInOrganization, codesOf, refusalOf, sharedExamples, sharedResponses } from './openapi-refusals.ts';
import { inDocument, schemaComponents } from './openapi-schema.ts';
import type { AccessKind, Operation, StreamType } from './operation.ts';

/** The API as an OpenAPI 3.1 document. @param server where it is served, with /v3 */
export function openApiDocument(server: string): object {
  const paths: Record<string, object> = {};
  for (const [name, operation] of Object.entries<Operation>(api)) {
    paths[operation.path] = {
      ...paths[operation.path],
      // Another protocol stands where it says, which is not below /v3.
      ...(operation.protocol && {
        servers: [{ url: server.replace(/\/v3$/, ''), description: 'AuthZEN’s own paths' }],
      }),
      [operation.method.toLowerCase()]: describe(name as OperationName, operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version: '3.0.0',
      summary: 'Invite people to an organization, choose what each may do, and ask “may they?”.',
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server, description: 'This server' }],
    security: keyOrSession,
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: securitySchemes(server),
      parameters,
      headers,
      schemas: { ...schemaComponents(), ...refusalSchemas },
      examples: sharedExamples(),
      responses: sharedResponses(),
    },
  };
}

const introduction = `Invite people to an organization by e-mail, each with permissions chosen feature by feature; list them, read and update what they may do, resend, cancel, revoke; make keys; and ask whether somebody may do something.

**Who asks.** An api key in the header \`api-key\` (or as a bearer token) acts in its own organization. A partner key in \`partner-key\` acts in the organization that the header \`organization-id\` names. Whoever is signed in to the console acts by their session, in the organization of that header too.

**Errors** are \`{"code", "message", "details"?}\`: go by \`code\` and by each detail’s \`reason\`, which never change their meaning. The operations below name the reasons of their own; any of them can besides refuse what does not have its form: \`missing\`, \`unknown_parameter\`, \`wrong_type\`, \`not_one_of\`, \`out_of_range\`, \`invalid_format\`.

**Once.** A \`POST\` with an \`Idempotency-Key\` happens once: repeated, it gets its first answer again.`;

const tags: Record<Operation['tag'], string> = {
  Members: 'The people of the organization, and what each of them may do.',
  Invitations: 'Asking people to join, and their answers.',
  Ownership: 'Owners hold everything and are protected; an organization always has one.',
  Organization: 'The organization itself, its catalogue of features, and its audit log.',
  'API keys': 'Keys for programs: each with privileges of its own, or within what its member holds.',
  Access: 'May they? Checks by AuthZEN 1.0, and what replicas and signed tokens need to check without asking.',
  'Sign-in': 'How people sign in to the console, their sessions and their passkeys.',
  Partner: 'For whoever runs many organizations.',
};

const needs: Record<AccessKind, string> = {
  public: 'Needs no key.',
  credential: 'Needs any valid key, or somebody who is signed in.',
  members: 'Needs the permission that administers members (`user_management: all` in the built-in catalogue).',
  api_keys: 'Needs the permission that administers keys (`smtp_api: api_keys` in the built-in catalogue).',
  activities: 'Needs the permission that shows activities (`user_management: all` in the built-in catalogue).',
  access_checks: 'Needs the permission to ask about access (`access: check` in the built-in catalogue).',
  everything: 'Needs all features.',
  ownership: 'Needs an active owner: signed in, or by a key with all features that belongs to them.',
  self: 'Needs the member themselves: signed in, or by a key that holds all that they hold.',
  partner: 'Needs a partner key.',
  session: 'Needs somebody who is signed in, in whatever organization.',
};

const bySession = { session: [], 'session-header': [] };
const keyOrSession = [{ 'api-key': [] }, { bearer: [] }, { 'partner-key': [] }, bySession];
const security: Partial<Record<AccessKind, object[]>> = {
  public: [],
  partner: [{ 'partner-key': [] }],
  session: [bySession],
};

function describe(name: OperationName, operation: Operation): object {
  const taken = parametersOf(name, operation);
  return {
    operationId: name,
    tags: [operation.tag],
    summary: operation.summary,
    description: `${operation.description}\n\n${needOf(operation)}`,
    security: security[operation.access] ?? keyOrSession,
    ...(taken.length > 0 && { parameters: taken }),
    ...(operation.body && { requestBody: requestBodyOf(name, operation.body) }),
    responses: responsesOf(name, operation),
  };
}

const needOf = ({ access, body, freshSignIn }: Operation): string =>
  access === 'public' && body && 'token' in body.properties
    ? `${needs.public} What it needs is in the token.`
    : `${needs[access]}${freshSignIn ? ' In a session, a sign-in of the last hour.' : ''}`;

function parametersOf(name: OperationName, operation: Operation): object[] {
  const example = examples[name];
  return [
    ...declared(operation, 'params', 'path', example?.params),
    ...declared(operation, 'query', 'query', example?.query),
    ...declared(operation, 'headers', 'header'),
    ...Object.values(
      referTo('parameters', [
        ...(actsInOrganization(operation) ? ['organization-id'] : []),
        ...(operation.protocol === 'authzen' ? ['x-request-id'] : []),
        ...(operation.method === 'POST' && !operation.protocol && takesIdempotencyKey(operation)
          ? ['idempotency-key']
          : []),
      ]),
    ),
  ];
}

/** Whoever can be refused for using such a key twice can use one. */
const takesIdempotencyKey = ({ problems }: Operation): boolean => problems.includes('duplicate_request');

function declared(
  operation: Operation,
  part: 'params' | 'query' | 'headers',
  where: 'path' | 'query' | 'header',
  given: Record<string, string> = {},
): object[] {
  const schema = operation[part];
  if (!schema) return [];
  const required = new Set<string>(schema.required ?? []);
  return Object.entries(schema.properties).map(([name, value]) => {
    const { description, ...rest } = value as { description?: string };
    return {
      name,
      in: where,
      required: where === 'path' || required.has(name),
      ...(description !== undefined && { description }),
      schema: inDocument(rest),
      ...(name in given && where === 'path' && { example: given[name] }),
    };
  });
}

function requestBodyOf(name: OperationName, body: object & { required?: string[] }): object {
  const example = examples[name]?.body;
  return {
    required: (body.required ?? []).length > 0,
    content: {
      'application/json': {
        schema: inDocument(body as Schema),
        ...(example !== undefined && { examples: { example: { value: example } } }),
      },
    },
  };
}

const inWords: Record<StreamType | 'application/json', string> = {
  'application/json': 'Done.',
  'application/x-ndjson': 'One JSON object a line, each of this shape.',
  'text/csv': 'A row of column names, and a row for each.',
  'text/event-stream':
    'Server-sent events: `change` with a JSON object of this shape as its data and the revision as its id, `reset` where a new snapshot is due, comments in between.',
};

function responsesOf(name: OperationName, operation: Operation): Record<string, object> {
  const responses: Record<string, object> = { [operation.reply.status]: replyOf(name, operation) };
  for (const [status, sharing] of Map.groupBy(codesOf(operation), (code) => problemCodes[code].status))
    responses[status] = refusalOf(name, operation, status, sharing);
  return responses;
}

function replyOf(name: OperationName, operation: Operation): object {
  const { reply, protocol, access } = operation;
  const { replyHeaders = [], replies = [] } = examples[name] ?? {};
  const types = reply.stream === undefined ? (['application/json'] as const) : [reply.stream].flat();
  return {
    description: types.map((type) => inWords[type]).join('\n\n'),
    headers: referTo('headers', [
      'sib-request-id',
      ...(protocol === 'authzen' && access !== 'public' ? ['x-request-id'] : []),
      ...replyHeaders,
      ...(access === 'public' ? [] : rateHeaders),
    ]),
    content: Object.fromEntries(
      types.map((type) => [type, { schema: shapeOf(reply.body, type), ...shown(replies, type) }]),
    ),
  };
}

/** Of a stream the schema is that of each part, except where a part is no JSON. */
const shapeOf = (body: object, type: string): object => (type === 'text/csv' ? text : inDocument(body as Schema));

function shown(replies: unknown[], type: string): { examples?: object } {
  if (replies.length === 0 || type === 'text/csv') return {};
  const values = replies.map((value, index) => [index === 0 ? 'example' : `example${index + 1}`, { value }]);
  return { examples: Object.fromEntries(values) };
}

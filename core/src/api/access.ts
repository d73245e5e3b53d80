import Type from 'typebox';
import { refusingReasons, remedies } from '../access/decision.ts';
import { operation, strictObject } from './operation.ts';
import { Id, Time } from './values.ts';

/** AuthZEN asks receivers to pass over what they do not know, where the rest of the API refuses it. */
const openObject = <P extends Record<string, Type.TSchema>>(properties: P, options: object = {}) =>
  Type.Object(properties, { additionalProperties: true, ...options });

const Properties = Type.Record(Type.String(), Type.Unknown(), {
  description: 'Taken and passed over: access is decided by what is stored.',
});
const Name = Type.String({ maxLength: 1000 });
const SubjectType = Type.String({ maxLength: 1000, examples: ['user'], description: '`user`: a member.' });
const ResourceType = Type.String({
  maxLength: 1000,
  examples: ['feature'],
  description: 'The catalogue’s `resource_type`; `feature` in the built-in one.',
});

const Subject = openObject({
  type: SubjectType,
  id: Type.String({
    maxLength: 1000,
    examples: ['jane@example.com'],
    description: 'A member’s e-mail address, id or external id.',
  }),
  properties: Type.Optional(Properties),
});
const Resource = openObject({
  type: ResourceType,
  id: Type.String({ maxLength: 1000, examples: ['contacts'], description: 'A feature.' }),
  properties: Type.Optional(Properties),
});
const Action = openObject({
  name: Type.String({
    maxLength: 1000,
    examples: ['export'],
    description: 'A permission of the feature, or an alias.',
  }),
  properties: Type.Optional(Properties),
});
const Context = Type.Record(Type.String(), Type.Unknown(), { description: 'Taken and passed over.' });
const Page = openObject({
  token: Type.Optional(Type.String({ maxLength: 2000, description: 'The `next_token` of the page before.' })),
  limit: Type.Optional(Type.Integer({ minimum: 0, description: 'At most 1,000 are answered at once.' })),
});

const Decision = {
  decision: Type.Boolean(),
  context: Type.Optional(
    strictObject({
      reason: Type.Optional(
        Type.String({ description: `granted, all_features_access, owner; or ${refusingReasons.join(', ')}.` }),
      ),
      message: Type.Optional(Type.String()),
      needs: Type.Optional(
        Type.Array(Type.Enum([...remedies]), { description: 'What would have to change for a yes.' }),
      ),
      error: Type.Optional(strictObject({ status: Type.Integer(), message: Type.String() })),
    }),
  ),
};

const AtRevision = openObject({
  'latchkey-revision': Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}$',
      description: 'The revision that a change answered: this is not answered from before it, on any node.',
    }),
  ),
});
const authzen = {
  protocol: 'authzen',
  access: 'access_checks',
  tag: 'Access',
  headers: AtRevision,
  problems: ['bad_request', 'precondition_failed'],
} as const;

export const evaluate = operation({
  ...authzen,
  method: 'POST',
  path: '/access/v1/evaluation',
  summary: 'May they?',
  description:
    'One decision of AuthZEN 1.0: may this subject do this action on this resource? Unknown people and names are a no, not an error; `context` says why, and what would change it.',
  body: openObject({ subject: Subject, action: Action, resource: Resource, context: Type.Optional(Context) }),
  reply: { status: 200, body: strictObject(Decision) },
});

export const evaluateMany = operation({
  ...authzen,
  method: 'POST',
  path: '/access/v1/evaluations',
  summary: 'May they? Many questions at once',
  description:
    'Up to 1,000 decisions in the order asked. What stands at the top is the default of every evaluation; without evaluations it is the one question. `options.evaluations_semantic` is `execute_all`, `deny_on_first_deny` or `permit_on_first_permit`.',
  body: openObject({
    subject: Type.Optional(Subject),
    action: Type.Optional(Action),
    resource: Type.Optional(Resource),
    context: Type.Optional(Context),
    evaluations: Type.Optional(
      Type.Array(
        openObject({
          subject: Type.Optional(Subject),
          action: Type.Optional(Action),
          resource: Type.Optional(Resource),
          context: Type.Optional(Context),
        }),
        { maxItems: 1000, description: 'Each says what differs from the defaults at the top.' },
      ),
    ),
    options: Type.Optional(
      openObject(
        {
          evaluations_semantic: Type.Optional(
            Type.Enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit']),
          ),
        },
        { description: 'How far to go on; `execute_all` where absent.' },
      ),
    ),
  }),
  reply: {
    status: 200,
    body: strictObject({
      decision: Type.Optional(Decision.decision),
      context: Decision.context,
      evaluations: Type.Optional(Type.Array(strictObject(Decision))),
    }),
  },
});

const PageEnd = strictObject({ next_token: Type.String(), count: Type.Integer() });

export const searchSubjects = operation({
  ...authzen,
  method: 'POST',
  path: '/access/v1/search/subject',
  summary: 'Who may?',
  description:
    'The members who may do this action on this resource, by external id where they have one and by e-mail address where not. Read from the database, so never older than the question.',
  body: openObject({
    subject: openObject({ type: SubjectType }),
    action: Action,
    resource: Resource,
    context: Type.Optional(Context),
    page: Type.Optional(Page),
  }),
  reply: {
    status: 200,
    body: strictObject({ page: PageEnd, results: Type.Array(strictObject({ type: Name, id: Name })) }),
  },
});

export const searchResources = operation({
  ...authzen,
  method: 'POST',
  path: '/access/v1/search/resource',
  summary: 'On what may they?',
  description: 'The features in which this member may do this action.',
  body: openObject({
    subject: Subject,
    action: Action,
    resource: openObject({ type: ResourceType }),
    context: Type.Optional(Context),
    page: Type.Optional(Page),
  }),
  reply: {
    status: 200,
    body: strictObject({ page: PageEnd, results: Type.Array(strictObject({ type: Name, id: Name })) }),
  },
});

export const searchActions = operation({
  ...authzen,
  method: 'POST',
  path: '/access/v1/search/action',
  summary: 'What may they do?',
  description: 'The permissions that this member has in this feature.',
  body: openObject({
    subject: Subject,
    resource: Resource,
    context: Type.Optional(Context),
    page: Type.Optional(Page),
  }),
  reply: {
    status: 200,
    body: strictObject({ page: PageEnd, results: Type.Array(strictObject({ name: Name })) }),
  },
});

export const describeDecisionPoint = operation({
  protocol: 'authzen',
  method: 'GET',
  path: '/.well-known/authzen-configuration',
  access: 'public',
  tag: 'Access',
  summary: 'Where to ask',
  description: 'The metadata of AuthZEN 1.0: the address of each endpoint.',
  reply: {
    status: 200,
    body: strictObject({
      policy_decision_point: Type.String(),
      access_evaluation_endpoint: Type.String(),
      access_evaluations_endpoint: Type.String(),
      search_subject_endpoint: Type.String(),
      search_resource_endpoint: Type.String(),
      search_action_endpoint: Type.String(),
    }),
  },
  problems: [],
});

const AccessState = strictObject(
  {
    id: Id,
    email: Type.String(),
    external_id: Type.Optional(Type.String()),
    active: Type.Boolean({ description: 'false: no longer a member, hold nothing for them.' }),
    owner: Type.Boolean(),
    all_features_access: Type.Boolean(),
    permissions: Type.String({ description: 'What was granted, as a bitset in base64url; whatever the plan masks.' }),
    suspended: Type.Boolean(),
    access_expires_at: Type.Union([Time, Type.Null()]),
  },
  { description: 'One member as far as access goes.' },
);
const VocabularyName = Type.String({ description: 'The fingerprint of the vocabulary the bits belong to.' });
const PlanBits = Type.String({ description: 'The permissions that the plan does not mask, as a bitset in base64url.' });
const Epoch = Type.String({
  description: 'Another one after the database was restarted or replaced: begin anew, since commits may be gone.',
});
const RevisionNumber = Type.Integer({ minimum: 0 });
const Age = Type.Number({ minimum: 0, description: 'How many milliseconds old the node’s knowledge was at most.' });

export const getAccessSnapshot = operation({
  method: 'GET',
  path: '/access/snapshot',
  access: 'access_checks',
  tag: 'Access',
  summary: 'Everybody’s access',
  description:
    'For a replica: the grants of every active member, one JSON object a line: `head` first, then a `member` each, `end` last. It is complete from the changes after `head.revision` on.',
  reply: {
    status: 200,
    stream: 'application/x-ndjson',
    body: strictObject({
      head: Type.Optional(
        strictObject({
          organization_id: Id,
          revision: RevisionNumber,
          epoch: Epoch,
          vocabulary: VocabularyName,
          plan: PlanBits,
          now: Type.Number({ description: 'The database’s clock, in milliseconds since 1970.' }),
        }),
      ),
      member: Type.Optional(AccessState),
      end: Type.Optional(strictObject({ members: Type.Integer() })),
    }),
  },
  problems: ['permission_denied'],
});

export const followAccessChanges = operation({
  method: 'GET',
  path: '/access/changes',
  access: 'access_checks',
  tag: 'Access',
  summary: 'Changes of access as they happen',
  description:
    'For a replica: server-sent events, each with its revision as `id`, the members that changed as they are now, and the plan’s bits where those changed. Resumes after `after` (or Last-Event-ID); `reset` says that it cannot, and that a new snapshot is due. Ends when the key that follows has changed, and now and then anyway: follow again from the last revision.',
  query: strictObject({
    after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'The last revision that was seen.' })),
  }),
  reply: {
    status: 200,
    stream: 'text/event-stream',
    body: strictObject({
      revision: RevisionNumber,
      vocabulary: VocabularyName,
      members: Type.Array(AccessState),
      former_external_ids: Type.Array(Type.String(), {
        description: 'External ids that no longer name who they named; forget them before anything else.',
      }),
      plan: Type.Optional(PlanBits),
    }),
  },
  problems: ['invalid_parameter', 'too_many_requests'],
});

export const getAccessRevision = operation({
  method: 'GET',
  path: '/access/revision',
  access: 'access_checks',
  tag: 'Access',
  summary: 'The newest revision',
  description:
    'What a replica asks to know how current it is: whoever has seen this revision was current at the moment of asking, less `age_ms`.',
  reply: {
    status: 200,
    body: strictObject({
      revision: RevisionNumber,
      age_ms: Age,
      epoch: Epoch,
      vocabulary: VocabularyName,
      now: Type.Number({ description: 'The database’s clock, in milliseconds since 1970.' }),
    }),
  },
  problems: [],
});

export const getAccessVocabulary = operation({
  method: 'GET',
  path: '/access/vocabulary',
  access: 'public',
  tag: 'Access',
  summary: 'What the bits mean',
  description: 'Features, permissions and aliases with their bits, for replicas and for verifying tokens.',
  reply: {
    status: 200,
    body: strictObject({
      fingerprint: Type.String(),
      resource_type: Type.String(),
      permissions: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer())),
      aliases: Type.Record(Type.String(), Type.Record(Type.String(), Type.Array(Type.Integer()))),
    }),
  },
  problems: [],
});

export const issueAccessToken = operation({
  method: 'POST',
  path: '/access/token',
  access: 'access_checks',
  tag: 'Access',
  summary: 'A member’s access as a signed token',
  description:
    'A short-lived JWT (ES256) that says what an active member may do, for checking without asking. It cannot be taken back before it expires: keep `ttl` as short as your product bears.',
  body: strictObject({
    member: Type.String({ minLength: 1, maxLength: 400, description: 'E-mail address, id or external id.' }),
    audience: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Who is to accept the token; verifiers insist on it.',
    }),
    ttl: Type.Optional(Type.Integer({ minimum: 5, maximum: 900, description: 'Seconds; 60 where absent.' })),
  }),
  reply: {
    status: 201,
    body: strictObject({ token: Type.String(), expires_at: Time, revision: RevisionNumber }),
  },
  problems: ['document_not_found', 'invalid_parameter', 'duplicate_request'],
  secret: true,
});

export const getSigningKeys = operation({
  method: 'GET',
  path: '/access/jwks',
  access: 'public',
  tag: 'Access',
  summary: 'The keys that tokens are signed with',
  description: 'A JSON Web Key Set: the key in use, the one before and the next, by `kid`.',
  reply: {
    status: 200,
    body: strictObject({
      keys: Type.Array(
        strictObject({
          kty: Type.String(),
          crv: Type.String(),
          x: Type.String(),
          y: Type.String(),
          kid: Type.String(),
          alg: Type.String(),
          use: Type.String(),
        }),
      ),
    }),
  },
  problems: [],
});

import Type from 'typebox';
import { Activities, Activity, ActivityFilter, activityFilter } from './activity.ts';
import { Ok, operation, strictObject } from './operation.ts';
import { HeldPrivileges, Id, Locale, Text } from './values.ts';

const Seats = strictObject({ used: Type.Integer(), limit: Type.Union([Type.Integer(), Type.Null()]) });
const RedirectUrl = Type.Union([Type.String({ maxLength: 2000, pattern: '^https?://' }), Type.Null()], {
  description: 'Where people go after joining: https, or http on localhost; null for nowhere.',
});

export const getAccount = operation({
  method: 'GET',
  path: '/account',
  access: 'credential',
  tag: 'Organization',
  summary: 'Whose key is this',
  description: 'The organization, its plan and its seats. Clients probe their key with it.',
  reply: {
    status: 200,
    body: strictObject({
      organization_id: Id,
      companyName: Type.String(),
      email: Type.Union([Type.String(), Type.Null()], { description: 'The member to whom the key belongs.' }),
      plan: Type.Array(strictObject({ type: Type.String(), label: Type.String() })),
      seats: Seats,
      locale: Type.String(),
      redirect_url: Type.Union([Type.String(), Type.Null()]),
      access_revision: Type.Integer(),
    }),
  },
  problems: [],
});

export const updateOrganization = operation({
  method: 'PUT',
  path: '/organization',
  access: 'everything',
  tag: 'Organization',
  summary: 'Change the organization’s name, language or address',
  description: 'What is not named stays.',
  body: strictObject({
    name: Type.Optional(Text(200, 'As people read it in mails and on the join page.')),
    locale: Type.Optional(Locale),
    redirect_url: Type.Optional(RedirectUrl),
  }),
  reply: {
    status: 200,
    body: strictObject({
      status: Ok,
      name: Type.String(),
      locale: Type.String(),
      redirect_url: Type.Union([Type.String(), Type.Null()]),
    }),
  },
  problems: ['invalid_parameter', 'missing_parameter'],
  audit: 'organization.updated',
});

export const listFeatures = operation({
  method: 'GET',
  path: '/organization/features',
  access: 'credential',
  tag: 'Organization',
  summary: 'The catalogue',
  description: 'Every feature and permission with its label, and whether the organization’s plan has it.',
  query: strictObject({ locale: Type.Optional(Locale) }),
  reply: {
    status: 200,
    body: strictObject({
      catalogue: strictObject({ name: Type.String(), fingerprint: Type.String() }),
      plan: strictObject({
        name: Type.String(),
        label: Type.String(),
        seats: Type.Union([Type.Integer(), Type.Null()]),
      }),
      administration: strictObject(
        {
          members: Type.String(),
          api_keys: Type.String(),
          activities: Type.String(),
          access_checks: Type.String(),
        },
        { description: 'The permissions that administer Latchkey itself, as `feature:permission`.' },
      ),
      areas: Type.Array(strictObject({ area: Type.String(), label: Type.String() })),
      features: Type.Array(
        strictObject({
          feature: Type.String(),
          label: Type.String(),
          area: Type.Union([Type.String(), Type.Null()]),
          deprecated: Type.Boolean(),
          permissions: Type.Array(
            strictObject({ permission: Type.String(), label: Type.String(), in_plan: Type.Boolean() }),
          ),
        }),
      ),
      aliases: Type.Record(Type.String(), HeldPrivileges, {
        description: 'Other names that are accepted, and what they stand for.',
      }),
    }),
  },
  problems: ['invalid_parameter'],
});

export const listActivities = operation({
  method: 'GET',
  path: '/organization/activities',
  access: 'activities',
  tag: 'Organization',
  summary: 'The audit log',
  description: 'Newest first: who did what to whom, when, from where. Refused attempts stand in it too.',
  query: ActivityFilter,
  reply: { status: 200, body: Activities },
  problems: ['invalid_parameter', 'out_of_range'],
});

export const exportActivities = operation({
  method: 'GET',
  path: '/organization/activities/export',
  access: 'activities',
  tag: 'Organization',
  summary: 'The audit log as a file',
  description:
    'All that the filter leaves, newest first, streamed. `csv` (RFC 4180, UTF-8, CRLF) begins with a row of column names, and a cell that a spreadsheet would take for a formula begins with an apostrophe; `ndjson` has one object a line, as `listActivities` answers them. A connection that is cut before its end means that the file is not whole.',
  query: strictObject({
    format: Type.Optional(Type.Enum(['csv', 'ndjson'], { description: '`csv` where absent.' })),
    ...activityFilter,
  }),
  reply: { status: 200, body: Activity, stream: ['text/csv', 'application/x-ndjson'] },
  problems: ['invalid_parameter'],
});

import Type from 'typebox';
import { Activities, ActivityFilter } from './activity.ts';
import { Ok, operation, strictObject } from './operation.ts';
import { Email, Id, IdOf, Locale, Text } from './values.ts';

const PlanName = Type.String({ maxLength: 100, examples: ['professional'], description: 'A plan of the catalogue.' });
const Seats = Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000_000 }), Type.Null()], {
  description: 'Overrides the plan’s number of seats; null for the plan’s own.',
});

export const createSubAccount = operation({
  method: 'POST',
  path: '/corporate/subAccount',
  access: 'partner',
  tag: 'Partner',
  summary: 'Create an organization',
  description:
    'Its owner is invited by e-mail. Until somebody is its active owner, the partner holds ownership in trust.',
  body: strictObject({
    companyName: Text(200, 'The organization’s name.'),
    email: Email,
    plan: Type.Optional(PlanName),
    seats: Type.Optional(Seats),
    locale: Type.Optional(Locale),
  }),
  reply: { status: 201, body: strictObject({ id: Id }) },
  problems: ['invalid_parameter', 'missing_parameter', 'duplicate_request'],
  audit: 'organization.created',
});

export const createSubAccountKey = operation({
  method: 'POST',
  path: '/corporate/subAccount/key',
  access: 'partner',
  tag: 'Partner',
  summary: 'Make an api key for an organization',
  description: 'It holds all features of that organization and stands by itself.',
  body: strictObject({ id: IdOf('the organization'), name: Text(100, 'What the key is for.') }),
  reply: { status: 201, body: strictObject({ key: Type.String(), status: Type.Literal('success'), id: Id }) },
  problems: ['invalid_parameter', 'missing_parameter', 'duplicate_request'],
  audit: 'api_key.created',
  secret: true,
});

export const changeSubAccountPlan = operation({
  method: 'PUT',
  path: '/corporate/subAccount/{id}/plan',
  access: 'partner',
  tag: 'Partner',
  summary: 'Change an organization’s plan',
  description:
    'A smaller plan masks what it lacks and deletes nothing; members beyond its seats stay, and nobody joins until there is room.',
  params: strictObject({ id: IdOf('the organization') }),
  body: strictObject({ plan: PlanName, seats: Type.Optional(Seats) }),
  reply: {
    status: 200,
    body: strictObject({ status: Ok, plan: Type.String(), seats: Type.Union([Type.Integer(), Type.Null()]) }),
  },
  problems: ['invalid_parameter', 'missing_parameter'],
  audit: 'plan.changed',
});

export const listPartnerActivities = operation({
  method: 'GET',
  path: '/corporate/activities',
  access: 'partner',
  tag: 'Partner',
  summary: 'The partner’s audit log',
  description:
    'What was done with the partner’s own things, newest first: keys, organizations made, their keys and plans. What happens inside an organization stands in its own log.',
  query: ActivityFilter,
  reply: { status: 200, body: Activities },
  problems: ['invalid_parameter', 'out_of_range'],
});

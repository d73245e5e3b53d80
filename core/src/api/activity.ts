import Type from 'typebox';
import { auditActions } from '../audit-event.ts';
import { strictObject } from './operation.ts';
import { Cursor, Email, Id, Limit, Time } from './values.ts';

/** What an audit log can be asked for. */
export const activityFilter = {
  startDate: Type.Optional(
    Type.String({ maxLength: 40, description: 'From this day (YYYY-MM-DD, UTC) or moment on.' }),
  ),
  endDate: Type.Optional(
    Type.String({ maxLength: 40, description: 'Up to and including this day, or before this moment.' }),
  ),
  email: Type.Optional(Email),
  actor: Type.Optional(
    Type.String({
      maxLength: 400,
      examples: ['mei@example.com'],
      description:
        'Only what this one did: the id of a member or a key, as `actor.id` has it, or the address of a member, whose keys are they too.',
    }),
  ),
  action: Type.Optional(Type.Enum([...auditActions], { description: 'Only this action.' })),
  outcome: Type.Optional(
    Type.Enum(['done', 'refused'], { description: 'Only what was done, or only attempts that were refused.' }),
  ),
};

/** The same, page by page. */
export const ActivityFilter = strictObject({
  ...activityFilter,
  limit: Type.Optional(Limit(100)),
  offset: Type.Optional(
    Type.String({ pattern: '^(0|[1-9][0-9]{0,4})$', description: 'Rows to skip; a cursor is faster.' }),
  ),
  cursor: Type.Optional(Cursor),
});

const Party = strictObject({
  kind: Type.String(),
  id: Type.Union([Id, Type.Null()]),
  name: Type.Union([Type.String(), Type.Null()]),
});

export const Activity = strictObject({
  id: Id,
  action: Type.String(),
  outcome: Type.Enum(['done', 'refused']),
  date: Time,
  actor: Party,
  target: Party,
  user_email: Type.Union([Type.String(), Type.Null()], { description: 'The person it was done to.' }),
  user_ip: Type.Union([Type.String(), Type.Null()]),
  user_agent: Type.Union([Type.String(), Type.Null()]),
  request_id: Type.Union([Type.String(), Type.Null()]),
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type Activity = Type.Static<typeof Activity>;

/** A page of an audit log, as clients type it. */
export const Activities = strictObject({
  logs: Type.Array(Activity),
  cursor: Type.Optional(Type.String()),
});

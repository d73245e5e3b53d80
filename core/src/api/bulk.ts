import Type from 'typebox';
import { operation, strictObject } from './operation.ts';
import { AllFeaturesAccess, Email, Id, Locale, Privileges, RowProblem } from './values.ts';

const Emails = Type.Array(Email, {
  minItems: 1,
  maxItems: 100,
  description: 'One row each. An address that stands there twice, however it is written, counts the first time.',
});
const DryRun = Type.Boolean({
  description: 'true: answers what would happen, by doing it and taking it back; nothing is changed, sent or recorded.',
});
const Count = Type.Integer({ minimum: 0 });

const rowsInWords =
  'Each row is judged by itself and answered by itself, in the order of the request: a row that is refused says why, and takes no other with it. What is wrong with all of them fails the request before any. Either there is an answer for every row, or nothing was done.';

export const inviteMembers = operation({
  method: 'POST',
  path: '/organization/user/invitation/send/bulk',
  access: 'members',
  tag: 'Invitations',
  summary: 'Invite many people alike',
  description: `Each row is what \`inviteMember\` would have done and answered. ${rowsInWords} Repeating it is safe: whoever is invited already is \`unchanged\`, and gets no second mail.`,
  body: strictObject({
    emails: Emails,
    all_features_access: AllFeaturesAccess,
    privileges: Type.Optional(Privileges),
    locale: Type.Optional(Locale),
    dry_run: Type.Optional(DryRun),
  }),
  reply: {
    status: 200,
    body: strictObject({
      dry_run: Type.Boolean(),
      invited: Count,
      unchanged: Count,
      refused: Count,
      results: Type.Array(
        strictObject({
          email: Type.String({ description: 'As it was sent.' }),
          outcome: Type.Enum(['invited', 'unchanged', 'refused']),
          id: Type.Optional(Id),
          error: Type.Optional(RowProblem),
        }),
      ),
    }),
  },
  problems: ['invalid_parameter', 'missing_parameter', 'duplicate_request'],
  audit: 'member.invited',
  inTurn: true,
});

export const changeMembers = operation({
  method: 'POST',
  path: '/organization/users/bulk',
  access: 'members',
  tag: 'Members',
  summary: 'Resend to, cancel, revoke or change many members alike',
  description: `Each row is what the operation for one member would have done and answered: \`resend\`, \`cancel\`, \`revoke\`, or \`update\`, which merges as \`updateMemberPermissions\` does and alone takes \`all_features_access\` and \`privileges\`. ${rowsInWords} Repeating it is safe, as it is for one.`,
  body: strictObject({
    emails: Emails,
    action: Type.Enum(['resend', 'cancel', 'revoke', 'update'], { description: 'What is done to each.' }),
    all_features_access: Type.Optional(AllFeaturesAccess),
    privileges: Type.Optional(Privileges),
    dry_run: Type.Optional(DryRun),
  }),
  reply: {
    status: 200,
    body: strictObject({
      dry_run: Type.Boolean(),
      done: Count,
      unchanged: Count,
      refused: Count,
      results: Type.Array(
        strictObject({
          email: Type.String({ description: 'As it was sent.' }),
          outcome: Type.Enum(['done', 'unchanged', 'refused']),
          gains: Type.Optional(
            Type.Array(Type.String(), {
              description:
                'Of an `update`: the permissions that the member has afterwards and had not before, and `all_features_access` likewise.',
            }),
          ),
          loses: Type.Optional(Type.Array(Type.String(), { description: 'Likewise what they had before.' })),
          error: Type.Optional(RowProblem),
        }),
      ),
    }),
  },
  problems: ['invalid_parameter', 'missing_parameter', 'duplicate_request'],
  audit: ['invitation.resent', 'invitation.cancelled', 'member.revoked', 'member.updated'],
  inTurn: true,
});

import Type from 'typebox';
import { MemberStatus } from '../member.ts';
import { Privilege } from '../privilege.ts';
import { type ProblemCode, problemCodes } from '../problem.ts';
import { strictObject } from './operation.ts';

export const Email = Type.String({
  maxLength: 400,
  examples: ['jane+ops@example.com'],
  description: 'An e-mail address. Case and Unicode form do not matter; `+` stays.',
});
const idForm = {
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  examples: ['0198c0de-0000-7000-8000-000000000001'],
};
export const Id = Type.String(idForm);
export const IdOf = (whose: string) => Type.String({ ...idForm, description: `The id of ${whose}.` });
export const Time = Type.String({ format: 'date-time', maxLength: 40, examples: ['2026-11-21T09:30:00.000Z'] });
export const Locale = Type.String({
  pattern: '^[a-z]{2,3}([_-][A-Za-z0-9]{2,8})*$',
  maxLength: 20,
  examples: ['fr_FR'],
  description: 'A language, with a region or without one.',
});
/** A text that people wrote: no control characters, which neither mails nor logs carry well. */
export const Text = (maxLength: number, description: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern:
      '^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$',
    description,
  });

export const ExternalId = Text(
  200,
  'The product’s own id for this person: exact, and held by one member of the organization at a time. Never an e-mail address: it has no `@`.',
);

export const AllFeaturesAccess = Type.Boolean({
  description:
    'true: every permission, now and later. Privileges then add nothing, though names in them are still checked.',
});
export const Privileges = Type.Array(Privilege, {
  maxItems: 200,
  description: 'Features with the permissions given in them. GET /organization/features lists both.',
});
/** Privileges as we answer them: both parts always there. */
export const HeldPrivileges = Type.Array(
  strictObject({ feature: Type.String(), permissions: Type.Array(Type.String()) }),
);
export const EchoedPrivileges = Type.Array(
  strictObject({ feature: Type.Optional(Type.String()), permissions: Type.Optional(Type.Array(Type.String())) }),
  {
    description: 'As they were sent, for the clients that type this reply as the request.',
  },
);
export const AreaAccess = Type.Enum(['owner', 'full', 'custom', 'none']);
export const FeatureAccess = Type.Enum(['owner', 'full', 'custom']);
export { MemberStatus };

export const Limit = (maximum: number) =>
  Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: `1 to ${maximum}.`, examples: ['100'] });
export const Cursor = Type.String({
  minLength: 1,
  maxLength: 1000,
  pattern: '^[A-Za-z0-9_-]+$',
  description: 'The `cursor` of the page before.',
});
export const Revision = Type.Integer({
  minimum: 0,
  description: 'The count of access changes in the organization after this one.',
});

/** Why one row of many was refused: the error that a request for it alone would have got. */
export const RowProblem = strictObject({
  code: Type.Enum(Object.keys(problemCodes) as ProblemCode[]),
  message: Type.String(),
  details: Type.Optional(
    Type.Array(
      strictObject({
        path: Type.String(),
        reason: Type.String(),
        message: Type.String(),
        suggestion: Type.Optional(Type.String()),
      }),
    ),
  ),
});

export const Access = strictObject(
  {
    owner: Type.Boolean(),
    all_features_access: Type.Boolean(),
    features: Type.Array(
      strictObject({
        feature: Type.String(),
        label: Type.String(),
        permissions: Type.Array(strictObject({ permission: Type.String(), label: Type.String() })),
      }),
    ),
  },
  { description: 'What is given, in words of the invitation’s language.' },
);

export const AllowedIps = Type.Array(Type.String({ maxLength: 50, examples: ['203.0.113.0/24'] }), {
  maxItems: 100,
  description: 'Addresses and CIDR ranges, v4 or v6, from which the key may be used; empty for anywhere.',
});

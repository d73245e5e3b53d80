import Type from 'typebox';
import { Ok, operation, strictObject } from './operation.ts';
import { Email } from './values.ts';

const reply = { status: 200, body: strictObject({ status: Ok, email: Type.String() }) } as const;

export const giveOwnership = operation({
  method: 'POST',
  path: '/organization/ownership/give',
  access: 'ownership',
  freshSignIn: true,
  tag: 'Ownership',
  summary: 'Make an active member an owner',
  description: 'An organization may have several owners. Giving ownership does not give up one’s own.',
  body: strictObject({ email: Email }),
  reply,
  problems: ['invalid_parameter', 'missing_parameter', 'document_not_found', 'duplicate_request'],
  audit: 'ownership.given',
});

export const stepDown = operation({
  method: 'POST',
  path: '/organization/ownership/step-down',
  access: 'self',
  tag: 'Ownership',
  summary: 'Give up ownership and stay a member',
  description:
    'The owner to whom the key belongs becomes an ordinary member with the permissions they were given. Refused for the last active owner.',
  reply,
  problems: ['invalid_parameter', 'duplicate_request'],
  audit: 'ownership.stepped_down',
});

export const leaveOrganization = operation({
  method: 'POST',
  path: '/organization/leave',
  access: 'self',
  tag: 'Ownership',
  summary: 'Leave the organization',
  description:
    'The member to whom the key belongs leaves. Refused for the last active owner. Keys bound to the member hold nothing from then on; keys made by an owner go on until deleted.',
  reply,
  problems: ['duplicate_request'],
  audit: 'member.left',
});

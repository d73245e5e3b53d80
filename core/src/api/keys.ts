import Type from 'typebox';
import { Ok, operation, strictObject } from './operation.ts';
import { AllFeaturesAccess, AllowedIps, HeldPrivileges, Id, IdOf, Privileges, Text, Time } from './values.ts';

const params = strictObject({ id: IdOf('the key') });
const Name = Text(100, 'What the key is for, as people will read it in the list and the audit log.');
const ExpiresAt = Type.Union([Time, Type.Null()], { description: 'From then on the key is refused; null for never.' });
const Overlap = Type.Integer({
  minimum: 0,
  maximum: 604800,
  description: 'Seconds for which the old secret stays valid beside the new one; at most a week. 86400 where absent.',
});
const Secret = Type.String({ description: 'The key itself, shown this once.' });

const keyFields = {
  id: Id,
  name: Type.String(),
  hint: Type.String({ description: 'The last characters of the key, to tell keys apart.' }),
  expires_at: Type.Union([Time, Type.Null()]),
  allowed_ips: Type.Array(Type.String()),
  created_at: Time,
  last_used_at: Type.Union([Time, Type.Null()], { description: 'Noted within a minute of the use.' }),
};

const ApiKey = strictObject({
  ...keyFields,
  all_features_access: Type.Boolean(),
  privileges: HeldPrivileges,
  member: Type.Union([strictObject({ id: Id, email: Type.String() }), Type.Null()], {
    description: 'To whom the key belongs; null for a partner’s.',
  }),
  bound: Type.Boolean({
    description:
      'true: it acts within what its member holds now. false: made or adopted by an owner or a partner, it stands by itself.',
  }),
});

export const listApiKeys = operation({
  method: 'GET',
  path: '/organization/api-keys',
  access: 'api_keys',
  tag: 'API keys',
  summary: 'List the api keys',
  description: 'Never the keys themselves.',
  reply: { status: 200, body: strictObject({ api_keys: Type.Array(ApiKey) }) },
  problems: [],
});

export const createApiKey = operation({
  method: 'POST',
  path: '/organization/api-keys',
  access: 'api_keys',
  freshSignIn: true,
  tag: 'API keys',
  summary: 'Make an api key',
  description: 'With privileges of its own, at most those of the key that makes it, and belonging to the same member.',
  body: strictObject({
    name: Name,
    all_features_access: AllFeaturesAccess,
    privileges: Type.Optional(Privileges),
    expires_at: Type.Optional(ExpiresAt),
    allowed_ips: Type.Optional(AllowedIps),
  }),
  reply: {
    status: 201,
    body: strictObject({ id: Id, key: Secret, name: Type.String(), expires_at: Type.Union([Time, Type.Null()]) }),
  },
  problems: ['invalid_parameter', 'missing_parameter', 'duplicate_request'],
  audit: 'api_key.created',
  secret: true,
});

export const rotateApiKey = operation({
  method: 'POST',
  path: '/organization/api-keys/{id}/rotate',
  access: 'api_keys',
  freshSignIn: true,
  tag: 'API keys',
  summary: 'Give an api key a new secret',
  description:
    'The key keeps its identity and all that hangs on it; the old secret stays valid for the overlap, then dies.',
  params,
  body: strictObject({ overlap_seconds: Type.Optional(Overlap) }),
  reply: { status: 200, body: strictObject({ id: Id, key: Secret, old_key_valid_until: Time }) },
  problems: ['invalid_parameter', 'out_of_range', 'document_not_found', 'duplicate_request'],
  audit: 'api_key.rotated',
  secret: true,
});

export const adoptApiKey = operation({
  method: 'POST',
  path: '/organization/api-keys/{id}/adopt',
  access: 'ownership',
  freshSignIn: true,
  tag: 'API keys',
  summary: 'Take over an api key',
  description: 'The key belongs to the owner from then on and stands by itself: for keys whose member has left.',
  params,
  reply: { status: 200, body: strictObject({ status: Ok, id: Id }) },
  problems: ['invalid_parameter', 'document_not_found', 'duplicate_request'],
  audit: 'api_key.adopted',
});

export const deleteApiKey = operation({
  method: 'DELETE',
  path: '/organization/api-keys/{id}',
  access: 'api_keys',
  tag: 'API keys',
  summary: 'Delete an api key',
  description: 'It is refused from the next request on.',
  params,
  reply: { status: 200, body: strictObject({ status: Ok, id: Id }) },
  problems: ['invalid_parameter', 'document_not_found'],
  audit: 'api_key.deleted',
});

export const listPartnerKeys = operation({
  method: 'GET',
  path: '/corporate/partner-keys',
  access: 'partner',
  tag: 'Partner',
  summary: 'List the partner keys',
  description: 'Those of the partner who asks. Never the keys themselves.',
  reply: { status: 200, body: strictObject({ partner_keys: Type.Array(strictObject(keyFields)) }) },
  problems: [],
});

export const createPartnerKey = operation({
  method: 'POST',
  path: '/corporate/partner-keys',
  access: 'partner',
  tag: 'Partner',
  summary: 'Make another partner key',
  description: 'For the same partner.',
  body: strictObject({ name: Name, expires_at: Type.Optional(ExpiresAt), allowed_ips: Type.Optional(AllowedIps) }),
  reply: {
    status: 201,
    body: strictObject({ id: Id, key: Secret, name: Type.String(), expires_at: Type.Union([Time, Type.Null()]) }),
  },
  problems: ['invalid_parameter', 'missing_parameter', 'duplicate_request'],
  audit: 'partner_key.created',
  secret: true,
});

export const rotatePartnerKey = operation({
  method: 'POST',
  path: '/corporate/partner-keys/{id}/rotate',
  access: 'partner',
  tag: 'Partner',
  summary: 'Give a partner key a new secret',
  description: 'The old secret stays valid for the overlap, then dies.',
  params,
  body: strictObject({ overlap_seconds: Type.Optional(Overlap) }),
  reply: { status: 200, body: strictObject({ id: Id, key: Secret, old_key_valid_until: Time }) },
  problems: ['invalid_parameter', 'out_of_range', 'document_not_found', 'duplicate_request'],
  audit: 'partner_key.rotated',
  secret: true,
});

export const deletePartnerKey = operation({
  method: 'DELETE',
  path: '/corporate/partner-keys/{id}',
  access: 'partner',
  tag: 'Partner',
  summary: 'Delete a partner key',
  description: 'Refused for the key that asks, so that a partner cannot lock themselves out.',
  params,
  reply: { status: 200, body: strictObject({ status: Ok, id: Id }) },
  problems: ['invalid_parameter', 'document_not_found'],
  audit: 'partner_key.deleted',
});

import type { TSchema } from 'typebox';
import { MemberStatus } from '../member.ts';
import { Privilege } from '../privilege.ts';
import { api, type OperationName } from './index.ts';
import type { Operation } from './operation.ts';
import { Access, AreaAccess, EchoedPrivileges, HeldPrivileges } from './values.ts';

/** What of a JSON Schema is looked at here. */
export interface Schema {
  [keyword: string]: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

/**
 * Shapes that have a name wherever they stand, so that generated clients have it too. The inner ones first would do as well:
 * a shape is known by what it means, not by where it was declared.
 */
export const namedSchemas: Readonly<Record<string, Schema>> = {
  ...nouns(),
  ...bodies(),
};

function nouns(): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries({
      MemberStatus,
      AreaAccess,
      Privilege,
      HeldPrivilege: part(HeldPrivileges, 'items'),
      EchoedPrivilege: part(EchoedPrivileges, 'items'),
      ListedMember: ofReply('listMembers', 'properties', 'users', 'items'),
      BulkInvitation: ofReply('inviteMembers', 'properties', 'results', 'items'),
      BulkChange: ofReply('changeMembers', 'properties', 'results', 'items'),
      OwnMember: ofReply('getMe', 'properties', 'member', 'anyOf', '0'),
      OrganizationReference: ofReply('getMe', 'properties', 'organization'),
      Delivery: ofReply('listDeliveries', 'properties', 'deliveries', 'items'),
      AccessInWords: Access,
      ApiKey: ofReply('listApiKeys', 'properties', 'api_keys', 'items'),
      PartnerKey: ofReply('listPartnerKeys', 'properties', 'partner_keys', 'items'),
      Activity: ofReply('listActivities', 'properties', 'logs', 'items'),
      ActivityParty: ofReply('listActivities', 'properties', 'logs', 'items', 'properties', 'actor'),
      Seats: ofReply('getAccount', 'properties', 'seats'),
      Feature: ofReply('listFeatures', 'properties', 'features', 'items'),
      FeaturePermission: ofReply(
        'listFeatures',
        'properties',
        'features',
        'items',
        'properties',
        'permissions',
        'items',
      ),
      Subject: ofBody('evaluate', 'properties', 'subject'),
      Action: ofBody('evaluate', 'properties', 'action'),
      Resource: ofBody('evaluate', 'properties', 'resource'),
      SubjectType: ofBody('searchSubjects', 'properties', 'subject'),
      ResourceType: ofBody('searchResources', 'properties', 'resource'),
      EvaluationItem: ofBody('evaluateMany', 'properties', 'evaluations', 'items'),
      Decision: ofReply('evaluate'),
      DecisionContext: ofReply('evaluate', 'properties', 'context'),
      SearchPage: ofBody('searchSubjects', 'properties', 'page'),
      SearchPageEnd: ofReply('searchSubjects', 'properties', 'page'),
      AccessState: ofReply('followAccessChanges', 'properties', 'members', 'items'),
      SigningKey: ofReply('getSigningKeys', 'properties', 'keys', 'items'),
      Session: ofReply('listSessions', 'properties', 'sessions', 'items'),
      Membership: ofReply('getSession', 'properties', 'organizations', 'items'),
      Passkey: ofReply('listPasskeys', 'properties', 'passkeys', 'items'),
      Ok: ofReply('signOut'),
      OkWithEmail: ofReply('revokeMember'),
      OkWithId: ofReply('deleteApiKey'),
      NewKey: ofReply('createApiKey'),
      RotateKeyBody: ofBody('rotateApiKey'),
      RotatedKey: ofReply('rotateApiKey'),
      ActivityPage: ofReply('listActivities'),
      SearchResults: ofReply('searchSubjects'),
      SignedIn: ofReply('signIn'),
      ByEmail: ofBody('giveOwnership'),
    } as Record<string, Schema | TSchema>),
  ) as Record<string, Schema>;
}

/** Each body and each reply that does not have a name already. Where several are the same, it is called after the first. */
function bodies(): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries<Operation>(api).flatMap(([name, { body, reply }]) => [
      ...(body ? [[`${capitalized(name)}Body`, body]] : []),
      [`${capitalized(name)}Reply`, reply.body],
    ]),
  ) as Record<string, Schema>;
}

function ofReply(name: OperationName, ...path: string[]): Schema {
  return part(api[name].reply.body, ...path);
}

function ofBody(name: OperationName, ...path: string[]): Schema {
  return part((api[name] as Operation).body ?? {}, ...path);
}

/** @throws Error where a shape has moved, so that its name does not get lost in silence */
function part(schema: object, ...path: string[]): Schema {
  // biome-ignore lint/suspicious/noExplicitAny: a walk along names
  const found = path.reduce((at: any, name) => at?.[name], schema);
  if (!found) throw new Error(`nothing stands at ${path.join('.')} any more: look at core/src/api/named-schemas.ts`);
  return found as Schema;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

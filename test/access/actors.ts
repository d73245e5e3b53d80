import { deleteApiKeyRow } from '../../server/src/store/keys.ts';
import { removeMember } from '../../server/src/store/members.ts';
import { type Client, client } from '../client.ts';
import { makePartner, type Stage, setStage } from './stage.ts';

/** Whoever may stand before the door. Each is made anew on the stage for one request. */
export interface Actor {
  /** The column's head in the golden table. */
  column: string;
  who: string;
  /** Belongs to another organization or partner: nothing they do may touch the stage. */
  foreign?: true;
  make(stage: Stage): Promise<Client>;
}

export const administrators = [
  'user_management:all',
  'smtp_api:api_keys',
  'contacts:view',
  'contacts:export',
  'templates:create_edit_delete',
] as const;

export const actors: readonly Actor[] = [
  {
    column: 'owner',
    who: 'Ada, an owner; her key holds everything and stands by itself',
    make: async (stage) => stage.ada.client,
  },
  {
    column: 'administrator',
    who: 'Mei, whose bound key gives her user management, api keys and some more',
    make: async (stage) => (await stage.member('mei', { permissions: administrators })).client,
  },
  {
    column: 'everything',
    who: 'Ravi, a member with all_features_access who is no owner; his key is bound',
    make: async (stage) => (await stage.member('ravi', { all: true })).client,
  },
  {
    column: 'weaker',
    who: 'Tomás, who holds user_management:all and nothing else',
    make: async (stage) => (await stage.member('tomas', { permissions: ['user_management:all'] })).client,
  },
  {
    column: 'no rights',
    who: 'Lucy, who may only view contacts',
    make: async (stage) => (await stage.member('lucy', { permissions: ['contacts:view'] })).client,
  },
  {
    column: 'stranger',
    who: 'Olga, an owner of another organization',
    foreign: true,
    make: async (stage) => (await setStage(stage.world)).ada.client,
  },
  {
    column: 'partner in',
    who: 'the partner who created the organization, with organization-id naming it',
    make: async (stage) => stage.partner.inOrganization(stage.organizationId),
  },
  {
    column: 'partner',
    who: 'the same partner key, naming no organization',
    make: async (stage) => stage.partner.client,
  },
  {
    column: 'partner 2 in',
    who: 'the key of another partner, with organization-id naming this organization',
    foreign: true,
    make: async (stage) => (await makePartner(stage.world)).inOrganization(stage.organizationId),
  },
  {
    column: 'expired',
    who: 'a key of Ada’s that has expired',
    make: (stage) => adasKey(stage, { expiresAt: new Date(Date.now() - 1000) }),
  },
  {
    column: 'wrong IP',
    who: 'a key of Ada’s that may only be used from 203.0.113.0/24',
    make: (stage) => adasKey(stage, { allowedIps: ['203.0.113.0/24'] }),
  },
  {
    column: 'deleted',
    who: 'a key of Ada’s that was deleted',
    async make(stage) {
      const { id, secret } = await stage.key(stage.ada.id, { everything: true });
      await deleteApiKeyRow(stage.world.server.services.db, stage.organizationId, id);
      return client(stage.world.base, { 'api-key': secret });
    },
  },
  {
    column: 'left',
    who: 'Wen’s bound key, made when he held everything; he has left since',
    async make(stage) {
      const wen = await stage.member('wen', { all: true });
      await removeMember(stage.world.server.services.db, stage.organizationId, wen.id, 'left', wen.keyId);
      return wen.client;
    },
  },
  { column: 'anonymous', who: 'somebody without any key', make: async (stage) => stage.world.anonymous },
];

async function adasKey(stage: Stage, shape: { expiresAt?: Date; allowedIps?: string[] }): Promise<Client> {
  const { secret } = await stage.key(stage.ada.id, { everything: true, ...shape });
  return client(stage.world.base, { 'api-key': secret });
}

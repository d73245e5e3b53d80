import { deleteApiKeyRow } from '../../server/src/store/keys.ts';
import { removeMember } from '../../server/src/store/members.ts';
import { type Client, client } from '../client.ts';
import type { Grants } from '../world.ts';
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
  {
    column: 'owner page',
    who: 'Ada, signed in; like all that follow, she names the organization by organization-id',
    make: async (stage) => (await stage.signIn('ada')).client,
  },
  {
    column: 'admin page',
    who: 'Mei, signed in',
    make: (stage) => signedIn(stage, 'mei', { permissions: administrators }),
  },
  {
    column: 'everything page',
    who: 'Ravi, signed in',
    make: (stage) => signedIn(stage, 'ravi', { all: true }),
  },
  {
    column: 'weaker page',
    who: 'Tomás, signed in',
    make: (stage) => signedIn(stage, 'tomas', { permissions: ['user_management:all'] }),
  },
  {
    column: 'no rights page',
    who: 'Lucy, signed in',
    make: (stage) => signedIn(stage, 'lucy', { permissions: ['contacts:view'] }),
  },
  {
    column: 'stranger page',
    who: 'Olga, signed in, naming this organization, where she is nobody',
    foreign: true,
    async make(stage) {
      const elsewhere = await setStage(stage.world);
      return ownPage(stage, (await elsewhere.signIn('ada')).cookie, { 'organization-id': stage.organizationId });
    },
  },
  {
    column: 'nowhere page',
    who: 'Ada, signed in, naming no organization',
    make: async (stage) => ownPage(stage, (await stage.signIn('ada')).cookie),
  },
  {
    column: 'barred page',
    who: 'Sue, who held everything when she signed in, and has been suspended since',
    async make(stage) {
      const page = await signedIn(stage, 'sue', { all: true });
      const { status } = await stage.ada.client.put(`/organization/user/${stage.email('sue')}`, { suspended: true });
      if (status !== 200) throw new Error(`suspending her: ${status}`);
      return page;
    },
  },
  {
    column: 'left page',
    who: 'Wen, who held everything when he signed in, and has left since',
    async make(stage) {
      const wen = await stage.member('wen', { all: true });
      const page = await stage.signIn('wen');
      await removeMember(stage.world.server.services.db, stage.organizationId, wen.id, 'left', wen.id);
      return page.client;
    },
  },
  {
    column: 'ended page',
    who: 'Ada, after she has signed out',
    async make(stage) {
      const page = await stage.signIn('ada');
      await page.client.delete('/session');
      return page.client;
    },
  },
  {
    column: 'no header',
    who: 'Ada’s cookie without the header latchkey-session, as a form of another site would send it',
    make: async (stage) =>
      client(stage.world.base, {
        cookie: (await stage.signIn('ada')).cookie,
        'organization-id': stage.organizationId,
      }),
  },
  {
    column: 'sign-in page',
    who: 'somebody who is not signed in, in a page of ours',
    make: async (stage) => ownPage(stage),
  },
];

/** A request of a page of ours, with a cookie or without. */
const ownPage = ({ world }: Stage, cookie?: string, headers: Record<string, string> = {}): Client =>
  client(world.base, { 'latchkey-session': '1', ...(cookie !== undefined && { cookie }), ...headers });

async function signedIn(stage: Stage, localPart: string, grants: Grants): Promise<Client> {
  await stage.member(localPart, grants);
  return (await stage.signIn(localPart)).client;
}

async function adasKey(stage: Stage, shape: { expiresAt?: Date; allowedIps?: string[] }): Promise<Client> {
  const { secret } = await stage.key(stage.ada.id, { everything: true, ...shape });
  return client(stage.world.base, { 'api-key': secret });
}

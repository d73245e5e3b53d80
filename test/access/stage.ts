import type { PermissionName } from '@latchkey/core/permission.ts';
import { insertApiKey, insertPartner, insertPartnerKey } from '../../server/src/store/keys.ts';
import { insertMember } from '../../server/src/store/members.ts';
import { insertOrganization } from '../../server/src/store/organizations.ts';
import { newSecret } from '../../server/src/usecases/keys/new-secret.ts';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { type Client, client } from '../client.ts';
import { makePasskey, type SoftwarePasskey } from '../sign-in/software-authenticator.ts';
import type { Grants, SignedInPerson, World } from '../world.ts';

/** A fresh organization with two owners, for one request: what the request does to it disturbs no other. */
export interface Stage {
  world: World;
  organizationId: string;
  name: string;
  partner: Partner;
  /** Ada: an owner whose key stands by itself. Grace is an owner beside her, so that Ada may go. */
  ada: Insider;
  grace: Insider;
  /** Makes an active member of this organization with a key. */
  member(localPart: string, grants: Grants, key?: KeyShape): Promise<Insider>;
  /** Makes one more key of a member. */
  key(memberId: string | null, shape?: KeyShape): Promise<{ id: string; secret: string }>;
  /** Invites as Ada; answers with the address and its mailed token. */
  pending(localPart: string, grants?: Grants): Promise<{ email: string; token: string }>;
  /** Writes an invitation to become an owner, as a partner sends one to an organization's first. */
  pendingOwner(localPart: string): Promise<{ email: string; token: string }>;
  /** Signs an active member in: every request of the client names this organization. */
  signIn(localPart: string): Promise<SignedInPerson>;
  /** The token of a link that signs an active member in. */
  signInToken(localPart: string): Promise<string>;
  /** Adds a passkey to an active member, in a session of its own. */
  passkey(localPart: string): Promise<{ id: string; passkey: SoftwarePasskey }>;
  /** What the browser of an active member, in a session of its own, answers to options for a new passkey. */
  newPasskey(localPart: string): Promise<{ page: Client; passkey: SoftwarePasskey }>;
  /** An address as people of this organization have them. */
  email(localPart: string): string;
}

/** A member of the stage with a key of theirs. */
export interface Insider {
  id: string;
  email: string;
  keyId: string;
  secret: string;
  client: Client;
}

export interface KeyShape {
  everything?: boolean;
  permissions?: readonly PermissionName[];
  bound?: boolean;
  expiresAt?: Date;
  allowedIps?: readonly string[];
}

export interface Partner {
  id: string;
  keyId: string;
  secret: string;
  client: Client;
  /** The partner's key, acting in an organization. */
  inOrganization(organizationId: string): Client;
}

let stages = 0;

/** @param partner who created the organization; a partner of its own where none is named */
export async function setStage(world: World, partner?: Partner): Promise<Stage> {
  const { db, newId, catalogue } = world.server.services;
  const by = partner ?? (await makePartner(world));
  const number = ++stages;
  const organizationId = newId();
  const name = `Organization ${String(number).padStart(5, '0')}`;
  await insertOrganization(db, {
    id: organizationId,
    name,
    plan: catalogue.defaultPlan.name,
    seats: null,
    locale: 'en',
    partnerId: by.id,
  });

  const email = (localPart: string): string => `${localPart}@organization-${number}.example`;
  const key: Stage['key'] = async (memberId, shape = {}) => {
    const id = newId();
    const { secret, stored } = newSecret(world.server.services, 'api_key');
    await insertApiKey(
      db,
      {
        organizationId,
        id,
        name: `key ${id}`,
        holdings: { everything: shape.everything ?? false, permissions: new Set(shape.permissions) },
        memberId,
        bound: shape.bound ?? false,
        partnerId: memberId === null ? by.id : null,
        allowedIps: shape.allowedIps ?? [],
        expiresAt: shape.expiresAt ?? null,
      },
      stored,
    );
    return { id, secret };
  };
  const member: Stage['member'] = async (localPart, grants, shape = { everything: true, bound: true }) => {
    const id = newId();
    const holdings = {
      owner: grants.owner ?? false,
      everything: grants.all ?? false,
      permissions: new Set(grants.permissions),
    };
    await insertMember(db, { organizationId, id, email: email(localPart), locale: 'en', holdings, status: 'active' });
    const made = await key(id, shape);
    const credential = client(world.base, { 'api-key': made.secret });
    return { id, email: email(localPart), keyId: made.id, secret: made.secret, client: credential };
  };

  const ada = await member('ada', { owner: true, all: true }, { everything: true });
  const grace = await member('grace', { owner: true, all: true }, { everything: true });
  const pending: Stage['pending'] = async (localPart, grants = {}) => {
    const { all = false, permissions = ['contacts:view'] }: Grants = grants;
    const answer = await ada.client.post('/organization/user/invitation/send', {
      email: email(localPart),
      all_features_access: all,
      ...(!all && { privileges: privilegesOf(permissions) }),
    });
    if (answer.status !== 200) throw new Error(`inviting ${localPart}: ${JSON.stringify(answer.body)}`);
    return { email: email(localPart), token: await world.token(email(localPart), organizationId) };
  };
  const pendingOwner: Stage['pendingOwner'] = async (localPart) => {
    const invited = await pending(localPart, { all: true });
    await world.database.sql('update member set is_owner = true where organization_id = $1 and email = $2', [
      organizationId,
      invited.email,
    ]);
    return invited;
  };
  const newPasskey: Stage['newPasskey'] = async (localPart) => {
    const { client: page } = await world.signIn(email(localPart), organizationId);
    const { options } = (await page.post('/passkeys/options', undefined)).body;
    return { page, passkey: makePasskey(options, world.server.services.signIn.origin) };
  };
  return {
    world,
    organizationId,
    name,
    partner: by,
    ada,
    grace,
    member,
    key,
    pending,
    pendingOwner,
    email,
    newPasskey,
    signIn: (localPart) => world.signIn(email(localPart), organizationId),
    async signInToken(localPart) {
      const url = await makeOperatorLink(world.server.services, email(localPart), organizationId);
      return url.slice(url.indexOf('#') + 1);
    },
    async passkey(localPart) {
      const { page, passkey } = await newPasskey(localPart);
      const added = await page.post('/passkeys', { name: 'Laptop', response: passkey.registration });
      if (added.status !== 201) throw new Error(`adding a passkey: ${JSON.stringify(added.body)}`);
      return { id: added.body.id, passkey };
    },
  };
}

/** A partner with a key and no organizations yet. */
export async function makePartner(world: World): Promise<Partner> {
  const { db, newId } = world.server.services;
  const [id, keyId] = [newId(), newId()];
  const { secret, stored } = newSecret(world.server.services, 'partner_key');
  await insertPartner(db, { id, name: `Partner ${id}` });
  await insertPartnerKey(
    db,
    { partnerId: id, id: keyId, name: 'First partner key', allowedIps: [], expiresAt: null },
    stored,
  );
  return {
    id,
    keyId,
    secret,
    client: client(world.base, { 'partner-key': secret }),
    inOrganization: (organizationId) =>
      client(world.base, { 'partner-key': secret, 'organization-id': organizationId }),
  };
}

/** Permission names as a request writes them. */
export function privilegesOf(permissions: readonly PermissionName[]): { feature: string; permissions: string[] }[] {
  const features = Map.groupBy(permissions, (name) => name.split(':')[0] ?? '');
  return [...features].map(([feature, names]) => ({
    feature,
    permissions: names.map((name) => name.split(':')[1] ?? ''),
  }));
}

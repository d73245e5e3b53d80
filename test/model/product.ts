import { randomBytes } from 'node:crypto';
import { hashKeySecret, keyHint, makeKeySecret } from '@latchkey/core/key-secret.ts';
import { insertApiKey } from '../../server/src/store/keys.ts';
import type { Client, Answer as Reply } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { beginning } from './beginning.ts';
import { cast } from './intents.ts';
import type { Answer, Credential, Offer, Request } from './requests.ts';
import { catalogue, type Link, type State } from './state.ts';
import { byEmail, type Visible } from './visible.ts';

/** One organization of a running server, driven over HTTP as the model's is by function calls. */
export interface Product {
  perform(request: Request): Promise<Answer>;
  look(): Promise<Visible>;
}

const invitations = '/organization/user/invitation';
const label = (text: string) => ({ label: text });

/** A server with the model's catalogue. */
export const startModelWorld = (): Promise<World> =>
  startWorld(
    { DATABASE_POOL: '16' },
    {
      name: 'model',
      areas: {},
      features: Object.fromEntries(
        Object.entries(catalogue.features).map(([feature, permissions]) => [
          feature,
          { label: feature, permissions: Object.fromEntries(permissions.map((name) => [name, label(name)])) },
        ]),
      ),
      plans: {
        full: { label: 'Full', seats: catalogue.plans.full.seats, features: 'all' },
        small: {
          label: 'Small',
          seats: catalogue.plans.small.seats,
          features: { contacts: ['view'], smtp_api: 'all', user_management: 'all' },
        },
      },
      default_plan: 'full',
      administration: {
        members: 'user_management:all',
        api_keys: 'smtp_api:api_keys',
        activities: 'user_management:all',
      },
    },
  );

/** Founds an organization with its cast, and says how the model's state begins. */
export async function found(world: World): Promise<{ product: Product; state: State }> {
  const founded = await world.partner.post('/corporate/subAccount', { companyName: 'Acme', email: cast.founder });
  const organizationId: string = founded.body.id;
  const owner = await world.join(cast.owner, { owner: true, all: true }, organizationId);
  const secondOwner = await world.join(cast.secondOwner, { owner: true }, organizationId);
  const administrator = await world.join(cast.administrator, { all: true }, organizationId);
  const weaker = await world.join(
    cast.weaker,
    { permissions: ['contacts:view', 'deals:view', 'user_management:all'] },
    organizationId,
  );
  const powerless = await world.join(cast.powerless, { permissions: ['contacts:view'] }, organizationId);
  const standing = await standingKey(world, organizationId, owner.id);

  const secrets = new Map([['owner', standing.secret]]);
  const ids = new Map([['owner', standing.id]]);
  for (const [name, person] of Object.entries({ secondOwner, administrator, weaker, powerless })) {
    secrets.set(name, person.secret);
    ids.set(name, person.keyId);
  }
  return { product: productOf(world, organizationId, secrets, ids), state: beginning() };
}

/** The owner's key stands by itself, as the first key of an installation does; the others' act within what they hold. */
async function standingKey(
  world: World,
  organizationId: string,
  memberId: string,
): Promise<{ id: string; secret: string }> {
  const id = world.server.services.newId();
  const secret = makeKeySecret('api_key', randomBytes(32));
  const holdings = { everything: true, permissions: new Set<never>() };
  await insertApiKey(
    world.server.services.db,
    {
      organizationId,
      id,
      name: 'owner’s standing key',
      holdings,
      memberId,
      bound: false,
      partnerId: null,
      allowedIps: [],
      expiresAt: null,
    },
    { hash: hashKeySecret(secret), hint: keyHint(secret) },
  );
  return { id, secret };
}

function productOf(
  world: World,
  organizationId: string,
  secrets: Map<string, string>,
  ids: Map<string, string>,
): Product {
  const partner = world.partnerIn(organizationId);
  const sql = world.database.sql;
  const by = ({ key, secret }: Credential): Client =>
    key === 'partner' ? partner : world.as(secrets.get(secret) ?? `no-such-secret-${'0'.repeat(30)}`);
  const idOf = (key: string): string => ids.get(key) ?? '0198c0de-0000-7000-8000-00000000dead';

  const tokenOf = async (link: Link): Promise<string> => {
    const rows = await invitationsOf(link.email);
    const invitation = rows[link.ordinal];
    if (!invitation) throw new Error(`${link.email} has no invitation ${link.ordinal}`);
    const { links } = world.server.services;
    const url = links.url({
      organizationId,
      invitationId: invitation.id,
      generation: link.generation,
      purpose: 'mailed',
    });
    return url.slice(url.indexOf('#') + 1);
  };
  const invitationsOf = (email: string) =>
    sql<{ id: string; generation: number }>(
      `select i.id, i.generation from invitation i
       join member m on m.organization_id = i.organization_id and m.id = i.member_id
       where m.organization_id = $1 and m.email = $2 order by m.removed_at nulls last`,
      [organizationId, email],
    );

  const reply = async (request: Request): Promise<Reply | undefined> => {
    switch (request.do) {
      case 'send':
        return by(request.by).post(`${invitations}/send`, { email: request.email, ...bodyOf(request.offer) });
      case 'update':
        return by(request.by).post('/organization/user/update/permissions', {
          email: request.email,
          ...bodyOf(request.offer),
        });
      case 'resend':
      case 'cancel':
      case 'revoke':
        return by(request.by).put(`${invitations}/${request.do}/${request.email}`);
      case 'accept':
      case 'decline':
        return world.anonymous.post(`${invitations}/${request.do}`, { token: await tokenOf(request.link) });
      case 'give':
        return by(request.by).post('/organization/ownership/give', { email: request.email });
      case 'stepDown':
        return by(request.by).post('/organization/ownership/step-down');
      case 'leave':
        return by(request.by).post('/organization/leave');
      case 'createKey': {
        const made = await by(request.by).post('/organization/api-keys', {
          name: request.key,
          ...bodyOf(request.offer),
        });
        if (made.status === 201) {
          secrets.set(request.key, made.body.key);
          ids.set(request.key, made.body.id);
        }
        return made;
      }
      case 'deleteKey':
        return by(request.by).delete(`/organization/api-keys/${idOf(request.key)}`);
      case 'rotateKey': {
        const overlap = { overlap_seconds: request.overlap };
        const rotated = await by(request.by).post(`/organization/api-keys/${idOf(request.key)}/rotate`, overlap);
        if (rotated.status === 200) secrets.set(request.secret, rotated.body.key);
        return rotated;
      }
      case 'changePlan':
        return world.partner.put(`/corporate/subAccount/${organizationId}/plan`, {
          plan: request.plan,
          seats: request.seats,
        });
      case 'expire':
        await sql(
          `update invitation i set expires_at = now() - interval '1 second' from member m
           where m.organization_id = i.organization_id and m.id = i.member_id
             and m.organization_id = $1 and m.email = $2 and m.status = 'pending'`,
          [organizationId, request.email],
        );
        return undefined;
      case 'wait':
        await sql(`update invitation set resent_at = resent_at - interval '11 minutes' where organization_id = $1`, [
          organizationId,
        ]);
        await sql(`update member set removed_at = removed_at - interval '11 minutes' where organization_id = $1`, [
          organizationId,
        ]);
        return undefined;
    }
  };

  const pages = async (path: string, list: string): Promise<{ action: string }[]> => {
    const all: { action: string }[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await partner.get(`${path}${cursor}`);
      all.push(...body[list]);
      if (body.cursor === undefined) return all;
      cursor = `&cursor=${body.cursor}`;
    }
  };

  return {
    perform: async (request) => answerOf(await reply(request)),
    async look() {
      const [list, account, deliveries, events, generations] = await Promise.all([
        partner.get('/organization/invited/users'),
        partner.get('/account'),
        pages('/organization/deliveries?limit=100', 'deliveries'),
        pages('/organization/activities?outcome=done&limit=100', 'logs'),
        sql<{ email: string; generations: number[] }>(
          `select m.email, array_agg(i.generation order by m.removed_at nulls last) as generations from invitation i
           join member m on m.organization_id = i.organization_id and m.id = i.member_id
           where m.organization_id = $1 group by m.email`,
          [organizationId],
        ),
      ]);
      const users: { email: string; status: string; is_owner: boolean }[] = list.body.users;
      const members = await Promise.all(
        users.map(async ({ email, status, is_owner }) => {
          const { body } = await partner.get(`/organization/user/${email}/permissions`);
          const privileges: { feature: string; permissions: string[] }[] = body.privileges;
          const permissions = privileges.flatMap((each) => each.permissions.map((name) => `${each.feature}:${name}`));
          return {
            email,
            status,
            owner: is_owner,
            everything: body.all_features_access,
            permissions: permissions.sort(),
          };
        }),
      );
      return {
        members: members.sort(byEmail),
        plan: account.body.plan[0].type,
        seats: account.body.seats,
        revision: account.body.access_revision,
        deliveries: deliveries.length,
        events: countBy(events.map(({ action }) => action)),
        generations: Object.fromEntries(generations.map((row) => [row.email, row.generations])),
      };
    },
  };
}

const bodyOf = ({ everything, privileges }: Offer): object => ({
  all_features_access: everything,
  ...(!everything && {
    privileges: Object.entries(privileges).map(([feature, permissions]) => ({ feature, permissions })),
  }),
});

/** What happens outside the server has no reply. */
function answerOf(reply: Reply | undefined): Answer {
  if (!reply) return { status: 200 };
  const { status, body, headers } = reply;
  const reason = body.details?.[0]?.reason;
  const revision = headers.get('latchkey-revision');
  return {
    status,
    ...(status >= 400 && { code: body.code }),
    ...(reason !== undefined && { reason }),
    ...(revision !== null && { revision: Number(revision) }),
  };
}

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

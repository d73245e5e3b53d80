import type { Client } from '../client.ts';
import type { Grants, Person, World } from '../world.ts';

/** An organization of the partner's, apart from every other test's. */
export interface Team {
  id: string;
  /** The partner, acting in it: always there to look, and to hold everything but ownership. */
  partner: Client;
  join(email: string, grants: Grants): Promise<Person>;
  /** Invites and reads the link's token. */
  invite(email: string, permissions?: readonly `${string}:${string}`[], by?: Client): Promise<string>;
  token(email: string): Promise<string>;
  accept(token: string): ReturnType<Client['post']>;
  decline(token: string): ReturnType<Client['post']>;
  /** The whole team as e-mail → status, owners marked. */
  members(): Promise<Record<string, string>>;
  revision(): Promise<number>;
  /** How often each kind of event was recorded as done. */
  events(action: string): Promise<number>;
  deliveries(email: string): Promise<number>;
}

let founded = 0;

/** Founds an organization whose first owner never answers the invitation, so that its owners are those who join later. */
export async function foundTeam(world: World, plan: { plan?: string; seats?: number } = {}): Promise<Team> {
  const founder = `founder-${++founded}@example.org`;
  const created = await world.partner.post('/corporate/subAccount', { companyName: 'Acme', email: founder, ...plan });
  if (created.status !== 201) throw new Error(`founding: ${created.status} ${JSON.stringify(created.body)}`);
  const id: string = created.body.id;
  const partner = world.partnerIn(id);
  const count = async (text: string, value: string): Promise<number> =>
    (await world.database.sql<{ count: number }>(text, [id, value]))[0]?.count ?? 0;

  return {
    id,
    partner,
    join: (email, grants) => world.join(email, grants, id),
    async invite(email, permissions = ['contacts:view'], by = partner) {
      const answer = await by.post('/organization/user/invitation/send', invitationOf(email, permissions));
      if (answer.status !== 200) throw new Error(`inviting: ${answer.status} ${JSON.stringify(answer.body)}`);
      return world.token(email, id);
    },
    token: (email) => world.token(email, id),
    accept: (token) => world.anonymous.post('/organization/user/invitation/accept', { token }),
    decline: (token) => world.anonymous.post('/organization/user/invitation/decline', { token }),
    async members() {
      const { body } = await partner.get('/organization/invited/users');
      const users: { email: string; status: string; is_owner: boolean }[] = body.users;
      return Object.fromEntries(
        users
          .filter(({ email }) => email !== founder)
          .map(({ email, status, is_owner }) => [email, is_owner ? `${status} owner` : status]),
      );
    },
    async revision() {
      return (await partner.get('/account')).body.access_revision;
    },
    events: (action) =>
      count(
        `select count(*)::int as count from audit_event where organization_id = $1 and action = $2 and outcome = 'done'`,
        action,
      ),
    deliveries: (email) =>
      count('select count(*)::int as count from delivery where organization_id = $1 and recipient = $2', email),
  };
}

/** The body of an invitation. */
export function invitationOf(email: string, permissions: readonly `${string}:${string}`[]): object {
  const features = Map.groupBy(permissions, (name) => name.slice(0, name.indexOf(':')));
  return {
    email,
    all_features_access: false,
    privileges: [...features].map(([feature, names]) => ({
      feature,
      permissions: names.map((name) => name.slice(name.indexOf(':') + 1)),
    })),
  };
}

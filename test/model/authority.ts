import { activeOwners, type Holdings, type Membership, nothing, type State } from './state.ts';

const administersMembers = 'user_management:all';
const administersKeys = 'smtp_api:api_keys';

/** Whoever asks: what their credential comes to at this moment. */
export interface Actor {
  /** The key's name, or `partner`. */
  name: string;
  holdings: Holdings;
  bound: boolean;
  /** The index of the active membership behind the key. */
  membership: number | undefined;
}

/** What an operation asks of a credential. */
export type Access = 'members' | 'api_keys' | 'ownership' | 'self';

const all = ({ owner, everything }: Holdings): boolean => owner || everything;

/** The grant ceiling: who holds everything covers all but ownership, who is owner covers all. */
export function covers(holder: Holdings, given: Holdings): boolean {
  if (holder.owner) return true;
  if (given.owner) return false;
  if (holder.everything) return true;
  return !given.everything && given.permissions.every((permission) => holder.permissions.includes(permission));
}

/** A member's word counts while they are active. */
const wordOf = (membership: Membership | undefined): Holdings =>
  membership?.status === 'active' ? membership : nothing;

/** What a key may use and give now; undefined once it is deleted. */
export function keyHoldings(state: State, name: string): Holdings | undefined {
  const key = state.keys[name];
  if (!key || key.deleted) return undefined;
  const { everything, permissions } = key.given;
  const member = wordOf(key.membership === undefined ? undefined : state.memberships[key.membership]);
  if (!key.bound) return { owner: everything && member.owner, everything, permissions };
  return {
    owner: everything && member.owner,
    everything: everything && all(member),
    permissions: everything
      ? member.permissions
      : permissions.filter((permission) => all(member) || member.permissions.includes(permission)),
  };
}

export function actorOf(state: State, name: string): Actor | undefined {
  if (name === 'partner') {
    const holdings = { owner: activeOwners(state) === 0, everything: true, permissions: [] };
    return { name, holdings, bound: false, membership: undefined };
  }
  const holdings = keyHoldings(state, name);
  const key = state.keys[name];
  if (!holdings || !key) return undefined;
  const active = key.membership !== undefined && state.memberships[key.membership]?.status === 'active';
  return { name, holdings, bound: key.bound, membership: active ? key.membership : undefined };
}

export function mayCall(state: State, actor: Actor, access: Access): boolean {
  const { holdings, membership } = actor;
  switch (access) {
    case 'members':
      return all(holdings) || holdings.permissions.includes(administersMembers);
    case 'api_keys':
      return all(holdings) || holdings.permissions.includes(administersKeys);
    case 'ownership':
      return holdings.owner;
    case 'self':
      return membership !== undefined && covers(holdings, wordOf(state.memberships[membership]));
  }
}

/** Whoever invited must still manage members and hold all that is offered. The organization stays the partner's here. */
export function isEntitled(state: State, grantor: string, offered: Holdings): boolean {
  if (grantor === 'partner') return true;
  const holdings = keyHoldings(state, grantor);
  if (!holdings) return false;
  return (all(holdings) || holdings.permissions.includes(administersMembers)) && covers(holdings, offered);
}

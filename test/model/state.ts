// The model's world as plain values. Nothing here comes from the product: it is what the product is compared with.

export const catalogue = {
  features: {
    contacts: ['view', 'export'],
    deals: ['view'],
    smtp_api: ['api_keys'],
    user_management: ['all'],
  },
  /** `small` lacks exporting and deals, and has 5 seats. */
  plans: {
    full: { seats: null, lacks: [] as string[] },
    small: { seats: 5, lacks: ['contacts:export', 'deals:view'] },
  },
} as const;

export const everyPermission = Object.entries(catalogue.features).flatMap(([feature, permissions]) =>
  permissions.map((permission) => `${feature}:${permission}`),
);

/** What somebody was given. `permissions` are sorted, and empty beside `everything`. */
export interface Grants {
  everything: boolean;
  permissions: string[];
}

export interface Holdings extends Grants {
  owner: boolean;
}

/** One stay of a person: who is invited again after being removed is another membership. */
export interface Membership extends Holdings {
  email: string;
  status: 'pending' | 'active' | 'declined' | 'removed';
  /** Pending past the deadline. */
  expired: boolean;
  /** Absent for those who were there from the beginning. */
  invitation?: { generation: number; grantor: string; resentBy?: string };
  removal?: { as: 'cancelled' | 'revoked' | 'left'; by: string };
}

/** `by` names a key; `partner` is the partner, and `deleted` keys stay as a memory. */
export interface Key {
  given: Grants;
  /** Which membership it belongs to; absent for the partner's. */
  membership?: number;
  /** Acts within what its member holds now. */
  bound: boolean;
  deleted: boolean;
  /** Names of the secrets that open it now. */
  secrets: string[];
}

export interface State {
  plan: keyof typeof catalogue.plans;
  /** Overrides the plan's seats. */
  seats: number | null;
  memberships: Membership[];
  keys: Record<string, Key>;
  revision: number;
  deliveries: number;
  /** How often each kind of event was recorded as done. */
  events: Record<string, number>;
}

export const nothing: Holdings = { owner: false, everything: false, permissions: [] };

export const statusOf = ({ status, expired }: Membership): string =>
  status === 'pending' && expired ? 'expired' : status;

/** Whoever is in the organization under an address: active, or invited in whatever way that stands. */
export const standing = (state: State, email: string): Membership | undefined =>
  state.memberships.find((membership) => membership.email === email && membership.status !== 'removed');

export const isActiveOwner = ({ status, owner }: Membership): boolean => status === 'active' && owner;

export const activeOwners = (state: State): number => state.memberships.filter(isActiveOwner).length;

export const seatLimit = (state: State): number | null => state.seats ?? catalogue.plans[state.plan].seats;

export const seatsTaken = (state: State): number =>
  state.memberships.filter(({ status }) => status === 'active').length;

/** A person's links, oldest first: one for each generation of each of their invitations. */
export function linksOf(state: State, email: string): Link[] {
  const invited = state.memberships.filter((membership) => membership.email === email && membership.invitation);
  return invited.flatMap(({ invitation }, ordinal) =>
    Array.from({ length: invitation?.generation ?? 0 }, (_, index) => ({ email, ordinal, generation: index + 1 })),
  );
}

/** A link by whose invitation it is (their first, second, …) and its generation. */
export interface Link {
  email: string;
  ordinal: number;
  generation: number;
}

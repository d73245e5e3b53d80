import { cast } from './intents.ts';
import type { State } from './state.ts';

/** The state in which an organization with its cast begins: the founder invited by the partner, the others there. */
export function beginning(): State {
  const everything = { everything: true, permissions: [] };
  const active = (email: string, permissions: string[], more: { owner?: boolean; everything?: boolean } = {}) => ({
    email,
    status: 'active' as const,
    expired: false,
    owner: false,
    everything: false,
    permissions,
    ...more,
  });
  const bound = (membership: number, secret: string) => ({
    given: everything,
    membership,
    bound: true,
    deleted: false,
    secrets: [secret],
  });
  return {
    plan: 'full',
    seats: null,
    memberships: [
      {
        ...active(cast.founder, [], { owner: true, everything: true }),
        status: 'pending',
        invitation: { generation: 1, grantor: 'partner' },
      },
      active(cast.owner, [], { owner: true, everything: true }),
      active(cast.secondOwner, [], { owner: true }),
      active(cast.administrator, [], { everything: true }),
      active(cast.weaker, ['contacts:view', 'deals:view', 'user_management:all']),
      active(cast.powerless, ['contacts:view']),
    ],
    keys: {
      owner: { ...bound(1, 'owner'), bound: false },
      secondOwner: bound(2, 'secondOwner'),
      administrator: bound(3, 'administrator'),
      weaker: bound(4, 'weaker'),
      powerless: bound(5, 'powerless'),
    },
    revision: 0,
    deliveries: 1,
    events: { 'organization.created': 1, 'member.invited': 1 },
  };
}

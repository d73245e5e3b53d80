import { everyPermission, type State, seatLimit, seatsTaken, statusOf } from './state.ts';

/** What can be seen of an organization from outside. */
export interface Visible {
  /** By address. */
  members: VisibleMember[];
  plan: string;
  seats: { used: number; limit: number | null };
  revision: number;
  deliveries: number;
  /** How often each kind of event was recorded as done. */
  events: Record<string, number>;
  /** The generations of each invitation a person ever had, oldest first. */
  generations: Record<string, number[]>;
}

export interface VisibleMember {
  email: string;
  status: string;
  owner: boolean;
  everything: boolean;
  permissions: string[];
}

/** How the model's state looks from outside. */
export function visible(state: State): Visible {
  const generations: Record<string, number[]> = {};
  for (const { email, invitation } of state.memberships) {
    if (!invitation) continue;
    generations[email] ??= [];
    generations[email].push(invitation.generation);
  }
  const members = state.memberships
    .filter(({ status }) => status !== 'removed')
    .map((member) => {
      const everything = member.owner || member.everything;
      const permissions = everything ? [...everyPermission].sort() : member.permissions;
      return { email: member.email, status: statusOf(member), owner: member.owner, everything, permissions };
    });
  return {
    members: members.sort(byEmail),
    plan: state.plan,
    seats: { used: seatsTaken(state), limit: seatLimit(state) },
    revision: state.revision,
    deliveries: state.deliveries,
    events: state.events,
    generations,
  };
}

export const byEmail = (a: { email: string }, b: { email: string }): number => (a.email < b.email ? -1 : 1);

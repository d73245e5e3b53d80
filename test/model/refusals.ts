import { type Actor, covers } from './authority.ts';
import type { Answer, Offer } from './requests.ts';
import { catalogue, type Grants, type Holdings, type Link, type Membership, type State, statusOf } from './state.ts';

/** A refusal: nothing has changed. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(status: number, code: string, reason?: string) {
    super(reason ?? code);
    this.answer = { status, code, ...(reason !== undefined && { reason }) };
  }
}

export const forbidden = () => new Refusal(403, 'permission_denied');
const overCeiling = () => new Refusal(403, 'permission_denied', 'grant_ceiling');
export const ownerProtected = () => new Refusal(403, 'permission_denied', 'owner_protected');
export const lastOwner = () => new Refusal(403, 'permission_denied', 'last_owner');
export const unknownMember = () => new Refusal(404, 'document_not_found', 'unknown_member');
export const unknownKey = () => new Refusal(404, 'document_not_found', 'unknown_key');
export const duplicate = (reason: string) => new Refusal(400, 'duplicate_parameter', reason);
export const invalid = (reason: string) => new Refusal(400, 'invalid_parameter', reason);

export function linked(state: State, { email, ordinal }: Link): Membership {
  const member = state.memberships.filter((each) => each.email === email && each.invitation)[ordinal];
  if (!member) throw new Error(`${email} was never invited for the ${ordinal + 1}th time`);
  return member;
}

export function linkState(member: Membership, { generation }: Link): string {
  if (member.status === 'removed') return 'cancelled';
  if (member.status === 'active') return 'joined';
  return generation === member.invitation?.generation ? statusOf(member) : 'replaced';
}

export const deadLink = (state: string) => new Refusal(404, 'document_not_found', `invitation_${state}`);

export function requireNotJoined(member: Membership): void {
  if (member.status === 'active') throw member.owner ? ownerProtected() : invalid('already_joined');
}

export function requireCeiling(actor: Actor, given: Holdings): void {
  if (!covers(actor.holdings, given)) throw overCeiling();
}

export function requireInPlan(state: State, permissions: string[]): void {
  const lacks: readonly string[] = catalogue.plans[state.plan].lacks;
  if (permissions.some((permission) => lacks.includes(permission))) throw invalid('not_in_plan');
}

export const permissionsOf = ({ privileges }: Offer): string[] =>
  Object.entries(privileges).flatMap(([feature, names]) => names.map((name) => `${feature}:${name}`));

export const missingPrivileges = () => new Refusal(400, 'missing_parameter', 'missing');

export function newGrants(offer: Offer): Grants {
  if (offer.everything) return { everything: true, permissions: [] };
  const permissions = permissionsOf(offer).sort();
  if (permissions.length === 0) throw missingPrivileges();
  return { everything: false, permissions };
}

export const sameGrants = (a: Grants, b: Grants): boolean =>
  a.everything === b.everything && a.permissions.join() === b.permissions.join();

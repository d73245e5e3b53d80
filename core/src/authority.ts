import type { Actor } from './actor.ts';
import type { AccessKind } from './api/operation.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { covers, type Holdings, holds, intersect, nothing } from './holdings.ts';

/** What an api key itself was given, and what its member holds now. */
export interface KeyGrants {
  everything: boolean;
  permissions: Holdings['permissions'];
  bound: boolean;
  /** What the member behind it holds now: nothing for one who left, waits or is barred; undefined where nobody stands behind it. */
  memberAuthority: Holdings | undefined;
}

/**
 * What a key may use and give (design §2.7). A bound key acts within what its member holds now; one that stands by itself
 * holds what it was given. Ownership comes only from an owner behind a key that holds everything.
 */
export function keyHoldings(key: KeyGrants): Holdings {
  const given = { owner: key.everything, everything: key.everything, permissions: key.permissions };
  if (key.bound) return intersect(given, key.memberAuthority ?? nothing);
  return { ...given, owner: key.everything && (key.memberAuthority?.owner ?? false) };
}

/** A partner holds everything in the organizations it created, and ownership in trust until they have an active owner. */
export const partnerHoldings = (hasActiveOwner: boolean): Holdings => ({
  owner: !hasActiveOwner,
  everything: true,
  permissions: new Set(),
});

/** Whether a key may act as its member: only where it holds all that they hold. */
export const actsInFull = (holdings: Holdings, memberAuthority: Holdings): boolean => covers(holdings, memberAuthority);

/** The kinds of access that are judged by what somebody holds in an organization. */
export type OrganizationAccess = Exclude<AccessKind, 'public' | 'session'>;

/** Whether this actor may call operations of this kind. */
export function mayCall(catalogue: Catalogue, actor: Actor, access: OrganizationAccess): boolean {
  switch (access) {
    case 'credential':
      // A bound key whose member is gone, or holds nothing for now, is nobody's.
      return !actor.bound || actor.member !== undefined;
    case 'members':
    case 'api_keys':
    case 'activities':
    case 'access_checks':
      return holds(actor.holdings, catalogue.administration[access]);
    case 'everything':
      return actor.holdings.owner || actor.holdings.everything;
    case 'ownership':
      return actor.holdings.owner;
    case 'self':
      return actor.member?.actsInFull ?? false;
    case 'partner':
      return actor.kind === 'partner_key';
  }
}

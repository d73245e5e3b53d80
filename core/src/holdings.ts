import type { Catalogue } from './catalogue/catalogue.ts';
import type { PermissionName } from './permission.ts';

/**
 * What somebody was given, before any plan: ownership, everything (now and later), or single permissions.
 * Stored grants, an actor's authority and an invitation's offer are all of this one shape, so that they compare.
 */
export interface Holdings {
  owner: boolean;
  everything: boolean;
  permissions: ReadonlySet<PermissionName>;
}

export const nothing: Holdings = { owner: false, everything: false, permissions: new Set() };

/**
 * The grant ceiling (design §2.7): does `holder` hold all of `given`?
 * Holding each permission of today is not holding everything, and holding everything is not ownership.
 */
export function covers(holder: Holdings, given: Holdings): boolean {
  if (holder.owner) return true;
  if (given.owner) return false;
  if (holder.everything) return true;
  if (given.everything) return false;
  return given.permissions.isSubsetOf(holder.permissions);
}

/** What `given` has beyond `holder`, in words for an error. Empty where `holder` covers it. */
export function beyond(holder: Holdings, given: Holdings): string[] {
  if (covers(holder, given)) return [];
  if (given.owner) return ['ownership'];
  if (given.everything) return ['all_features_access'];
  return [...given.permissions.difference(holder.permissions)];
}

/** What both hold: a key that is bound to a member never does more than either. Ownership is judged apart, by who may give it. */
export function intersect(a: Holdings, b: Holdings): Holdings {
  const all = (holdings: Holdings): boolean => holdings.owner || holdings.everything;
  const permissions = all(a) ? b.permissions : all(b) ? a.permissions : a.permissions.intersection(b.permissions);
  return { owner: a.owner && b.owner, everything: all(a) && all(b), permissions };
}

export const holds = (holder: Holdings, permission: PermissionName): boolean =>
  holder.owner || holder.everything || holder.permissions.has(permission);

/** Stored names are followed through the catalogue's aliases, so that a renamed permission keeps its grants. */
export function storedPermissions(catalogue: Catalogue, names: readonly string[]): Set<PermissionName> {
  const followed = new Set<PermissionName>();
  for (const name of names as readonly PermissionName[]) {
    for (const target of catalogue.aliases.get(name) ?? [name]) followed.add(target);
  }
  return followed;
}

/** What `after` has and `before` has not, by name: permissions of the catalogue, and `all_features_access` as such. */
export function gained(catalogue: Catalogue, before: Holdings, after: Holdings): string[] {
  const permissions = heldPermissions(catalogue, after).difference(heldPermissions(catalogue, before));
  return [...(after.everything && !before.everything ? ['all_features_access'] : []), ...permissions];
}

export function sameHoldings(a: Holdings, b: Holdings): boolean {
  return (
    a.owner === b.owner && a.everything === b.everything && a.permissions.symmetricDifference(b.permissions).size === 0
  );
}

/** The permissions of the catalogue that are held: all of them for owners and `everything`. */
export function heldPermissions(catalogue: Catalogue, holdings: Holdings): ReadonlySet<PermissionName> {
  return holdings.owner || holdings.everything ? catalogue.permissions : holdings.permissions;
}

import type { GetMemberPermissionsReply, HeldPrivilege } from '@latchkey/client';

/** What somebody is given: everything, or single permissions as `feature:permission`. */
export interface Grants {
  everything: boolean;
  permissions: ReadonlySet<string>;
}

export const noGrants: Grants = { everything: false, permissions: new Set() };

export const isNothing = ({ everything, permissions }: Grants): boolean => !everything && permissions.size === 0;

/** What a member was given; whoever has everything has each permission there is. */
export const grantsOf = (reply: Pick<GetMemberPermissionsReply, 'all_features_access' | 'privileges'>): Grants => ({
  everything: reply.all_features_access,
  permissions: permissionsOf(reply.privileges),
});

export const permissionName = (feature: string, permission: string): string => `${feature}:${permission}`;

export const permissionsOf = (privileges: readonly HeldPrivilege[]): Set<string> =>
  new Set(privileges.flatMap(({ feature, permissions }) => permissions.map((name) => permissionName(feature, name))));

/** As the API takes them. */
export function privilegesOf(permissions: Iterable<string>): HeldPrivilege[] {
  const byFeature = Map.groupBy(permissions, featureOf);
  return [...byFeature].map(([feature, names]) => ({
    feature,
    permissions: names.map((name) => name.slice(feature.length + 1)),
  }));
}

/** A copy in which some permissions are given or taken. */
export function withPermissions(grants: Grants, names: Iterable<string>, given: boolean): Grants {
  const permissions = new Set(grants.permissions);
  for (const name of names)
    if (given) permissions.add(name);
    else permissions.delete(name);
  return { ...grants, permissions };
}

export interface Difference {
  /** Everything, now and later, is given or taken; null where it stays as it is. */
  everything: 'gained' | 'lost' | null;
  gained: string[];
  lost: string[];
  /** What is left to whoever had everything; empty otherwise. */
  kept: string[];
}

/** What changes for somebody. Whoever has everything gains nothing by single permissions. */
export function differenceOf(before: Grants, after: Grants): Difference {
  const none = { gained: [], lost: [], kept: [] };
  if (after.everything) return { ...none, everything: before.everything ? null : 'gained' };
  if (before.everything) return { ...none, everything: 'lost', kept: [...after.permissions] };
  return {
    ...none,
    everything: null,
    gained: [...after.permissions.difference(before.permissions)],
    lost: [...before.permissions.difference(after.permissions)],
  };
}

export const isSame = (before: Grants, after: Grants): boolean => {
  const { everything, gained, lost } = differenceOf(before, after);
  return everything === null && gained.length === 0 && lost.length === 0;
};

/**
 * The change as the API takes it, which merges feature by feature: only features that differ are named, so that what somebody
 * else changes in another feature meanwhile stays. Whoever gives up everything keeps exactly what is named, so all of it is;
 * and something always is, since the API takes an empty list for a mistake.
 */
export function changeOf(
  before: Grants,
  after: Grants,
): { all_features_access: boolean; privileges?: HeldPrivilege[] } {
  if (after.everything) return { all_features_access: true };
  const named = new Set(namedIn(before, after).map(featureOf));
  const kept = privilegesOf([...after.permissions].filter((name) => named.has(featureOf(name))));
  const cleared = named.difference(new Set(kept.map(({ feature }) => feature)));
  return {
    all_features_access: false,
    privileges: [...kept, ...[...cleared].map((feature) => ({ feature, permissions: ['none'] }))],
  };
}

function namedIn(before: Grants, after: Grants): string[] {
  if (!before.everything) return [...before.permissions.symmetricDifference(after.permissions)];
  return [...(after.permissions.size > 0 ? after.permissions : before.permissions)];
}

/**
 * My change to what was there, made to what somebody else has made of it meanwhile: their changes stay wherever I did not
 * change the same thing.
 */
export function onTop(base: Grants, mine: Grants, theirs: Grants): Grants {
  const everything = mine.everything === base.everything ? theirs.everything : mine.everything;
  if (mine.everything) return { everything, permissions: theirs.permissions };
  const given = mine.permissions.difference(base.permissions);
  const taken = base.permissions.difference(mine.permissions);
  return { everything, permissions: theirs.permissions.difference(taken).union(given) };
}

export const featureOf = (name: string): string => name.slice(0, name.indexOf(':'));

import type { ListFeaturesReply } from '@latchkey/client';
import { changeOf, featureOf, type Grants, permissionName, withPermissions } from '../../../permissions/grants.ts';
import { type BulkCall, callsFor, type Outcome } from './bulk-call.ts';

/** Permissions that are given to many, or taken from them. Everything can only be given. */
export interface GrantsChange {
  way: 'give' | 'take';
  grants: Grants;
}

/**
 * The API replaces what somebody has in a feature, and people have different things in it. So it is asked first, for each
 * of them, what emptying these features would take away: that is what they have. These are the requests for that.
 */
export function probesOf(emails: readonly string[], { grants }: GrantsChange): BulkCall[] {
  if (grants.everything) return [];
  const features = new Set([...grants.permissions].map(featureOf));
  const privileges = [...features].map((feature) => ({ feature, permissions: ['none'] }));
  return callsFor(emails, { action: 'update', all_features_access: false, privileges });
}

export interface GrantsPlan {
  calls: BulkCall[];
  /** Those for whom nothing needs to be asked: they stay as they are, or were refused already. */
  settled: Outcome[];
}

/**
 * What each of them has afterwards, and the requests that lead there: one for all who end up with the same.
 * @param probed what became of the probes
 */
export function planGrants(
  emails: readonly string[],
  change: GrantsChange,
  probed: readonly Outcome[],
  catalogue: ListFeaturesReply,
): GrantsPlan {
  if (change.grants.everything)
    return { calls: callsFor(emails, { action: 'update', all_features_access: true }), settled: [] };
  const settled: Outcome[] = [];
  const alike = new Map<string, string[]>();
  for (const outcome of probed) {
    const { email, loses = [] } = outcome;
    const before = { everything: false, permissions: inOrder(new Set(loses), catalogue) };
    const changed = withPermissions(before, change.grants.permissions, change.way === 'give');
    const after = { ...changed, permissions: inOrder(changed.permissions, catalogue) };
    if (outcome.outcome === 'refused') settled.push(outcome);
    else if (loses.includes('all_features_access')) settled.push({ email, outcome: 'unchanged', hasEverything: true });
    else if (before.permissions.symmetricDifference(after.permissions).size === 0)
      settled.push({ email, outcome: 'unchanged' });
    else {
      const update = JSON.stringify(changeOf(before, after));
      alike.set(update, [...(alike.get(update) ?? []), email]);
    }
  }
  const calls = [...alike].flatMap(([update, people]) => callsFor(people, { action: 'update', ...JSON.parse(update) }));
  return { calls, settled };
}

/** In the catalogue's order, so that people who are changed alike are found to be. What it no longer has cannot be given. */
const inOrder = (permissions: ReadonlySet<string>, { features }: ListFeaturesReply): Set<string> =>
  new Set(
    features.flatMap(({ feature, permissions: all }) =>
      all.map(({ permission }) => permissionName(feature, permission)).filter((name) => permissions.has(name)),
    ),
  );

import type { GetMeReply } from '@latchkey/client';
import type { Catalogue } from './catalogue.ts';
import { type Grants, permissionName, permissionsOf } from './grants.ts';

/** Why a permission cannot be given: the plan lacks it, or the reader does. */
export type Limit = 'plan' | 'ceiling';

/** What the reader may give. The server decides; this shows it before anybody asks. */
export interface Limits {
  everything: Limit | null;
  of(name: string): Limit | null;
}

export function limitsOf(me: GetMeReply, catalogue: Catalogue): Limits {
  const held = permissionsOf(me.privileges);
  const inPlan = new Set(
    catalogue.features.flatMap(({ feature, permissions }) =>
      permissions.filter(({ in_plan }) => in_plan).map(({ permission }) => permissionName(feature, permission)),
    ),
  );
  return {
    everything: me.all_features_access ? null : 'ceiling',
    of(name) {
      if (!inPlan.has(name)) return 'plan';
      return me.all_features_access || held.has(name) ? null : 'ceiling';
    },
  };
}

/** What of these grants the reader may give; the rest is left out. */
export function givable(grants: Grants, limits: Limits): Grants {
  return {
    everything: grants.everything && limits.everything === null,
    permissions: new Set([...grants.permissions].filter((name) => limits.of(name) === null)),
  };
}

/**
 * Whether somebody holds more than the reader, who then cannot change anything of theirs. What the plan masks is left to the
 * server, which alone knows whether the reader has it.
 */
export const isBeyond = (grants: Grants, limits: Limits): boolean =>
  grants.everything
    ? limits.everything !== null
    : [...grants.permissions].some((name) => limits.of(name) === 'ceiling');

/** What the reader may take from others: what they hold themselves, in the plan or not. */
export function limitsOfTaking(me: GetMeReply): Limits {
  const held = permissionsOf(me.privileges);
  return {
    everything: me.all_features_access ? null : 'ceiling',
    of: (name) => (me.all_features_access || held.has(name) ? null : 'ceiling'),
  };
}

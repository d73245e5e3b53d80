import type { Catalogue, Plan } from './catalogue/catalogue.ts';
import { type Holdings, heldPermissions } from './holdings.ts';
import { featureOf, type PermissionName, permissionOf } from './permission.ts';
import { Problem } from './problem.ts';

/** An organization's plan. A plan that the catalogue no longer has gives nothing, rather than everything. */
export function planOf(catalogue: Catalogue, organization: { plan: string; seats: number | null }): Plan {
  const plan = catalogue.plans.get(organization.plan) ?? {
    name: organization.plan,
    label: organization.plan,
    seats: 0,
    permissions: new Set<PermissionName>(),
  };
  return organization.seats === null ? plan : { ...plan, seats: organization.seats };
}

/** What may be done in the end: (everything or granted) ∩ plan. Permissions that administer Latchkey itself are never masked. */
export function effectivePermissions(catalogue: Catalogue, holdings: Holdings, plan: Plan): Set<PermissionName> {
  const unmasked = new Set<PermissionName>(Object.values(catalogue.administration));
  return new Set(
    [...heldPermissions(catalogue, holdings)].filter((name) => plan.permissions.has(name) || unmasked.has(name)),
  );
}

/**
 * Refuses to give what the plan does not have. What is held already may stay: a plan masks, it never deletes.
 * @throws Problem `invalid_parameter`, reason `not_in_plan`
 */
export function requireInPlan(
  catalogue: Catalogue,
  plan: Plan,
  given: ReadonlySet<PermissionName>,
  held: ReadonlySet<PermissionName> = new Set(),
): void {
  const unmasked = new Set<PermissionName>(Object.values(catalogue.administration));
  const outside = [...given].filter((name) => !plan.permissions.has(name) && !held.has(name) && !unmasked.has(name));
  if (outside.length === 0) return;
  const details = outside.slice(0, 20).map((name) => ({
    path: 'privileges',
    reason: 'not_in_plan',
    message: `${permissionOf(name)} of ${featureOf(name)} is not in the plan ${plan.name}`,
  }));
  throw new Problem('invalid_parameter', details[0]?.message ?? 'not in the plan', details);
}

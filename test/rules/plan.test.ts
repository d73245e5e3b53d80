import type { Plan } from '@latchkey/core/catalogue/catalogue.ts';
import { holds } from '@latchkey/core/holdings.ts';
import { accessByFeature, featureAccess } from '@latchkey/core/member.ts';
import { effectivePermissions, planOf, requireInPlan } from '@latchkey/core/plan.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogue, holdings, permissions } from './arbitraries.ts';

const administration = new Set(Object.values(catalogue.administration));
const plans: fc.Arbitrary<Plan> = permissions.map((chosen) => ({
  name: 'some',
  label: 'Some',
  seats: 3,
  permissions: chosen,
}));

test('what may be done in the end is what is held and in the plan, or administers Latchkey', () => {
  fc.assert(
    fc.property(holdings, plans, (held, plan) => {
      const effective = effectivePermissions(catalogue, held, plan);
      for (const name of catalogue.permissions)
        expect(effective.has(name)).toBe(holds(held, name) && (plan.permissions.has(name) || administration.has(name)));
    }),
  );
});

test('a larger plan never takes anything away', () => {
  fc.assert(
    fc.property(holdings, plans, plans, (held, plan, other) => {
      const larger = { ...plan, permissions: plan.permissions.union(other.permissions) };
      expect(
        effectivePermissions(catalogue, held, plan).isSubsetOf(effectivePermissions(catalogue, held, larger)),
      ).toBe(true);
    }),
  );
});

test('a plan that there is no longer gives nothing but what administers Latchkey', () => {
  const plan = planOf(catalogue, { plan: 'gone', seats: null });
  expect(plan).toMatchObject({ name: 'gone', seats: 0 });
  expect(effectivePermissions(catalogue, { owner: true, everything: true, permissions: new Set() }, plan)).toEqual(
    administration,
  );
});

test('an organization’s own number of seats goes before the plan’s', () => {
  expect(planOf(catalogue, { plan: 'standard', seats: null }).seats).toBe(3);
  expect(planOf(catalogue, { plan: 'standard', seats: 7 }).seats).toBe(7);
  expect(planOf(catalogue, { plan: 'enterprise', seats: null }).seats).toBeNull();
});

test('giving is refused exactly for what is newly given and not in the plan', () => {
  fc.assert(
    fc.property(plans, permissions, permissions, (plan, given, held) => {
      const outside = [...given].filter(
        (name) => !plan.permissions.has(name) && !held.has(name) && !administration.has(name),
      );
      const give = () => requireInPlan(catalogue, plan, given, held);
      if (outside.length === 0) expect(give).not.toThrow();
      else expect(give).toThrow(expect.objectContaining({ code: 'invalid_parameter', reason: 'not_in_plan' }));
    }),
  );
});

test('an area is owner, full, custom or none by what is held of it in the end', () => {
  fc.assert(
    fc.property(holdings, plans, (held, plan) => {
      const effective = effectivePermissions(catalogue, held, plan);
      const summary = featureAccess(catalogue, held, plan);
      expect(Object.keys(summary)).toEqual([...catalogue.areas.keys()]);
      for (const [area, access] of Object.entries(summary)) {
        if (held.owner) {
          expect(access).toBe('owner');
          continue;
        }
        const inArea = [...catalogue.features.values()].filter((feature) => feature.area === area);
        const names = inArea.flatMap((feature) =>
          [...feature.permissions.keys()].map((name) => `${feature.name}:${name}` as const),
        );
        const some = names.some((name) => effective.has(name));
        if (inArea.length > 0) expect(access === 'none', area).toBe(!some);
        if (access === 'full')
          for (const name of names)
            if (plan.permissions.has(name) && !name.startsWith('facebook_ads'))
              expect(effective.has(name), name).toBe(true);
      }
    }),
  );
});

test('a feature is told by what is held of it in the end, and not at all where that is nothing', () => {
  fc.assert(
    fc.property(holdings, plans, (held, plan) => {
      const everything = { owner: false, everything: true, permissions: new Set<never>() };
      const most = effectivePermissions(catalogue, everything, plan);
      const effective = effectivePermissions(catalogue, held, plan);
      const levels = accessByFeature(catalogue, held, plan);
      for (const feature of catalogue.features.values()) {
        const names = [...feature.permissions.keys()].map((name) => `${feature.name}:${name}` as const);
        const available = names.filter((name) => most.has(name)).length;
        const had = names.filter((name) => effective.has(name)).length;
        const level = held.owner ? 'owner' : had === available ? 'full' : 'custom';
        expect(levels[feature.name], feature.name).toBe(had === 0 ? undefined : level);
      }
      expect(Object.keys(levels)).toEqual([...catalogue.features.keys()].filter((name) => name in levels));
    }),
  );
});

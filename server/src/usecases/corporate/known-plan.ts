import type { Catalogue, Plan } from '@latchkey/core/catalogue/catalogue.ts';
import { problem } from '@latchkey/core/problem.ts';
import { nearest } from '@latchkey/core/suggestion.ts';

/** @throws Problem `invalid_parameter`, reason `unknown_plan` */
export function knownPlan(catalogue: Catalogue, name: string): Plan {
  const plan = catalogue.plans.get(name);
  if (plan) return plan;
  const names = [...catalogue.plans.keys()];
  throw problem(
    'invalid_parameter',
    'plan',
    'unknown_plan',
    `plan is one of ${names.join(', ')}`,
    nearest(name, names),
  );
}

import { createHash } from 'node:crypto';
import type { Catalogue } from './catalogue.ts';

/** SHA-256 (hex) over all that decides access: two nodes whose fingerprints differ must not both answer. Labels do not count. */
export function catalogueFingerprint(catalogue: Catalogue): string {
  const meaning = {
    resourceType: catalogue.resourceType,
    permissions: [...catalogue.permissions].sort(),
    aliases: [...catalogue.aliases].map(([alias, targets]) => [alias, [...targets].sort()]).sort(),
    plans: [...catalogue.plans.values()].map((plan) => [plan.name, plan.seats, [...plan.permissions].sort()]).sort(),
    defaultPlan: catalogue.defaultPlan.name,
    administration: Object.entries(catalogue.administration).sort(),
  };
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex');
}

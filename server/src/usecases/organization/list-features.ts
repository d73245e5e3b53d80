import type { Api } from '@latchkey/core/api/index.ts';
import type { Query, Reply } from '@latchkey/core/api/operation.ts';
import { labelIn } from '@latchkey/core/catalogue/label.ts';
import { featureOf, permissionName, permissionOf } from '@latchkey/core/permission.ts';
import { planOf } from '@latchkey/core/plan.ts';
import type { Call, Outcome } from '../call.ts';

type Operation = Api['listFeatures'];

/** The catalogue, and what the organization's plan has of it. */
export async function listFeatures(
  call: Call,
  { query }: { query: Query<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { actor, catalogue } = call;
  const plan = planOf(catalogue, actor.organization);
  const locale = query.locale ?? actor.organization.locale;
  const administration = new Set<string>(Object.values(catalogue.administration));
  return {
    body: {
      catalogue: { name: catalogue.name, fingerprint: call.catalogueFingerprint },
      plan: { name: plan.name, label: labelIn(plan.label, locale), seats: plan.seats },
      administration: { ...catalogue.administration },
      areas: [...catalogue.areas].map(([area, label]) => ({ area, label: labelIn(label, locale) })),
      features: [...catalogue.features.values()].map((feature) => ({
        feature: feature.name,
        label: labelIn(feature.label, locale),
        area: feature.area ?? null,
        deprecated: feature.deprecated,
        permissions: [...feature.permissions].map(([permission, label]) => {
          const name = permissionName(feature.name, permission);
          return {
            permission,
            label: labelIn(label, locale),
            in_plan: plan.permissions.has(name) || administration.has(name),
          };
        }),
      })),
      aliases: Object.fromEntries(
        [...catalogue.aliases].map(([alias, targets]) => [
          alias,
          targets.map((target) => ({ feature: featureOf(target), permissions: [permissionOf(target)] })),
        ]),
      ),
    },
  };
}

import type { Catalogue } from './catalogue/catalogue.ts';
import { labelIn } from './catalogue/label.ts';
import type { Holdings } from './holdings.ts';
import { privilegesOf } from './privilege.ts';

/** What somebody is offered, as people read it: the mail and the join page show this. */
export interface AccessInWords {
  owner: boolean;
  all_features_access: boolean;
  features: { feature: string; label: string; permissions: { permission: string; label: string }[] }[];
}

export function accessInWords(catalogue: Catalogue, holdings: Holdings, locale: string): AccessInWords {
  if (holdings.owner || holdings.everything) return { owner: holdings.owner, all_features_access: true, features: [] };
  const features = privilegesOf(catalogue, holdings).map(({ feature, permissions }) => {
    const known = catalogue.features.get(feature);
    return {
      feature,
      label: labelIn(known?.label ?? feature, locale),
      permissions: permissions.map((permission) => ({
        permission,
        label: labelIn(known?.permissions.get(permission) ?? permission, locale),
      })),
    };
  });
  return { owner: false, all_features_access: false, features };
}

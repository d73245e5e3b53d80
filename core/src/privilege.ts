import Type from 'typebox';
import type { Catalogue, Feature } from './catalogue/catalogue.ts';
import { labelIn } from './catalogue/label.ts';
import { type Holdings, heldPermissions } from './holdings.ts';
import { featureOf, type PermissionName, permissionName, permissionOf } from './permission.ts';
import { Problem, type ProblemDetail } from './problem.ts';
import { nearest } from './suggestion.ts';

/** One feature with the permissions held in it, as on the wire. Both parts may be absent there (wire.md §1.1). */
export const Privilege = Type.Object(
  {
    feature: Type.Optional(Type.String({ maxLength: 100, examples: ['contacts'] })),
    permissions: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200, examples: [['view', 'export']] }),
    ),
  },
  { additionalProperties: false },
);
export type Privilege = Type.Static<typeof Privilege>;

/** What a list of privileges asks for, with every alias followed. */
export interface PrivilegeChange {
  /** A feature that was named: its permissions become exactly these. */
  replace: ReadonlyMap<string, ReadonlySet<PermissionName>>;
  /** What an alias reaches in a feature that was not named: it is added there. */
  add: ReadonlySet<PermissionName>;
  /** What an alias's feature, cleared by `none`, stood for. */
  remove: ReadonlySet<PermissionName>;
}

const detailLimit = 20;

/**
 * Reads privileges as they were written: names checked, aliases followed, mistakes explained.
 * @param path where the list stands in the request, for error details
 * @throws Problem `invalid_parameter` (unknown_feature, unknown_permission, permission_of_another_feature, none_with_others) or `missing_parameter`
 */
export function readPrivileges(
  catalogue: Catalogue,
  privileges: readonly Privilege[],
  path = 'privileges',
): PrivilegeChange {
  const replace = new Map<string, Set<PermissionName>>();
  const add = new Set<PermissionName>();
  const remove = new Set<PermissionName>();
  const mistakes: ProblemDetail[] = [];
  const missing: ProblemDetail[] = [];

  privileges.forEach(({ feature, permissions }, index) => {
    const at = `${path}[${index}]`;
    if (feature === undefined) {
      missing.push({ path: `${at}.feature`, reason: 'missing', message: 'feature is missing' });
      return;
    }
    if (permissions === undefined) {
      missing.push({
        path: `${at}.permissions`,
        reason: 'missing',
        message: `permissions of ${feature} are missing; use ["none"] to clear the feature`,
      });
      return;
    }
    const known = catalogue.features.get(feature);
    if (!known && !isAliasFeature(catalogue, feature)) {
      mistakes.push(unknownFeature(catalogue, feature, `${at}.feature`));
      return;
    }
    const none = permissions.length === 0 || permissions.includes('none');
    if (none && permissions.some((permission) => permission !== 'none')) {
      mistakes.push({
        path: `${at}.permissions`,
        reason: 'none_with_others',
        message: `none cannot stand beside other permissions of ${feature}`,
      });
      return;
    }
    if (known && !replace.has(feature)) replace.set(feature, new Set());
    if (none && !known) for (const target of targetsOfAliasFeature(catalogue, feature)) remove.add(target);
    if (none) return;

    permissions.forEach((permission, position) => {
      const name = permissionName(feature, permission);
      const targets = catalogue.permissions.has(name) ? [name] : catalogue.aliases.get(name);
      if (!targets) {
        mistakes.push(unknownPermission(catalogue, feature, known, permission, `${at}.permissions[${position}]`));
        return;
      }
      for (const target of targets) {
        if (featureOf(target) === feature) replace.get(feature)?.add(target);
        else add.add(target);
      }
    });
  });

  if (mistakes[0]) throw new Problem('invalid_parameter', mistakes[0].message, mistakes.slice(0, detailLimit));
  if (missing[0]) throw new Problem('missing_parameter', missing[0].message, missing.slice(0, detailLimit));
  return { replace, add, remove };
}

/** The permissions that result where nothing was held before. */
export const permissionsOf = (change: PrivilegeChange): Set<PermissionName> => applyPrivileges(new Set(), change);

/** Merges per feature (design §5, update): a named feature is replaced, every other stays. */
export function applyPrivileges(held: ReadonlySet<PermissionName>, change: PrivilegeChange): Set<PermissionName> {
  const kept = [...held].filter((name) => !change.replace.has(featureOf(name)) && !change.remove.has(name));
  const replaced = [...change.replace.values()].flatMap((names) => [...names]);
  return new Set([...kept, ...replaced, ...change.add]);
}

/** Held permissions as privileges in machine names, in the catalogue's order, so that what is read can be written back. */
export function privilegesOf(catalogue: Catalogue, holdings: Holdings): { feature: string; permissions: string[] }[] {
  const held = heldPermissions(catalogue, holdings);
  return [...catalogue.features.values()]
    .map((feature) => ({
      feature: feature.name,
      permissions: [...feature.permissions.keys()].filter((permission) =>
        held.has(permissionName(feature.name, permission)),
      ),
    }))
    .filter(({ permissions }) => permissions.length > 0);
}

/** The documented human form (wire.md §1.4): labels, and `None` for a feature without access. Deprecated features only where held. */
export function privilegeLabelsOf(
  catalogue: Catalogue,
  holdings: Holdings,
): { feature: string; permissions: string[] }[] {
  const held = new Map(
    privilegesOf(catalogue, holdings).map((privilege) => [privilege.feature, privilege.permissions]),
  );
  return [...catalogue.features.values()]
    .filter((feature) => !feature.deprecated || held.has(feature.name))
    .map((feature) => ({
      feature: labelIn(feature.label, 'en'),
      permissions: held
        .get(feature.name)
        ?.map((permission) => labelIn(feature.permissions.get(permission) ?? permission, 'en')) ?? ['None'],
    }));
}

const isAliasFeature = (catalogue: Catalogue, feature: string): boolean =>
  catalogue.aliases.keys().some((alias) => featureOf(alias) === feature);

function targetsOfAliasFeature(catalogue: Catalogue, feature: string): PermissionName[] {
  return [...catalogue.aliases]
    .filter(([alias]) => featureOf(alias) === feature)
    .flatMap(([, targets]) => [...targets]);
}

function unknownFeature(catalogue: Catalogue, feature: string, path: string): ProblemDetail {
  const suggestion = nearest(feature, catalogue.features.keys());
  return detail(path, 'unknown_feature', `unknown feature: ${shown(feature)}`, suggestion);
}

function unknownPermission(
  catalogue: Catalogue,
  feature: string,
  known: Feature | undefined,
  permission: string,
  path: string,
): ProblemDetail {
  const own = known
    ? [...known.permissions.keys()]
    : [...catalogue.aliases.keys()].filter((alias) => featureOf(alias) === feature).map(permissionOf);
  const suggestion = nearest(permission, own);
  if (!suggestion) {
    const elsewhere = [...catalogue.permissions].filter((name) => permissionOf(name) === permission).map(featureOf);
    if (elsewhere.length > 0) {
      return detail(
        path,
        'permission_of_another_feature',
        `${shown(permission)} is not a permission of ${feature}; it belongs to ${elsewhere.join(', ')}`,
      );
    }
  }
  return detail(
    path,
    'unknown_permission',
    `unknown permission of ${feature}: ${shown(permission)}; it has ${own.join(', ')}`,
    suggestion,
  );
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 60));

function detail(path: string, reason: string, message: string, suggestion?: string): ProblemDetail {
  return {
    path,
    reason,
    message: suggestion ? `${message} (did you mean ${suggestion}?)` : message,
    ...(suggestion && { suggestion }),
  };
}

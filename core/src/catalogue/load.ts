import Schema from 'typebox/schema';
import { featureOf, type PermissionName, permissionName, permissionOf } from '../permission.ts';
import { nearest } from '../suggestion.ts';
import { type Catalogue, CatalogueFile, type Feature, type Plan } from './catalogue.ts';

/** A catalogue file that cannot be used: `path` is where (a JSON pointer), the message says why. */
export class CatalogueError extends Error {
  readonly path: string;
  constructor(path: string, reason: string) {
    super(`${path || '/'}: ${reason}`);
    this.name = 'CatalogueError';
    this.path = path;
  }
}

const schema = Schema.Compile(CatalogueFile);

/**
 * Checks a catalogue file against its schema and against itself, and turns it into look-ups.
 * @throws CatalogueError at the first mistake
 */
export function loadCatalogue(file: unknown): Catalogue {
  const [valid, errors] = schema.Errors(file);
  const first = errors[0];
  if (!valid || first) throw new CatalogueError(first?.instancePath ?? '', describe(first));
  const data = file as CatalogueFile;

  const features = new Map(
    Object.entries(data.features).map(([name, feature]) => [name, loadFeature(data, name, feature)]),
  );
  const permissions = new Set(
    [...features.values()].flatMap((feature) =>
      [...feature.permissions.keys()].map((permission) => permissionName(feature.name, permission)),
    ),
  );
  for (const name of permissions) requireNotReserved(name, `/features/${featureOf(name)}/permissions/none`);
  const aliases = loadAliases(data.aliases ?? {}, permissions);
  const plans = new Map(
    Object.entries(data.plans).map(([name, plan]) => [name, loadPlan(name, plan, features, permissions)]),
  );
  const defaultPlan = plans.get(data.default_plan);
  if (!defaultPlan) throw new CatalogueError('/default_plan', unknown('plan', data.default_plan, plans.keys()));
  for (const [what, name] of Object.entries(data.administration)) {
    if (!permissions.has(name as PermissionName))
      throw new CatalogueError(`/administration/${what}`, unknown('permission', name, permissions));
  }
  return {
    name: data.name,
    resourceType: data.resource_type ?? 'feature',
    areas: new Map(Object.entries(data.areas).map(([name, area]) => [name, area.label])),
    features,
    permissions,
    aliases,
    plans,
    defaultPlan,
    administration: {
      access_checks: data.administration.members,
      ...data.administration,
    } as Catalogue['administration'],
  };
}

function describe(error: { keyword?: string; message?: string; params?: object } | undefined): string {
  if (!error) return 'is not a catalogue';
  if (error.keyword === 'boolean')
    return 'nothing of this name may stand here; names are lower case letters, digits, underscores and hyphens';
  const params =
    error.keyword === 'required'
      ? Object.values(error.params ?? {})
          .flat()
          .join(', ')
      : '';
  return params ? `${error.message} (${params})` : (error.message ?? 'is not a catalogue');
}

function unknown(what: string, name: string, candidates: Iterable<string>): string {
  const suggestion = nearest(name, candidates);
  return `no such ${what}: ${name}${suggestion ? `; did you mean ${suggestion}?` : ''}`;
}

function loadFeature(data: CatalogueFile, name: string, feature: CatalogueFile['features'][string]): Feature {
  if (feature.area !== undefined && !Object.hasOwn(data.areas, feature.area)) {
    throw new CatalogueError(`/features/${name}/area`, unknown('area', feature.area, Object.keys(data.areas)));
  }
  return {
    name,
    label: feature.label,
    area: feature.area,
    deprecated: feature.deprecated ?? false,
    permissions: new Map(Object.entries(feature.permissions).map(([permission, { label }]) => [permission, label])),
  };
}

function requireNotReserved(name: PermissionName, path: string): void {
  if (permissionOf(name) === 'none') throw new CatalogueError(path, '`none` is reserved: it clears a feature');
}

function loadAliases(
  written: Record<string, string[]>,
  permissions: ReadonlySet<PermissionName>,
): Catalogue['aliases'] {
  const follow = (name: string, path: string, seen: readonly string[]): PermissionName[] => {
    if (permissions.has(name as PermissionName)) return [name as PermissionName];
    const targets = written[name];
    if (!targets)
      throw new CatalogueError(path, unknown('permission or alias', name, [...permissions, ...Object.keys(written)]));
    if (seen.includes(name)) throw new CatalogueError(path, `alias of itself: ${[...seen, name].join(' → ')}`);
    return targets.flatMap((target) => follow(target, path, [...seen, name]));
  };
  return new Map(
    Object.keys(written).map((alias) => {
      const path = `/aliases/${alias}`;
      requireNotReserved(alias as PermissionName, path);
      if (permissions.has(alias as PermissionName))
        throw new CatalogueError(path, 'is a permission already, so it cannot be an alias');
      return [alias as PermissionName, [...new Set(follow(alias, path, []))]];
    }),
  );
}

function loadPlan(
  name: string,
  plan: CatalogueFile['plans'][string],
  features: ReadonlyMap<string, Feature>,
  all: ReadonlySet<PermissionName>,
): Plan {
  if (plan.features === 'all') return { name, label: plan.label, seats: plan.seats, permissions: all };
  const included = Object.entries(plan.features).flatMap(([featureName, listed]) => {
    const path = `/plans/${name}/features/${featureName}`;
    const feature = features.get(featureName);
    if (!feature) throw new CatalogueError(path, unknown('feature', featureName, features.keys()));
    const wanted = listed === 'all' ? [...feature.permissions.keys()] : listed;
    for (const permission of wanted) {
      if (!feature.permissions.has(permission))
        throw new CatalogueError(path, unknown('permission', permission, feature.permissions.keys()));
    }
    return wanted.map((permission) => permissionName(featureName, permission));
  });
  return { name, label: plan.label, seats: plan.seats, permissions: new Set(included) };
}

import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';

const permissions = (...names: string[]) => ({
  permissions: Object.fromEntries(names.map((name) => [name, { label: name }])),
});
const team = { label: 'Team', ...permissions('people', 'keys', 'check') };
const common = {
  areas: {},
  default_plan: 'all',
  administration: {
    members: 'team:people',
    api_keys: 'team:keys',
    activities: 'team:people',
    access_checks: 'team:check',
  },
} as const;
const all = { label: 'All', seats: null, features: 'all' } as const;

/** What a product's catalogue becomes in its life: the same names, other meanings. */
export const catalogues: Record<string, CatalogueFile> = {
  first: {
    ...common,
    name: 'first',
    features: {
      docs: { label: 'Docs', ...permissions('read', 'write', 'share') },
      notes: { label: 'Notes', ...permissions('read', 'write') },
      team,
    },
    aliases: { 'docs:edit': ['docs:write', 'docs:share'], 'archive:open': ['docs:read', 'notes:read'] },
    plans: { all, small: { label: 'Small', seats: null, features: { docs: ['read', 'write'] } } },
  },
  // A permission is gone and its name an alias now, another is new, an alias became smaller, a feature was renamed.
  grown: {
    ...common,
    name: 'grown',
    resource_type: 'part',
    features: {
      papers: { label: 'Papers', ...permissions('read') },
      docs: { label: 'Docs', ...permissions('print', 'write', 'share', 'read') },
      notes: { label: 'Notes', ...permissions('read') },
      team,
    },
    aliases: { 'docs:edit': ['docs:write'], 'notes:write': ['docs:print'], 'archive:open': ['papers:read'] },
    plans: { all, small: { label: 'Small', seats: null, features: { docs: ['read', 'print'], notes: 'all' } } },
  },
};
const { first } = catalogues as { first: CatalogueFile };
/** Like the first, but for what its plans have. */
catalogues.dearer = {
  ...first,
  name: 'dearer',
  plans: { all: { ...all, features: { docs: 'all' } }, small: { ...all, features: { docs: ['read'] } } },
};

/** Every name that any of them has or had, and some that none has. */
export const everyName = [
  ...new Set(
    Object.values(catalogues).flatMap(({ features, aliases = {} }) => [
      ...Object.entries(features).flatMap(([feature, own]) =>
        Object.keys(own.permissions).map((permission) => `${feature}:${permission}`),
      ),
      ...Object.keys(aliases),
    ]),
  ),
  'docs:burn',
  'nothing:read',
];

import type { ListFeaturesReply } from '@latchkey/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { useCatalogue as useCatalogueOf } from '../held.ts';
import { useOrganization } from '../session.tsx';
import { permissionName } from './grants.ts';

export type Catalogue = ListFeaturesReply;
export type Feature = Catalogue['features'][number];

/** The features and permissions of the current organization, with labels in the reader's language. */
export const useCatalogue = (): UseQueryResult<Catalogue> => useCatalogueOf(useOrganization().id);

export interface Area {
  name: string | null;
  label: string;
  features: Feature[];
}

/** The features by area, in the catalogue's order; those of no area, which matter to all of them, first. Deprecated ones only where something of them is held. */
export function areasOf(catalogue: Catalogue, held: ReadonlySet<string>, otherLabel: string): Area[] {
  const shown = catalogue.features.filter(
    ({ deprecated, feature, permissions }) =>
      !deprecated || permissions.some(({ permission }) => held.has(permissionName(feature, permission))),
  );
  const areas = [
    { name: null, label: otherLabel },
    ...catalogue.areas.map(({ area, label }) => ({ name: area, label })),
  ];
  return areas
    .map((area) => ({ ...area, features: shown.filter((feature) => feature.area === area.name) }))
    .filter(({ features }) => features.length > 0);
}

export const namesIn = ({ feature, permissions }: Feature): string[] =>
  permissions.map(({ permission }) => permissionName(feature, permission));

/** Permissions in words, feature by feature: `Contacts: view, export`. Names that the catalogue no longer has stay as they are. */
export function inWords(catalogue: Catalogue, names: Iterable<string>): { feature: string; permissions: string[] }[] {
  const left = new Set(names);
  const known = catalogue.features.flatMap((feature) => {
    const held = feature.permissions.filter(({ permission }) =>
      left.delete(permissionName(feature.feature, permission)),
    );
    return held.length > 0 ? [{ feature: feature.label, permissions: held.map(({ label }) => label) }] : [];
  });
  return [...known, ...[...left].map((name) => ({ feature: name, permissions: [] }))];
}

import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';

/** The built-in catalogue with a small plan besides: contacts and phone, two seats. */
export const plannedCatalogue: CatalogueFile = {
  ...builtInCatalogue,
  plans: {
    ...builtInCatalogue.plans,
    small: {
      label: { en: 'Small', fr: 'Petit' },
      seats: 2,
      features: { contacts: ['view', 'export'], phone: 'all' },
    },
  },
};

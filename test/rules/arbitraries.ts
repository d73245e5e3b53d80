import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import { loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import type { Holdings } from '@latchkey/core/holdings.ts';
import { featureOf, permissionOf } from '@latchkey/core/permission.ts';
import type { Privilege } from '@latchkey/core/privilege.ts';
import fc from 'fast-check';

export const catalogue = loadCatalogue(builtInCatalogue);

const names = [...catalogue.permissions];
export const permissions = fc.subarray(names).map((chosen) => new Set(chosen));

/** What somebody may hold: nothing, single permissions, each one of them, everything, ownership. */
export const holdings: fc.Arbitrary<Holdings> = fc.oneof(
  permissions.map((chosen) => ({ owner: false, everything: false, permissions: chosen })),
  fc.constant({ owner: false, everything: false, permissions: new Set(names) }),
  permissions.map((chosen) => ({ owner: false, everything: true, permissions: chosen })),
  permissions.map((chosen) => ({ owner: true, everything: true, permissions: chosen })),
  permissions.map((chosen) => ({ owner: true, everything: false, permissions: chosen })),
);

const written = [...names, ...catalogue.aliases.keys()];

/** Privileges as callers write them: new names and old ones, features twice, `none`, in any order. */
export const privileges: fc.Arbitrary<Privilege[]> = fc.array(
  fc.oneof(
    fc
      .constantFrom(...new Set(written.map(featureOf)))
      .chain((feature) =>
        fc
          .subarray(written.filter((name) => featureOf(name) === feature).map(permissionOf))
          .map((chosen) => ({ feature, permissions: chosen })),
      ),
    fc.constantFrom(...catalogue.features.keys()).map((feature) => ({ feature, permissions: ['none'] })),
  ),
  { maxLength: 6 },
);

import type { PermissionName } from '@latchkey/core/permission.ts';
import { applyPrivileges, permissionsOf, privilegesOf } from '@latchkey/core/privilege.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeOf, differenceOf, type Grants, grantsOf, isSame, onTop } from '../../console/src/permissions/grants.ts';
import { readRequestedGrants } from '../../server/src/usecases/members/requested-grants.ts';
import { catalogue, permissions } from '../rules/arbitraries.ts';

const all: ReadonlySet<string> = new Set(catalogue.permissions);

/** As the API answers them: whoever has everything has each permission. */
const grants: fc.Arbitrary<Grants> = fc.oneof(
  { weight: 4, arbitrary: permissions.map((chosen) => ({ everything: false, permissions: chosen })) },
  { weight: 1, arbitrary: fc.constant({ everything: true, permissions: all }) },
);

/** As they are chosen: everything may be switched on over whatever was ticked. */
const chosen: fc.Arbitrary<Grants> = fc.record({ everything: fc.boolean(), permissions });

test('a change, merged by the server’s rules, comes to exactly what was chosen', () => {
  fc.assert(
    fc.property(grants, chosen, (before, after) => {
      fc.pre(!isSame(before, after));
      expect(isSame(merged(before, changeOf(before, after)), after)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a change of one feature leaves alone what somebody else changes in another', () => {
  const before = given('contacts:view', 'templates:create_edit_delete');
  const change = changeOf(before, given('contacts:view', 'contacts:export', 'templates:create_edit_delete'));
  expect(change.privileges).toEqual([{ feature: 'contacts', permissions: ['view', 'export'] }]);
  const meanwhile = given('contacts:view', 'templates:activate_deactivate');
  expect(merged(meanwhile, change).permissions).toEqual(
    new Set(['contacts:view', 'contacts:export', 'templates:activate_deactivate']),
  );
});

test('giving up everything for nothing still names something, since the API takes an empty list for a mistake', () => {
  const change = changeOf({ everything: true, permissions: all }, given());
  expect(change.privileges).not.toEqual([]);
  expect(merged({ everything: true, permissions: all }, change)).toEqual(given());
});

test('nothing that somebody else changed is lost where mine is put on top of it', () => {
  fc.assert(
    fc.property(permissions, permissions, permissions, (base, mine, theirs) => {
      const result = onTop(single(base), single(mine), single(theirs)).permissions;
      for (const name of all) {
        const iChangedIt = base.has(name as PermissionName) !== mine.has(name as PermissionName);
        expect(result.has(name)).toBe((iChangedIt ? mine : theirs).has(name as PermissionName));
      }
    }),
  );
});

test('putting mine on top of what did not change is mine, and putting nothing on top is theirs', () => {
  fc.assert(
    fc.property(grants, chosen, grants, (base, mine, theirs) => {
      expect(isSame(onTop(base, mine, base), mine)).toBe(true);
      expect(isSame(onTop(base, base, theirs), theirs)).toBe(true);
    }),
  );
});

test('whoever has everything gains nothing by single permissions, and what is left without it is named', () => {
  const everything = { everything: true, permissions: all };
  expect(differenceOf(everything, { everything: true, permissions: new Set() })).toMatchObject({ everything: null });
  expect(differenceOf(everything, given('contacts:view'))).toEqual({
    everything: 'lost',
    gained: [],
    lost: [],
    kept: ['contacts:view'],
  });
});

/** What a member holds after the server has merged a change into what they held. */
function merged(before: Grants, body: ReturnType<typeof changeOf>): Grants {
  const change = readRequestedGrants(catalogue, body);
  if (body.all_features_access) return { everything: true, permissions: all };
  const held = before.permissions as ReadonlySet<PermissionName>;
  const permissions = before.everything ? permissionsOf(change) : applyPrivileges(held, change);
  const privileges = privilegesOf(catalogue, { owner: false, everything: false, permissions });
  return grantsOf({ all_features_access: false, privileges });
}

const single = (names: ReadonlySet<string>): Grants => ({ everything: false, permissions: names });
const given = (...names: string[]): Grants => single(new Set(names));

import { featureOf } from '@latchkey/core/permission.ts';
import {
  applyPrivileges,
  permissionsOf,
  privilegeLabelsOf,
  privilegesOf,
  readPrivileges,
} from '@latchkey/core/privilege.ts';
import { Problem } from '@latchkey/core/problem.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogue, permissions, privileges } from './arbitraries.ts';

test('whatever is read comes to permissions of the catalogue only', () => {
  fc.assert(
    fc.property(privileges, (written) => {
      for (const name of permissionsOf(readPrivileges(catalogue, written)))
        expect(catalogue.permissions.has(name)).toBe(true);
    }),
  );
});

test('the order in which features and permissions are written does not matter', () => {
  fc.assert(
    fc.property(privileges, permissions, (written, held) => {
      const turned = written
        .toReversed()
        .map((privilege) => ({ ...privilege, permissions: privilege.permissions?.toReversed() ?? [] }));
      expect(applyPrivileges(held, readPrivileges(catalogue, turned))).toEqual(
        applyPrivileges(held, readPrivileges(catalogue, written)),
      );
    }),
  );
});

test('the same change made again changes nothing more', () => {
  fc.assert(
    fc.property(privileges, permissions, (written, held) => {
      const change = readPrivileges(catalogue, written);
      const once = applyPrivileges(held, change);
      expect(applyPrivileges(once, change)).toEqual(once);
    }),
  );
});

test('features that neither stand there nor are reached by an alias stay as they were', () => {
  fc.assert(
    fc.property(privileges, permissions, (written, held) => {
      const change = readPrivileges(catalogue, written);
      const touched = new Set([
        ...written.map(({ feature }) => feature ?? ''),
        ...[...change.add, ...change.remove].map(featureOf),
      ]);
      const untouched = (names: ReadonlySet<`${string}:${string}`>) =>
        new Set([...names].filter((name) => !touched.has(featureOf(name))));
      expect(untouched(applyPrivileges(held, change))).toEqual(untouched(held));
    }),
  );
});

test('an alias reaching elsewhere takes nothing away there', () => {
  fc.assert(
    fc.property(privileges, permissions, (written, held) => {
      const change = readPrivileges(catalogue, written);
      const result = applyPrivileges(held, change);
      const named = new Set(written.map(({ feature }) => feature ?? ''));
      for (const name of held)
        if (!named.has(featureOf(name)) && !change.remove.has(name)) expect(result.has(name)).toBe(true);
      for (const name of change.add) expect(result.has(name)).toBe(true);
    }),
  );
});

test('what is shown can be written back: it comes to the same', () => {
  fc.assert(
    fc.property(permissions, (held) => {
      const shown = privilegesOf(catalogue, { owner: false, everything: false, permissions: held });
      expect(permissionsOf(readPrivileges(catalogue, shown))).toEqual(held);
    }),
  );
});

test('labels name each feature once, and None exactly where nothing is held', () => {
  fc.assert(
    fc.property(permissions, (held) => {
      const shown = privilegesOf(catalogue, { owner: false, everything: false, permissions: held });
      const labels = privilegeLabelsOf(catalogue, { owner: false, everything: false, permissions: held });
      const deprecated = [...catalogue.features.values()].filter((feature) => feature.deprecated);
      const unseen = deprecated.filter(({ name }) => !shown.some(({ feature }) => feature === name));
      expect(labels).toHaveLength(catalogue.features.size - unseen.length);
      expect(labels.filter((row) => row.permissions.includes('None'))).toHaveLength(labels.length - shown.length);
    }),
  );
});

test('all mistakes are told at once, each with its place, twenty at most', () => {
  const wrong = Array.from({ length: 30 }, (_, index) => ({ feature: `nothing_${index}`, permissions: ['all'] }));
  const problem = refusalOf([{ feature: 'contacts', permissions: ['veiw', 'view', 'exprot'] }, ...wrong]);
  expect(problem.code).toBe('invalid_parameter');
  expect(problem.details).toHaveLength(20);
  expect(problem.details.slice(0, 3).map(({ path, suggestion }) => [path, suggestion])).toEqual([
    ['privileges[0].permissions[0]', 'view'],
    ['privileges[0].permissions[2]', 'export'],
    ['privileges[1].feature', undefined],
  ]);
});

test('what is wrong is told before what is missing', () => {
  expect(refusalOf([{}, { feature: 'contact', permissions: ['view'] }]).code).toBe('invalid_parameter');
  expect(refusalOf([{}])).toMatchObject({ code: 'missing_parameter', details: [{ path: 'privileges[0].feature' }] });
  expect(refusalOf([{ feature: 'contacts' }])).toMatchObject({
    code: 'missing_parameter',
    details: [{ path: 'privileges[0].permissions' }],
  });
});

test('a long name is not echoed whole', () => {
  const problem = refusalOf([{ feature: 'x'.repeat(100), permissions: ['y'] }]);
  expect(problem.message).not.toContain('x'.repeat(61));
});

function refusalOf(written: Parameters<typeof readPrivileges>[1]): Problem {
  try {
    readPrivileges(catalogue, written);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

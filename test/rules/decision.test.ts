import { bitsetOf, encodeBitset } from '@latchkey/core/access/bitset.ts';
import { catalogueVocabulary } from '@latchkey/core/access/catalogue-vocabulary.ts';
import { decide, type Held, isGranting, remediesOf, standing } from '@latchkey/core/access/decision.ts';
import { Vocabulary } from '@latchkey/core/access/vocabulary.ts';
import type { Catalogue, CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import { loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import { featureOf, type PermissionName, permissionOf } from '@latchkey/core/permission.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplicaState, Row } from '../../client/src/replica/state.ts';

const words = ['a', 'b', 'c', 'read', 'write', 'constructor', 'valueof', 'x-y', 'x_y', 'none-of-it'];
const label = 'Label';

/** Any catalogue: some features with some permissions each, aliases for one or several of them, plans that have some. */
const catalogues: fc.Arbitrary<{ catalogue: Catalogue; bits: Map<string, number> }> = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom(...words), fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 8 })),
    { selector: ([name]) => name, minLength: 1, maxLength: 8 },
  )
  .chain((features) => {
    const names = features.flatMap(([feature, permissions]) =>
      permissions.map((permission) => `${feature}:${permission}`),
    );
    const some = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 6 });
    return fc.record({
      features: fc.constant(features),
      names: fc.constant(names),
      aliases: fc.uniqueArray(fc.tuple(fc.constantFrom(...words, 'old'), fc.constantFrom(...words, 'old'), some), {
        selector: ([feature, permission]) => `${feature}:${permission}`,
        maxLength: 5,
      }),
      plans: fc.array(some, { minLength: 1, maxLength: 3 }),
      administration: fc.constantFrom(...names),
      // Bits are given once and stay, so they are neither dense nor in the catalogue's order.
      bits: fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: names.length, maxLength: names.length }),
    });
  })
  .map(({ features, names, aliases, plans, administration, bits }) => {
    const file = {
      name: 'random',
      areas: {},
      features: Object.fromEntries(
        features.map(([feature, permissions]) => [
          feature,
          { label, permissions: Object.fromEntries(permissions.map((permission) => [permission, { label }])) },
        ]),
      ),
      aliases: Object.fromEntries(
        aliases
          .map(([feature, permission, targets]) => [`${feature}:${permission}`, targets] as const)
          .filter(([name]) => !names.includes(name)),
      ),
      plans: Object.fromEntries(
        plans.map((chosen, index) => [
          `plan-${index}`,
          {
            label,
            seats: null,
            features: Object.fromEntries(
              [...Map.groupBy(chosen, (name) => featureOf(name as PermissionName))].map(([feature, of]) => [
                feature,
                of.map((name) => permissionOf(name as PermissionName)),
              ]),
            ),
          },
        ]),
      ),
      default_plan: 'plan-0',
      administration: { members: administration, api_keys: administration, activities: administration },
    } as CatalogueFile;
    return { catalogue: loadCatalogue(file), bits: new Map(names.map((name, index) => [name, bits[index] as number])) };
  });

const people = fc.record({
  status: fc.constantFrom('active', 'active', 'active', 'pending', 'declined', 'nobody'),
  owner: fc.boolean(),
  everything: fc.boolean(),
  suspended: fc.boolean(),
  until: fc.option(fc.integer({ min: 0, max: 200 })),
  /** Which of the names that may be stored. */
  granted: fc.infiniteStream(fc.boolean()),
  plan: fc.nat(),
  now: fc.integer({ min: 0, max: 200 }),
});

test('decisions are those of a reader that knows only sets of names', () => {
  fc.assert(
    fc.property(catalogues, people, ({ catalogue, bits }, person) => {
      const assigned = [...bits].map(([name, bit]) => ({
        feature: featureOf(name as PermissionName),
        permission: permissionOf(name as PermissionName),
        bit,
      }));
      const vocabulary = catalogueVocabulary(catalogue, assigned);
      const known: string[] = [...catalogue.permissions, ...catalogue.aliases.keys()];
      const stored = [...known, 'gone:gone'].filter(() => person.granted.next().value);
      const plan = [...catalogue.plans.keys(), 'gone'][person.plan % (catalogue.plans.size + 1)] as string;

      const is =
        (person.status === 'active'
          ? standing.active
          : person.status === 'pending'
            ? standing.pending
            : person.status === 'declined'
              ? standing.declined
              : 0) |
        (person.everything ? standing.everything : 0) |
        (person.owner ? standing.owner : 0) |
        (person.suspended ? standing.suspended : 0) |
        (person.until !== null ? standing.limited : 0);
      const own = bitsetOf(vocabulary.bitsOf(stored), vocabulary.words);
      const held: Held = {
        standing: person.status === 'nobody' ? 0 : is,
        until: person.until ?? 0,
        granted: (word) => own[word] ?? 0,
      };

      const meaning = (name: string): string[] =>
        catalogue.permissions.has(name as PermissionName)
          ? [name]
          : [...(catalogue.aliases.get(name as PermissionName) ?? [])];
      const has = new Set(stored.flatMap(meaning));
      const inPlan = (name: string): boolean =>
        catalogue.plans.get(plan)?.permissions.has(name as PermissionName) === true ||
        Object.values(catalogue.administration).includes(name as PermissionName);
      const barred =
        person.status !== 'active' || person.suspended || (person.until !== null && person.now >= person.until);

      // Asked of the vocabulary itself, and of one that travelled as JSON, as it does to a client.
      for (const asked of [vocabulary, new Vocabulary(JSON.parse(JSON.stringify(vocabulary.data)))]) {
        const replica = new ReplicaState(asked, {
          plan: encodeBitset(vocabulary.planBits(plan)),
          revision: 1,
          epoch: '',
        });
        if (person.status === 'active')
          replica.put({
            id: 'somebody',
            email: 'somebody@example.com',
            active: true,
            owner: person.owner,
            all_features_access: person.everything,
            permissions: encodeBitset(own),
            suspended: person.suspended,
            access_expires_at: person.until === null ? null : new Date(person.until).toISOString(),
          });
        const row = new Row(replica, replica.find('somebody@example.com'));
        for (const name of known) {
          const question = asked.question(featureOf(name as PermissionName), permissionOf(name as PermissionName));
          if (typeof question === 'string') throw new Error(`${name} is ${question}`);
          const reason = decide(held, question, vocabulary.planBits(plan), person.now);
          const wanted = meaning(name);
          const all = person.owner || person.everything;
          const may = !barred && wanted.every((one) => (all || has.has(one)) && inPlan(one));
          expect(isGranting(reason), `${name}: ${reason}`).toBe(may);
          expect(replica.allows(row.number, question) ?? may, `${name} in one look`).toBe(may);
          if (person.status === 'active') expect(decide(row, question, replica.plan, person.now)).toBe(reason);
          expect(remediesOf(reason, true).length > 0).toBe(!may);
          if (!barred && !may)
            expect(reason).toBe(all || wanted.every((one) => has.has(one)) ? 'not_in_plan' : 'not_granted');
        }
      }
      for (const feature of [...words, 'gone', '__proto__', ''])
        for (const permission of [...words, 'gone', '__proto__', '']) {
          const question = vocabulary.question(feature, permission);
          const exists = known.includes(`${feature}:${permission}`);
          expect(typeof question === 'string').toBe(!exists);
          if (!exists)
            expect(question).toBe(
              known.some((name) => name.startsWith(`${feature}:`)) ? 'unknown_permission' : 'unknown_feature',
            );
        }
      expect([...vocabulary.permissions()].map((one) => `${one.feature}:${one.permission}`).sort()).toEqual(
        [...catalogue.permissions].sort(),
      );
      for (const name of catalogue.permissions)
        expect(vocabulary.namesThatGive(name).sort()).toEqual(
          known.filter((one) => meaning(one).includes(name)).sort(),
        );
    }),
    { numRuns: 400 },
  );
});

test('a permission that was given no bit stops the start, rather than taking another’s', () => {
  const file: CatalogueFile = {
    name: 'small',
    areas: {},
    features: { a: { label, permissions: { read: { label }, write: { label } } } },
    plans: { all: { label, seats: null, features: 'all' } },
    default_plan: 'all',
    administration: { members: 'a:read', api_keys: 'a:read', activities: 'a:read' },
  };
  expect(() => catalogueVocabulary(loadCatalogue(file), [{ feature: 'a', permission: 'read', bit: 0 }])).toThrow(
    /a:write/,
  );
});

test('vocabularies that differ in a name, a bit or an alias have different names, and labels make no difference', () => {
  const file = (permissions: string[], aliases: Record<string, string[]>, of: string, type: string): CatalogueFile => ({
    name: 'small',
    resource_type: type,
    areas: {},
    features: { a: { label: of, permissions: Object.fromEntries(permissions.map((name) => [name, { label: of }])) } },
    aliases,
    plans: { all: { label, seats: null, features: 'all' } },
    default_plan: 'all',
    administration: { members: 'a:read', api_keys: 'a:read', activities: 'a:read' },
  });
  const fingerprint = (catalogue: CatalogueFile, from = 0): string => {
    const loaded = loadCatalogue(catalogue);
    const assigned = [...loaded.permissions].map((name, index) => ({
      feature: featureOf(name),
      permission: permissionOf(name),
      bit: from + index,
    }));
    return catalogueVocabulary(loaded, assigned).fingerprint;
  };
  const plain = file(['read'], {}, 'One', 'feature');
  const different = [
    fingerprint(plain),
    fingerprint(plain, 1),
    fingerprint(file(['read', 'write'], {}, 'One', 'feature')),
    fingerprint(file(['read'], { 'a:look': ['a:read'] }, 'One', 'feature')),
    fingerprint(file(['read'], { 'b:read': ['a:read'] }, 'One', 'feature')),
    fingerprint(file(['read'], {}, 'One', 'record')),
  ];
  expect(new Set(different).size).toBe(different.length);
  expect(fingerprint(file(['read'], {}, 'Another', 'feature'))).toBe(fingerprint(plain));
});

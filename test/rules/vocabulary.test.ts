import { Vocabulary } from '@latchkey/core/access/vocabulary.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

// So few letters that names often agree in their lengths and first letters.
const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 });

test('a question is about the names that were asked, whatever was asked before and however alike they are', () => {
  const data = fc.uniqueArray(fc.tuple(name, name), { minLength: 1, maxLength: 20, selector: String });
  const asked = fc.array(fc.tuple(name, name), { maxLength: 100 });
  fc.assert(
    fc.property(data, asked, (known, questions) => {
      const permissions: Record<string, Record<string, number>> = {};
      for (const [bit, [feature, permission]] of known.entries())
        permissions[feature] = { ...permissions[feature], [permission]: bit };
      const vocabulary = new Vocabulary({ fingerprint: 'test', resource_type: 'feature', permissions, aliases: {} });
      for (const [feature, permission] of questions) {
        const bit = permissions[feature]?.[permission];
        const expected =
          bit !== undefined
            ? { feature, permission, word: bit >>> 5, mask: (1 << (bit & 31)) >>> 0, more: [], alias: false }
            : permissions[feature] === undefined
              ? 'unknown_feature'
              : 'unknown_permission';
        expect(vocabulary.question(feature, permission)).toEqual(expected);
      }
    }),
  );
});

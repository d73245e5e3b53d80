import { nearest } from '@latchkey/core/suggestion.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogue } from './arbitraries.ts';

const features = [...catalogue.features.keys()];

test.each([
  ['contact', 'contacts'],
  ['Contacts', 'contacts'],
  ['contcats', 'contacts'],
  ['email-campaigns', 'email_campaigns'],
  ['emailCampaigns', 'email_campaigns'],
  ['Email campaign', 'email_campaigns'],
  ['landing_page', 'landing_pages'],
  ['phoen', 'phone'],
  ['usermanagement', 'user_management'],
])('%s was meant to be %s', (written, meant) => expect(nearest(written, features)).toBe(meant));

test.each(['', 'x', 'zzzzzzzz', 'billing', '📞', 'x'.repeat(10_000)])('%s is near to nothing', (written) =>
  expect(nearest(written, features)).toBeUndefined(),
);

test('a name is nearest to itself, and one wrong letter in a long one is forgiven', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...features),
      fc.nat(),
      fc.constantFrom('drop', 'double', 'swap'),
      (name, at, mistake) => {
        expect(nearest(name, features)).toBe(name);
        const place = at % (name.length - 1);
        const [before, a = '', b = '', after] = [
          name.slice(0, place),
          name[place],
          name[place + 1],
          name.slice(place + 2),
        ];
        const written = { drop: before + b + after, double: before + a + a + b + after, swap: before + b + a + after }[
          mistake
        ];
        expect(nearest(written, features)).toBe(name);
      },
    ),
  );
});

test('whatever is written, the suggestion is one of the candidates or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (written) => {
      const suggestion = nearest(written, features);
      expect(suggestion === undefined || features.includes(suggestion)).toBe(true);
    }),
  );
});

import { canonicalEmail } from '@latchkey/core/email.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeAddresses, readAddresses } from '../../console/src/pages/invite/addresses.ts';

const emails = (text: string): string[] =>
  readAddresses(text).map((address) => ('email' in address ? address.email : `! ${address.fault} ${address.written}`));

test('addresses are read however they are separated', () => {
  const all = ['mei@example.com', 'noor@example.com', 'lucy@example.com', 'sam@example.com', 'kim@example.com'];
  expect(emails('mei@example.com, noor@example.com;lucy@example.com\nsam@example.com\tkim@example.com')).toEqual(all);
  expect(emails(`\r\n ${all.join(' ,\r\n')}; `)).toEqual(all);
});

test('addresses are read as mail programs copy them', () => {
  expect(emails('Mei Lin <mei@example.com>, "Doe, Jane" <jane@example.com>; <sam@example.com>')).toEqual([
    'mei@example.com',
    'jane@example.com',
    'sam@example.com',
  ]);
  expect(emails('kim@example.com Mei Lin <mei@example.com>\nmailto:noor@example.com')).toEqual([
    'kim@example.com',
    'mei@example.com',
    'noor@example.com',
  ]);
});

test('what is no address stays in the list and says why', () => {
  expect(emails('mei, @example.com, mei@, mei@example, mei@exam_ple.com, mei@@example, mei@example.com')).toEqual([
    '! noAt mei',
    '! noName @example.com',
    '! noDomain mei@',
    '! noDomain mei@example',
    '! invalid mei@exam_ple.com',
    '! invalid mei@@example',
    'mei@example.com',
  ]);
  expect(emails(`${'a'.repeat(65)}@example.com Mei <>`)).toEqual([
    `! tooLong ${'a'.repeat(65)}@example.com`,
    '! noAt Mei <>',
  ]);
});

test('the same person written twice is there once', () => {
  const merged = mergeAddresses(readAddresses('Mei@Example.com, mei@example.com, MEI <mei@EXAMPLE.com>, oops, oops'));
  expect(merged).toEqual([
    { written: 'Mei@Example.com', email: 'mei@example.com' },
    { written: 'oops', fault: 'noAt' },
  ]);
});

test('whatever the server takes for an address is read as one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.emailAddress(), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(',', '; ', '\n'),
      (list, by) => {
        expect(emails(list.join(by))).toEqual(list.map((email) => canonicalEmail(email)));
      },
    ),
  );
});

import { canonicalEmail, isEmail } from '@latchkey/core/email.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

/** Letters whose capitals come back as themselves; ß, ς and ı have none that do. */
const letters = [...'abcdefghijklmnopqrstuvwxyzàéîõüñçšžåøæœþðабвгдежзийклмнопрабгδθλπφωאבג日本語한글'];
const symbols = [..."0123456789!#$%&'*+/=?^_`{|}~-"];

const word = (from: string[]) =>
  fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: 8 }).map((parts) => parts.join('').normalize('NFC'));
const localPart = fc
  .array(word([...letters, ...symbols]), { minLength: 1, maxLength: 3 })
  .map((words) => words.join('.'));
/** As people write it and as the DNS does. */
const domain = fc.constantFrom(
  ['example.com', 'example.com'],
  ['mail.example.co.uk', 'mail.example.co.uk'],
  ['münchen.example', 'xn--mnchen-3ya.example'],
  ['пример.рф', 'xn--e1afmkfd.xn--p1ai'],
  ['例え.jp', 'xn--r8jz45g.jp'],
  ['straße.example', 'xn--strae-oqa.example'],
);
const spaces = fc.constantFrom('', ' ', '\t', '  ', '\u00a0', '\n', '\ufeff');

interface Spelling {
  capitals: boolean[];
  decomposed: boolean;
  domainForm: 0 | 1;
  domainCapitals: boolean;
  fullWidth: boolean;
  before: string;
  after: string;
}
const spelling: fc.Arbitrary<Spelling> = fc.record({
  capitals: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
  decomposed: fc.boolean(),
  domainForm: fc.constantFrom(0, 1),
  domainCapitals: fc.boolean(),
  fullWidth: fc.boolean(),
  before: spaces,
  after: spaces,
});

/** One of the ways in which people, keyboards and programs write the same address. */
function spelled(local: string, forms: readonly string[], how: Spelling): string {
  const cased = [...local].map((letter, index) => (how.capitals[index % 30] ? letter.toUpperCase() : letter)).join('');
  let host = forms[how.domainForm] ?? '';
  if (how.domainCapitals && !host.includes('ß')) host = host.toUpperCase();
  if (how.fullWidth) host = host.replace(/[.]/g, '。').replace(/e/g, 'ｅ');
  const written = `${cased}@${host}`;
  return how.before + (how.decomposed ? written.normalize('NFD') : written) + how.after;
}

describe('T1 the canonical form of an address', () => {
  test('is the same for every spelling: case, NFC and NFD, IDN and punycode, spaces around', () => {
    fc.assert(
      fc.property(localPart, domain, spelling, (local, forms, how) => {
        expect(canonicalEmail(spelled(local, forms, how))).toBe(`${local}@${forms[1]}`);
      }),
      { numRuns: 2000 },
    );
  });

  test('is its own canonical form, whatever was written', () => {
    const anything = fc.tuple(fc.string({ unit: 'binary', maxLength: 12 }), domain, spelling);
    fc.assert(
      fc.property(anything, ([local, forms, how]) => {
        const written = spelled(local, forms, how);
        fc.pre(isEmail(written));
        const canonical = canonicalEmail(written);
        expect(canonicalEmail(canonical)).toBe(canonical);
        expect(canonical).toBe(canonical.normalize('NFC').toLowerCase());
        expect(canonical).not.toMatch(/\s/u);
      }),
      { numRuns: 5000 },
    );
  });

  test('keeps apart what is different: tags, dots and everything else of the local part', () => {
    fc.assert(
      fc.property(localPart, localPart, domain, (one, other, forms) => {
        fc.pre(one !== other);
        expect(canonicalEmail(`${one}@${forms[0]}`)).not.toBe(canonicalEmail(`${other}@${forms[0]}`));
      }),
      { numRuns: 1000 },
    );
    const people = [
      'jane@x.co',
      'jane+ops@x.co',
      'jane+OPS2@x.co',
      'j.ane@x.co',
      'ja.ne@x.co',
      'jane-@x.co',
      'jane_@x.co',
    ];
    expect(new Set(people.map((written) => canonicalEmail(written))).size).toBe(people.length);
  });

  test('does not fold by compatibility (NFKC) in the local part, and does in the domain, as IDNA says', () => {
    for (const [compatible, plain] of [
      ['ﬁ@x.co', 'fi@x.co'],
      ['ｊａｎｅ@x.co', 'jane@x.co'],
      ['jane²@x.co', 'jane2@x.co'],
      ['ſam@x.co', 'sam@x.co'],
    ] as const)
      expect(canonicalEmail(compatible)).not.toBe(canonicalEmail(plain));
    expect(canonicalEmail('jane@ｅｘａｍｐｌｅ.com')).toBe('jane@example.com');
  });

  test('does not exist for an address with a dot at its end, spaces inside or invisible letters', () => {
    for (const written of [
      'jane@example.com.',
      'jane.@example.com',
      '.jane@example.com',
      'ja ne@example.com',
      'jane@exam ple.com',
      'jane\u200b@example.com',
      'jane\u00ad@example.com',
      '\u202ejane@example.com',
      'jane\u0000@example.com',
      'jane@example',
      'jane@@example.com',
      'jane@127.0.0.1',
      'jane@[127.0.0.1]',
      '"jane"@example.com',
      'Jane <jane@example.com>',
      '\ud800@example.com',
    ])
      expect(isEmail(written), written).toBe(false);
  });
});

describe('T1 through the API', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  const spellings = [
    'zoë+ops@münchen.example',
    ' ZOË+OPS@MÜNCHEN.EXAMPLE ',
    'zoë+ops@münchen.example'.normalize('NFD'),
    'Zoë+Ops@xn--mnchen-3ya.example',
    'zoë+ops@XN--MNCHEN-3YA.EXAMPLE',
    'zoë+ops@münchen。example',
  ];
  const canonical = 'zoë+ops@xn--mnchen-3ya.example';
  const path = (written: string): string => encodeURIComponent(written);

  test('one person by any spelling is one member, from invitation to revocation', async () => {
    const { owner } = world;
    const ids = new Set<string>();
    for (const email of spellings) {
      const answer = await owner.post('/organization/user/invitation/send', {
        email,
        all_features_access: false,
        privileges: [{ feature: 'contacts', permissions: ['view'] }],
      });
      expect(answer.status, email).toBe(200);
      ids.add(answer.body.id);
    }
    expect(ids.size).toBe(1);
    expect((await owner.get('/organization/deliveries')).body.deliveries).toHaveLength(1);

    for (const email of spellings) {
      const read = await owner.get(`/organization/user/${path(email)}/permissions`);
      expect(read.body).toMatchObject({ id: [...ids][0], email: canonical });
      const other = await owner.post('/organization/user/invitation/send', { email, all_features_access: true });
      expect(other).toMatchObject({ status: 400, body: { code: 'duplicate_parameter' } });
      const [query, log] = [`email=${path(email)}`, await owner.get(`/organization/activities?email=${path(email)}`)];
      expect((await owner.get(`/organization/deliveries?${query}`)).body.deliveries).toHaveLength(1);
      expect(log.body.logs.length).toBeGreaterThan(0);
    }
    const updated = await owner.post('/organization/user/update/permissions', {
      email: spellings[1],
      all_features_access: false,
      privileges: [{ feature: 'phone', permissions: ['all'] }],
    });
    expect(updated.status).toBe(200);

    await world.anonymous.post('/organization/user/invitation/accept', { token: await world.token(canonical) });
    const list = await owner.get('/organization/invited/users');
    expect(list.body.users.map((user: { email: string }) => user.email)).toEqual(['ada@example.com', canonical]);
    expect((await owner.put(`/organization/user/invitation/revoke/${path(spellings[3] ?? '')}`)).status).toBe(200);
    for (const email of spellings)
      expect((await owner.get(`/organization/user/${path(email)}/permissions`)).status).toBe(404);
  });

  test('a plus in the path is a plus, raw or encoded', async () => {
    await world.invite('jane+ops@example.com');
    await world.invite('jane@example.com', { permissions: ['phone:all'] });
    for (const raw of ['jane+ops@example.com', 'jane%2Bops%40example.com', 'Jane%2bOPS@example.com'])
      expect((await world.owner.get(`/organization/user/${raw}/permissions`)).body.email).toBe('jane+ops@example.com');
    expect((await world.owner.get('/organization/user/jane%20ops@example.com/permissions')).status).toBe(400);
  });
});

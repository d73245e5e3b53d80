import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from '../../server/src/store/member-list/conditions.ts';
import {
  beginningUpTo,
  compareBytes,
  isAhead,
  type Step,
  spansUpTo,
} from '../../server/src/store/member-list/steps.ts';
import { statusWord, wordsOf } from '../../server/src/store/member-list/words.ts';
import { startWorld, type World } from '../world.ts';

/**
 * What the server asks the index of address parts for is what the database put there: whoever belongs to an answer has every word
 * that is asked for. A word too many would lose members from lists, silently.
 */
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

type Question = { email: string; id: string; status?: string; words: string[] };

/** The questions whose words somebody with this address and id does not have. */
async function missed(questions: Question[]): Promise<Question[]> {
  const rows = await world.database.sql(
    `select q.n from jsonb_to_recordset($1) as q (n int, email text, id uuid, status text, words text[])
     where not (select bool_and(address_parts(q.email, q.id, coalesce(q.status, 'active')) @@ word::tsquery) from unnest(q.words) word)`,
    [JSON.stringify(questions.map((question, n) => ({ n, ...question })))],
  );
  return rows.map(({ n }) => questions[n as number] as Question);
}

const anyId = '01900000-0000-7000-8000-000000000000';
const character = fc.constantFrom(..."aabbmn019..--+_@^'\\|&!:*’é梅😀");
const address = fc
  .array(character, { minLength: 1, maxLength: 40 })
  .map((characters) => `${characters.join('')}@acme.test`);

test('whoever has a search anywhere in the address has its words, and whoever has it inside those of inside', async () => {
  const questions = fc.sample(
    fc.tuple(address, fc.nat(), fc.nat(30)).map(([email, from, length]) => {
      const characters = [...email];
      const start = from % characters.length;
      const search = characters.slice(start, start + length + 1).join('');
      return { email, id: anyId, words: wordsOf(search, start > 0 && from % 2 === 0 ? 'inside' : 'anywhere') };
    }),
    4_000,
  );
  expect(await missed(questions)).toEqual([]);
});

test('whoever is in a status that few have has its word, and nobody else', async () => {
  const statuses = ['active', 'pending', 'declined'];
  const questions = statuses.flatMap((status) =>
    (['pending', 'expired', 'declined'] as const).map((asked) => ({
      email: 'pending.declined@active.test',
      id: anyId,
      status,
      asked,
      words: [statusWord(asked) as string],
    })),
  );
  const others = (await missed(questions)).map((question) => question as (typeof questions)[number]);
  const found = questions.filter((question) => !others.includes(question));
  expect(found.map(({ status, asked }) => `${asked}: ${status}`)).toEqual([
    'pending: pending',
    'expired: pending',
    'declined: declined',
  ]);
  expect(statusWord('active')).toBeUndefined();
});

const threeAlike = fc
  .tuple(fc.array(character, { maxLength: 6 }), address, address, address)
  .map(([beginning, ...three]) => three.map((rest) => `${beginning.join('')}${rest}`));

test('addresses are compared as the database orders them, what UTF-16 writes as pairs last', async () => {
  const character = fc.constantFrom('a', 'z', 'é', '梅', '\ud7ff', '\ue000', 'ａ', '\uffff', '😀', '\u{10ffff}');
  const addresses = fc.sample(
    fc.array(character, { maxLength: 4 }).map((characters) => characters.join('')),
    4_000,
  );
  const rows = await world.database.sql(
    'select a.address from jsonb_array_elements_text($1) as a (address) order by a.address collate "C"',
    [JSON.stringify(addresses)],
  );
  expect(addresses.toSorted(compareBytes)).toEqual(rows.map(({ address }) => address));
});

const sorted = (sort: Page['filter']['sort']): Page => ({
  organizationId: anyId,
  filter: { sort },
  position: { owners: false, after: null },
  limit: 1,
});

test.each(['email', '-email'] as const)(
  'sort=%s: whoever stands between two addresses has the word of the step over both',
  async (sort) => {
    const questions = fc.sample(threeAlike, 4_000).map((three) => {
      const [from, email, goal] = three.toSorted(compareBytes) as [string, string, string];
      const ends = sort === 'email' ? ([goal, from] as const) : ([from, goal] as const);
      const { word, end } = beginningUpTo(ends[0], undefined, ends[1], sorted(sort));
      // A step is at least the first character, and the goal may lie behind it.
      const isWithin = !isAhead(email, end, sorted(sort));
      return { email: isWithin ? email : ends[1], id: anyId, words: [word] };
    });
    const lengths = new Set(questions.map(({ words: [word = ''] }) => [...word].length));
    expect(lengths.size).toBeGreaterThan(3);
    expect(await missed(questions)).toEqual([]);
  },
);

const time = fc.oneof(
  fc.nat(100_000_000_000),
  fc.nat(100_000).map((apart) => 50_000_000_000 + apart),
  fc.nat(300_000_000).map((apart) => 50_000_000_000 + apart),
);
const id = fc.tuple(time, fc.nat(0xffff)).map(([milliseconds, rest]) => {
  const digits = (1_600_000_000_000 + milliseconds).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-${rest.toString(16).padStart(12, '0')}`;
});

test.each(['created', '-created'] as const)(
  'sort=%s: whoever stands between where a step begins and its end has one of its spans',
  async (sort) => {
    const steps = fc.sample(fc.tuple(id, id, id), 4_000).map((three) => {
      const [first, between, last] = three.toSorted(compareBytes) as [string, string, string];
      const [from, goal] = sort === 'created' ? [first, last] : [last, first];
      return { from, goal, between, ...(spansUpTo(goal, from, sorted(sort)) as Step) };
    });
    for (const { goal, end } of steps) expect(sort === 'created' ? goal <= end : goal >= end).toBe(true);
    const questions = steps.flatMap(({ from, goal, between, end, word }) => {
      // The last millisecond before the end belongs to the step as well; where the order goes backwards, the end is the first of its own.
      const least = end.startsWith(goal.slice(0, 8)) ? goal : `${end.slice(0, 13)}-7000-8000-000000000001`;
      return [from, between, goal, least].map((member) => ({ email: 'ada@acme.test', id: member, words: [word] }));
    });
    expect(await missed(questions)).toEqual([]);
    const levels = new Set(steps.map(({ word }) => /\d+/.exec(word)?.[0]));
    expect([...levels].sort()).toEqual(['12', '18', '24', '30']);
  },
);

test('ids whose times are no times are not asked for by spans', () => {
  expect(spansUpTo('ffffffff-ffff-4fff-bfff-ffffffffffff', anyId, sorted('created'))).toBeUndefined();
  expect(spansUpTo('00000000-0000-4000-8000-000000000000', anyId, sorted('-created'))).toBeUndefined();
});

test('a beginning goes no farther than it is told, but for four characters', () => {
  const page = sorted('email');
  expect(beginningUpTo('aaron', 'zoe', 'aaron.a@acme.test', page)).toMatchObject({ word: "'^aaro'" });
  expect(beginningUpTo('ab', 'zoe', 'aaron.a@acme.test', page)).toMatchObject({ word: "'^a'" });
  expect(beginningUpTo('ab', 'ac', 'aaron.a@acme.test', page)).toMatchObject({ word: "'^aa':*" });
  expect(beginningUpTo('ab', 'aaron.b', 'aaron.a@acme.test', page)).toMatchObject({ word: "'^aaro'" });
  expect(beginningUpTo('m', undefined, 'aaron.a@acme.test', page)).toMatchObject({ word: "'^a'" });
});

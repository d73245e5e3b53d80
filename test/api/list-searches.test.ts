import type { MemberStatus } from '@latchkey/core/member.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { poolDatabase } from '../../server/src/store/database.ts';
import { byEmail } from '../../server/src/store/member-list/conditions.ts';
import { nextInOrder } from '../../server/src/store/member-list/ends.ts';
import { forecastOf } from '../../server/src/store/member-list/forecast.ts';
import { membersWith } from '../../server/src/store/member-list/found.ts';
import { readSteps } from '../../server/src/store/member-list/read.ts';
import { expectedHolders, expectedMembers } from '../../server/src/store/member-list/statistics.ts';
import { beginningUpTo, isAhead, type Step, spansUpTo } from '../../server/src/store/member-list/steps.ts';
import { wordsOf } from '../../server/src/store/member-list/words.ts';
import { listMemberRows, type MemberFilter } from '../../server/src/store/member-list.ts';
import { startWorld, type World } from '../world.ts';

/**
 * An organization in which every way to find members is taken: what many have is met in order, what few have is asked of
 * an index. Whatever the way, the list is that of somebody who looks at all members one by one.
 */
interface Person {
  id: string;
  email: string;
  status: string;
  everything: boolean;
  permissions: string[];
}

/** Some hours apart, then thousands within a second, then a minute apart: what goes by spans of time has to take them as they come. */
function idOf(n: number): string {
  const hours = Math.min(n, 2_000) * 25_000_000;
  const minutes = Math.max(0, n - 4_000) * 61_000;
  const time = (0x0190_0000_0000 + hours + Math.floor(n / 4) + minutes).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

let world: World;
let people: Person[];

const first = [
  'anna',
  'ben',
  'carla',
  'o’neill',
  "o'brien",
  'zoë',
  'émile',
  'x',
  '^y',
  'back\\slash',
  '梅',
  'ｂ',
  '😀',
];
const last = ['adler', 'be^x.q', 'rare&|!:*', 'quinn', "d'arc", 'martin'];
const hosts = ['acme.test', 'globex.test', 'sub.acme.test'];
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

beforeAll(async () => {
  world = await startWorld();
  const rows = Array.from({ length: 6_000 }, (_, n) => ({
    id: idOf(n),
    // Scattered over the order of addresses, and rare ones over both orders.
    email: `${n % 997 === 0 ? 'zebediah' : pick(first, n)}.${n % 1499 === 0 ? 'qxj' : pick(last, Math.floor(n / 11))}${(n * 7919) % 6007}@${pick(hosts, Math.floor(n / 66))}`,
    status: n % 50 === 7 ? 'declined' : n % 50 === 9 || n % 1201 === 0 ? 'pending' : 'active',
    everything: n % 800 === 3,
    permissions: n % 700 === 5 ? ['phone:all'] : n % 3 === 0 ? ['contacts:view', 'contacts:export'] : ['contacts:view'],
  }));
  people = rows;
  await insert(rows);
});
afterAll(() => world?.stop());

const sorts = ['created', '-created', 'email', '-email'] as const;
type MemberSort = MemberFilter['sort'];
type Filter = { search?: string; permission?: string | undefined; status?: string };

const filters: Filter[] = [
  {},
  ..."e|ë|梅|qx|xj|zz|ann|qxj|zeb|zebediah|anna.adler|a.ad|rare&|!:*|o’n|’neill|o'b|d'arc|^y|^|slash|\\|\\s|@sub.|.test|@acme.test|nobody-at-all|adler1|77@|12|x.q|q77|😀|ｂ."
    .split('|')
    .filter(Boolean)
    .map((search) => ({ search })),
  { search: `anna.adler${(22 * 7919) % 6007}@acme.test`.slice(0, 14) },
  { permission: 'phone:all' },
  { permission: 'contacts:export' },
  { permission: 'conversations:access' },
  { status: 'declined' },
  { status: 'pending' },
  { status: 'expired' },
  { search: 'anna', permission: 'phone:all' },
  { search: 'zebediah', permission: 'contacts:export' },
  { search: 'qxj', status: 'active' },
  { search: 'martin', status: 'declined' },
  { permission: 'phone:all', status: 'active' },
];

test.each(sorts)('sort=%s: every filter, page by page, finds just whom it describes, in order', async (sort) => {
  for (const filter of filters) {
    const expected = whoMatch(filter, sort);
    for (const limit of [100, 1000]) {
      if (expected.length > 1000 && limit === 100) continue;
      expect(await walk({ ...filter, sort, limit }), JSON.stringify({ ...filter, sort, limit })).toEqual(expected);
    }
  }
});

test.each(['email', '-email'])(
  'sort=%s: what many have, and all of them late in the order, is found from its first on',
  async (sort) => {
    // Pages of one, of which few are read on for: the ways that longer ones take among far more members.
    for (const search of ['anna.', 'x.', 'zoë', 'émile', '梅.', '^y', 'ｂ.', '😀.']) {
      const expected = whoMatch({ search }, sort).slice(0, 3);
      expect(await walk({ search, sort, limit: 1 }, 3), search).toEqual(expected);
    }
  },
);

test('what many have is found behind thousands whose addresses begin alike, and what is inside an address before what begins one', async () => {
  const others = Array.from({ length: 8_000 }, (_, n) => ({
    id: `0199bbbb-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
    // Three of them have inside what many behind them begin with.
    email: n < 3 ? `anton.ben.${n}@acme.test` : `aaron${n}@acme.test`,
    status: 'active',
    everything: false,
    permissions: n === 4_990 ? ['contacts:export'] : [],
  }));
  await insert(others);
  people.push(...others);
  for (const search of ['anna.', 'ben.', '.test'])
    expect(await walk({ search, sort: 'email', limit: 1 }, 5)).toEqual(whoMatch({ search }, 'email').slice(0, 5));
});

test('what PostgreSQL knows of members, and a sample of them, can be read by the role that serves, and says about what there is', async () => {
  const pool = new pg.Pool({ connectionString: world.database.url, max: 1 });
  try {
    const db = poolDatabase(pool);
    const share = (await expectedMembers(db, world.organizationId)) / people.length;
    const { holders, share: held } = await expectedHolders(db, ['contacts:export']);
    const hold = people.filter(({ permissions }) => permissions.includes('contacts:export')).length;
    expect([share, holders / hold, (held * people.length) / hold].map(Math.round)).toEqual([1, 1, 1]);
    expect(await expectedHolders(db, ['nobody:has-this'])).toEqual({ holders: 0, share: 0 });

    for (const sort of sorts) {
      for (const filter of [
        { search: 'anna.' },
        { search: 'acme', status: 'declined' },
        { search: 'nobody-has-this' },
      ]) {
        const { each, places, matching, own } = await forecastOf(db, pageOf(filter, sort));
        const inOrder = whoMatch({}, sort);
        const keys = sort.endsWith('email') ? inOrder : people.map(({ id }) => id).sort();
        if (sort === '-created') keys.reverse();
        const middle = keys.indexOf(places[places.length >> 1] as string);
        const found = { all: each * places.length, middle: 2 * middle, matching: each * matching.length };
        const counts = { all: people.length, middle: people.length, matching: whoMatch(filter, sort).length };
        for (const [what, count] of Object.entries(counts)) {
          const estimate = found[what as keyof typeof found];
          expect(Math.abs(estimate - count), `${what} of ${JSON.stringify({ ...filter, sort })}`).toBeLessThanOrEqual(
            0.4 * count,
          );
        }
        expect(own).toBe(matching.length);
      }
    }
  } finally {
    await pool.end();
  }
});

test('an address that has inside what others begin with waits for its own place', async () => {
  const numbered = Array.from(
    { length: 3_000 },
    (_, n) => `a${`${Math.floor(n / 300)}`.padStart(2, '0')}${n}@acme.test`,
  );
  const rarest = ['a01520.rarest', 'm.rarest', 'zoe^a01y.rarest', 'zoe^a01z.rarest'].map((name) => `${name}@acme.test`);
  const others = [...numbered, ...rarest].map((email, n) => ({
    id: `0199cccc-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
    email,
    status: n % 2 === 0 ? 'declined' : 'active',
    everything: false,
    permissions: n % 301 === 0 ? ['contacts:export'] : [],
  }));
  await insert(others);
  people.push(...others);
  expect(await walk({ search: 'rarest', sort: 'email', limit: 1 })).toEqual(rarest);

  // As many as are asked for in steps, of which the first is over all that begin with a0.
  const needles = [
    ...Array.from({ length: 900 }, (_, n) => `a5${n}needle@acme.test`),
    'zoe^a01w.needle@acme.test',
    'zoe^a01x.needle@acme.test',
  ].map((email, n) => ({
    id: `0199dddd-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
    email,
    status: 'active',
    everything: false,
    permissions: [],
  }));
  await insert(needles);
  people.push(...needles);
  for (const sort of ['email', '-email'] as const)
    expect(await walkAnew({ search: 'needle' }, sort, 1, 3)).toEqual(whoMatch({ search: 'needle' }, sort).slice(0, 3));
});

test.each(sorts)('sort=%s: filters together find just whom they describe, among thousands of each', async (sort) => {
  const together: Filter[] = [
    { search: 'rarest', status: 'declined' },
    { search: 'acme', status: 'declined', permission: 'contacts:export' },
    { status: 'declined', permission: 'contacts:export' },
    { status: 'declined', permission: 'phone:all' },
    { search: 'aaron', permission: 'contacts:export' },
    { search: 'a0', permission: 'contacts:export' },
    { search: 'aaron', permission: 'phone:all' },
    { search: 'rarest', permission: 'contacts:export' },
  ];
  for (const filter of together) {
    const expected = whoMatch(filter, sort);
    expect(await walk({ ...filter, sort, limit: 7 }), JSON.stringify(filter)).toEqual(expected);
  }
});

test('whoever came since the sample was drawn is found where the sample expects nobody', async () => {
  const pool = new pg.Pool({ connectionString: world.database.url, max: 1 });
  try {
    const db = poolDatabase(pool);
    const firstOf = async (search: string, sort: MemberSort, limit: number) => {
      const { organizationId, filter, position } = pageOf({ search }, sort);
      const rows = await listMemberRows(db, organizationId, filter, position, limit);
      return rows.map(({ email }) => email);
    };
    // Nearly all of the first begin with aaro, and of the second with itself.
    for (const search of ['aron', 'zoë']) await firstOf(search, '-email', 1);
    const newcomers = ['zaron', 'maron', 'azoë', 'mzoë'].map((name, n) => ({
      id: `0199eeee-0000-7000-8000-00000000000${n}`,
      email: `${name}@acme.test`,
      status: 'active',
      everything: false,
      permissions: [],
    }));
    await insert(newcomers);
    people.push(...newcomers);
    for (const [search, sort] of [
      ['aron', '-email'],
      ['zoë', 'email'],
    ] as const)
      expect(await firstOf(search, sort, 4), search).toEqual(whoMatch({ search }, sort).slice(0, 4));
  } finally {
    await pool.end();
  }
});

test('of thousands who begin alike, those are found of whom the first sixteen thousand say nothing', async () => {
  const bulk = Array.from({ length: 24_000 }, (_, n) => ({
    id: `0199ffff-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
    email: `bulk${`${n}`.padStart(5, '0')}${n < 17_000 ? '' : '-late'}@acme.test`,
    status: 'active',
    everything: false,
    permissions: [],
  }));
  await insert(bulk);
  people.push(...bulk);
  expect(await walkAnew({ search: '-late' }, 'email', 1, 2)).toEqual(
    whoMatch({ search: '-late' }, 'email').slice(0, 2),
  );
});

test('who is last in the order is found behind thousands with other beginnings, none of whom match', async () => {
  const afterC = whoMatch({ search: 'needle' }, 'email').filter((email) => email > 'c');
  expect(afterC).toHaveLength(2);
  expect(await walkAnew({ search: 'needle' }, 'email', 1, 3, 'c')).toEqual(afterC);
});

test.each(sorts)('sort=%s: short pages of a large organization are those of long ones', async (sort) => {
  const large: Filter[] = [
    ...filters.filter(({ search }) => search !== undefined),
    { search: 'aaron' },
    { search: 'aron' },
    { search: 'aron', permission: 'contacts:export' },
    { search: 'anna.', permission: 'contacts:export' },
    { search: 'acme', status: 'pending' },
    { search: 'acme', permission: 'phone:all' },
    { search: 'rest@', status: 'active' },
    { search: '9@acme' },
  ];
  for (const filter of large) {
    for (const limit of [1, 6]) {
      const expected = whoMatch(filter, sort).slice(0, 3 * limit);
      expect(await walkAnew(filter, sort, limit, 3), JSON.stringify({ ...filter, sort, limit })).toEqual(expected);
    }
  }
});

test('a cursor that nobody was given is a place in the list like those that were', async () => {
  const everybody = whoMatch({ search: 'zebediah' }, 'created');
  for (const [sort, id, expected] of [
    ['created', '00000000-0000-0000-0000-000000000000', everybody],
    ['created', 'ffffffff-ffff-ffff-ffff-ffffffffffff', []],
    ['-created', 'ffffffff-ffff-ffff-ffff-ffffffffffff', everybody.toReversed()],
    ['-created', '00000000-0000-0000-0000-000000000000', []],
  ] as const) {
    const cursor = Buffer.from(JSON.stringify([`members/${sort}`, 'others', id])).toString('base64url');
    expect(await walk({ search: 'zebediah', sort, limit: 1000 }, 1, cursor)).toEqual(expected);
    for (const search of ['martin', 'needle']) {
      const many = expected.length === 0 ? [] : whoMatch({ search }, sort).slice(0, 3);
      expect(await walkAnew({ search }, sort, 1, 3, id), search).toEqual(many);
    }
  }
});

test.each(sorts)('sort=%s: steps asked for together give everybody up to where they end, once', async (sort) => {
  const pool = new pg.Pool({ connectionString: world.database.url, max: 2 });
  try {
    const db = poolDatabase(pool);
    const keyOf = ({ id, email }: Person): string => (sort.endsWith('email') ? email : id);
    const keyOfAddress = new Map(people.map((person) => [person.email, keyOf(person)]));
    for (const search of ['anna.', 'needle', 'martin', 'aron']) {
      const page = pageOf({ search }, sort);
      const matching = whoMatch({ search }, sort);
      const start = await nextInOrder(db, page);
      const keys = matching.map((email) => keyOfAddress.get(email) as string);
      for (const places of [
        [1, 2, 3],
        [2, 12, 13],
        [20, 25, 200],
        [40, 300, 310],
      ]) {
        const stretch = [1, ...places].map((place) => keys[Math.min(place, keys.length) - 1] as string);
        const walks = stepsTo(stretch, page).flatMap((_, n, all) =>
          [undefined, start].map((start) => ({ steps: all.slice(0, n + 1), start })),
        );
        for (const [limit, walk] of [1, 8, 30, 60, 2_000].flatMap((n) => walks.map((one) => [n, one] as const))) {
          const source = membersWith(page, wordsOf(search, 'anywhere'), 'step.word');
          const rows = await readSteps(db, { ...page, limit }, walk, source);
          const until = keys.findIndex((key) => isAhead(key, walk.steps.at(-1)?.end ?? '', page));
          const expected = (until < 0 ? matching : matching.slice(0, until)).slice(0, limit);
          expect(
            rows.map(({ email }) => email),
            JSON.stringify({ search, places, limit, walk }),
          ).toEqual(expected);
        }
      }
    }
  } finally {
    await pool.end();
  }
});

/** Steps from where somebody stands to goals behind one another. */
function stepsTo([from = '', ...goals]: string[], page: ReturnType<typeof pageOf>): Step[] {
  const steps: Step[] = [];
  for (const goal of goals) {
    const start = steps.at(-1)?.end ?? from;
    if (steps.length > 0 && !isAhead(goal, start, page)) continue;
    steps.push(byEmail(page) ? beginningUpTo(goal, undefined, start, page) : (spansUpTo(goal, start, page) as Step));
  }
  return steps;
}

test('whoever comes before all others since a search was asked is found first by the next', async () => {
  const pool = new pg.Pool({ connectionString: world.database.url, max: 1 });
  try {
    const db = poolDatabase(pool);
    const searches = ['aaron', 'aron', 'needle', 'anna.', 'o’neill', 'q77'];
    const firstOf = async (search: string, sort: MemberSort, permission?: string) => {
      const { organizationId, filter, position } = pageOf({ search, permission }, sort);
      const rows = await listMemberRows(db, organizationId, filter, position, 3);
      return rows.map(({ email }) => email);
    };
    const ends = ['0100aaaa', 'ffffaaaa'].flatMap((time, end) =>
      searches.map((search, n) => ({
        id: `${time}-0000-7000-8000-00000000000${n}`,
        email: `${end === 0 ? '!' : '~'}${n}${search}@acme.test`,
        status: 'active',
        everything: false,
        permissions: n % 2 === 0 ? ['contacts:export'] : [],
      })),
    );
    for (const search of searches) for (const sort of sorts) await firstOf(search, sort);
    await insert(ends);
    people.push(...ends);
    for (const search of searches) {
      for (const sort of sorts) {
        expect(await firstOf(search, sort), `${search} ${sort}`).toEqual(whoMatch({ search }, sort).slice(0, 3));
        const filter = { search, permission: 'contacts:export' };
        const expected = whoMatch(filter, sort).slice(0, 3);
        expect(await firstOf(search, sort, filter.permission), JSON.stringify({ ...filter, sort })).toEqual(expected);
      }
    }
  } finally {
    await pool.end();
  }
});

test('somebody removed, and somebody whose search would match a removed one, are told apart', async () => {
  const [gone] = people.filter(({ email }) => email.includes('qxj'));
  await world.owner.put(`/organization/user/invitation/revoke/${encodeURIComponent(gone?.email ?? '')}`);
  const left = await walk({ search: 'qxj', sort: 'created', limit: 100 });
  expect(left).toEqual(whoMatch({ search: 'qxj' }, 'created').filter((email) => email !== gone?.email));
});

test('a search of nothing but spaces is none', async () => {
  const { body } = await world.owner.get('/organization/invited/users?search=%20&status=declined&sort=email&limit=5');
  expect(body.users.map(({ email }: Person) => email)).toEqual(
    whoMatch({ status: 'declined' }, 'email')
      .filter((email) => !email.endsWith('@example.com'))
      .slice(0, 5),
  );
});

const pageOf = ({ search, status, permission }: Filter, sort: MemberSort, after: string | null = null, limit = 1) => ({
  organizationId: world.organizationId,
  filter: {
    search,
    status: status as MemberStatus,
    sort,
    permissions: permission === undefined ? undefined : [permission],
  },
  position: { owners: false, after },
  limit,
});

/** The addresses on the first few pages, for a server that knows what there is by now. */
async function walkAnew(
  filter: Filter,
  sort: MemberSort,
  limit: number,
  pages: number,
  from: string | null = null,
): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: world.database.url, max: 1 });
  try {
    const db = poolDatabase(pool);
    const found: string[] = [];
    let after = from;
    for (let n = 0; n < pages; n++) {
      const page = pageOf(filter, sort, after, limit);
      const rows = await listMemberRows(db, page.organizationId, page.filter, page.position, limit);
      found.push(...rows.map(({ email }) => email));
      if (rows.length < limit) break;
      after = (sort.endsWith('email') ? rows.at(-1)?.email : rows.at(-1)?.id) ?? null;
    }
    return found.filter((email) => !email.endsWith('@example.com'));
  } finally {
    await pool.end();
  }
}

async function insert(rows: Person[]): Promise<void> {
  await world.database.sql(
    `with given as (select * from jsonb_to_recordset($2) as g (id uuid, email text, status text, everything boolean, permissions text[])),
     new_member as (insert into member (organization_id, id, email, status, all_features_access, locale) select $1, id, email, status, everything, 'en' from given),
     new_invitation as (
       insert into invitation (organization_id, id, member_id, expires_at, grantor_kind, grantor_id)
       select $1, gen_random_uuid(), id, now() + interval '1 day', 'api_key', $1 from given where status = 'pending')
     insert into member_grant (organization_id, member_id, permissions) select $1, id, permissions from given`,
    [world.organizationId, JSON.stringify(rows)],
  );
  await world.database.sql('analyze member, member_grant, invitation');
}

function whoMatch({ search, permission, status }: Filter, sort: string): string[] {
  const matching = people.filter(
    (person) =>
      (search === undefined || person.email.includes(search)) &&
      (permission === undefined || person.everything || person.permissions.includes(permission)) &&
      (status === undefined || person.status === status),
  );
  const key = (person: Person) => Buffer.from(sort.endsWith('email') ? person.email : person.id);
  const sorted = matching.toSorted((a, b) => Buffer.compare(key(a), key(b))).map(({ email }) => email);
  return sort.startsWith('-') ? sorted.reverse() : sorted;
}

/** Everybody whom the pages show, all or the first few, but for those of the cast, who are at `example.com`. */
async function walk(
  query: Filter & { sort: string; limit: number },
  most = Number.POSITIVE_INFINITY,
  from?: string,
): Promise<string[]> {
  const given = Object.entries(query).map(([name, value]) => [name, String(value)]);
  const walked: string[] = [];
  let cursor = from;
  let pages = 0;
  do {
    const parameters = new URLSearchParams([...given, ...(cursor === undefined ? [] : [['cursor', cursor]])]);
    const { status, body } = await world.owner.get(`/organization/invited/users?${parameters}`);
    expect(status, JSON.stringify({ query, body })).toBe(200);
    walked.push(...body.users.map(({ email }: Person) => email));
    cursor = body.cursor;
    pages++;
  } while (cursor !== undefined && pages < most);
  return walked.filter((email) => !email.endsWith('@example.com'));
}

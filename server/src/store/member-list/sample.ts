import { type Database, only } from '../database.ts';
import type { MemberSort } from './conditions.ts';
import { keep } from './statistics.ts';

export interface Sampled {
  organization_id: string;
  id: string;
  email: string;
  status: string;
  place_by_email: number;
}

/** Some of all organizations' members, drawn at random: near enough to choose a way by, never to answer from. */
export interface Sample {
  /** How many members one of them stands for. */
  each: number;
  inOrder(sort: MemberSort): Ordered;
}

export interface Ordered {
  members: readonly Sampled[];
  /** Their ids or addresses, whichever the order goes by. */
  places: readonly string[];
  /** At which places somebody's address has this in it. */
  having(text: string): number[];
  /** Which of the places are of an organization, or of its members in one stored status. */
  placesOf(organizationId: string, status?: string): readonly string[];
}

/** Of a million members one then stands for a hundred, as many as a page has. */
const wanted = 10_000;
/** Members on one page of the table came together, so five times as many pages are visited as it takes. */
const visited = 5 * wanted;

const nobody: Sample = {
  each: 1,
  inOrder: () => ({ members: [], places: [], having: () => [], placesOf: () => [] }),
};

export function sampleOf(db: Database): Promise<Sample> {
  return keep(db, 'sample', nobody, async () => {
    const size = await sizeOf(db);
    if (size === 0) return nobody;
    const ofPages = Math.min(1, visited / size);
    const ofMembers = Math.min(1, wanted / (size * ofPages));
    // As JSON, which is read ten times as fast as so many rows; and never many more of them, whatever the statistics say.
    const { members } = only(
      await db.rows<{ members: Sampled[] }>(
        `select coalesce(json_agg(s order by s.id), '[]') as members from (
           select m.*, row_number() over (order by m.email) as place_by_email from (
             select m.organization_id, m.id, m.email, m.status from member m tablesample system ($1)
             where m.status <> 'removed' and random() < $2 limit ${2 * wanted}) m) s`,
        [100 * ofPages, ofMembers],
      ),
    );
    return { each: 1 / (ofPages * ofMembers), inOrder: orderly(members) };
  });
}

/** About how many members there are by now, removed ones too: as large as the table is, at as many to a page as there were when it was analysed. */
async function sizeOf(db: Database): Promise<number> {
  const { size } = only(
    await db.rows<{ size: number | null }>(
      `select c.reltuples / nullif(c.relpages, 0) * pg_relation_size(c.oid) / current_setting('block_size')::int as size
       from pg_class c where c.oid = to_regclass('member')`,
    ),
  );
  return Math.max(0, size ?? 0);
}

/** Whether anybody was drawn, as nobody is before the table was analysed. */
export const hasSample = async (db: Database): Promise<boolean> => (await sampleOf(db)) !== nobody;

function orderly(byId: readonly Sampled[]): Sample['inOrder'] {
  const orders = new Map<MemberSort, Ordered>();
  return (sort) => {
    const known = orders.get(sort);
    if (known) return known;
    const members = sort.endsWith('email')
      ? byId.toSorted((one, other) => one.place_by_email - other.place_by_email)
      : [...byId];
    if (sort.startsWith('-')) members.reverse();
    const emails = members.map(({ email }) => email);
    const places = sort.endsWith('email') ? emails : members.map(({ id }) => id);
    const ordered = { members, places, having: finderIn(emails), placesOf: sorterOf(members, places) };
    orders.set(sort, ordered);
    return ordered;
  };
}

/** All in one text is searched several times as fast as one after another. */
function finderIn(emails: readonly string[]): Ordered['having'] {
  const all = `${emails.join('\n')}\n`;
  const ends: number[] = [];
  for (const { length } of emails) ends.push((ends.at(-1) ?? 0) + length + 1);
  return (text) => {
    const having: number[] = [];
    let place = 0;
    for (let at = all.indexOf(text); at >= 0; at = all.indexOf(text, ends[place])) {
      while (place < ends.length && (ends[place] as number) <= at) place++;
      if (place === ends.length) break;
      having.push(place);
    }
    return having;
  };
}

/** Sorted by organization once, since each page of each of their searches asks. */
function sorterOf(members: readonly Sampled[], places: readonly string[]): Ordered['placesOf'] {
  const sorted = new Map<string, string[]>();
  for (const [place, { organization_id, status }] of members.entries()) {
    for (const name of [organization_id, `${organization_id} ${status}`]) {
      const own = sorted.get(name) ?? [];
      sorted.set(name, own);
      own.push(places[place] as string);
    }
  }
  return (organizationId, status) =>
    sorted.get(status === undefined ? organizationId : `${organizationId} ${status}`) ?? [];
}

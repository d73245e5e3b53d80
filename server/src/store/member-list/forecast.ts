import type { Database } from '../database.ts';
import { hasListOfItsStatus, type Page, storedStatus } from './conditions.ts';
import { type Sample, sampleOf } from './sample.ts';
import { expectedHolders } from './statistics.ts';
import { isAhead } from './steps.ts';

/**
 * What a page's search and status will find, and where in its order, as far as a sample of all members tells. So words that go together,
 * and members who came together, count as what they are.
 */
export interface Forecast {
  /** How many members each of the sample stands for. */
  each: number;
  /** Ids or addresses of the sample, in the page's order. */
  places: readonly string[];
  /** At which places somebody matches, in that order. */
  matching: readonly number[];
  /** How many of those are of the page's organization. */
  own: number;
  /** Which places are of the list that the page is a part of. */
  listed: readonly string[];
  /** Which share of those that match likely holds one of the permissions, where some are asked for. */
  share: number;
}

/** The pages of one search are asked for one after another, and what is counted for one is true of the next. */
const counted = new WeakMap<Sample, Map<string, Counted>>();
const mostCounted = 100;

type Counted = Pick<Forecast, 'matching' | 'own' | 'listed'>;

export async function forecastOf(db: Database, page: Page): Promise<Forecast> {
  const { organizationId, filter } = page;
  const { search, status, sort, permissions } = filter;
  const sample = await sampleOf(db);
  const counts = counted.get(sample) ?? new Map<string, Counted>();
  counted.set(sample, counts);
  const name = JSON.stringify([organizationId, sort, status, search]);
  const known = counts.get(name) ?? count(sample, page);
  if (counts.size >= mostCounted) counts.clear();
  counts.set(name, known);
  const share = permissions === undefined ? 1 : (await expectedHolders(db, permissions)).share;
  return { each: sample.each, places: sample.inOrder(sort).places, share, ...known };
}

function count(sample: Sample, page: Page): Counted {
  const { search = '', status, sort } = page.filter;
  const { members, having, placesOf } = sample.inOrder(sort);
  const stored = status && storedStatus(status);
  const matching = having(search).filter((place) => stored === undefined || members[place]?.status === stored);
  const own = matching.filter((place) => members[place]?.organization_id === page.organizationId);
  const listed = placesOf(page.organizationId, hasListOfItsStatus(page) ? stored : undefined);
  return { matching, own: own.length, listed };
}

/** The forecast but for addresses that begin so. */
export function otherwise(forecast: Forecast, beginning: string): Forecast {
  const { matching, own, places } = forecast;
  const others = matching.filter((place) => !places[place]?.startsWith(beginning));
  return { ...forecast, matching: others, own: (own * others.length) / Math.max(1, matching.length) };
}

/** How many match, of all organizations: so many the index gives. */
export const expectedMatches = ({ matching, each }: Forecast): number => matching.length * each;

/** How many of the sample come before the page. */
export const placeOf = (forecast: Forecast, page: Page): number =>
  page.position.after === null ? 0 : placeBehind(forecast, page.position.after, page);

/** How many of the sample come before an id or address in the order, or are it. */
export const placeBehind = ({ places }: Forecast, value: string, page: Page): number => countUpTo(places, value, page);

function countUpTo(ordered: readonly string[], value: string, page: Page): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAhead(ordered[middle] as string, value, page)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many of the page's members are likely met from one place to the next. */
export const expectedInEach = ({ own, each, places, share }: Forecast): number =>
  (share * each * (own + 0.5)) / places.length;

/** More than these are not fetched on the way to a full page. */
const many = 1_000;

/** How far a page's steps go, each in parts of what is likely enough. */
const likelyEnough = [1.1, 1.4, 1.8, 2.5, 4];

/**
 * How far to go for a page, as places in the order, one behind the other: where it is likely full, and where next if it was not. Each goes only as
 * far as not too many others match as well. All but the first are not before the next that matches: where members came together nobody may
 * match until then.
 *
 * @param inEach how many of the page's members are likely met from one place to the next
 */
export function reachesOf(forecast: Forecast, at: number, members: number, inEach: number): number[] {
  const { matching, each } = forecast;
  const withoutTooMany = (place: number, from: number): number => {
    const next = matching.findIndex((match) => match >= from);
    const tooMany = next < 0 ? undefined : matching[next + Math.max(1, Math.ceil(many / each)) - 1];
    return Math.min(place, Math.max(tooMany ?? Number.POSITIVE_INFINITY, from + 1));
  };
  const reaches: number[] = [];
  for (const part of likelyEnough) {
    const from = reaches.at(-1);
    const needed = at + Math.ceil((part * members) / inEach);
    if (from !== undefined && needed <= from) continue;
    reaches.push(withoutTooMany(from === undefined ? needed : notBeforeNext(forecast, from + 1, needed), from ?? at));
  }
  return reaches;
}

function notBeforeNext(forecast: Forecast, from: number, place: number): number {
  const next = placeOfNext(forecast, from);
  return next < forecast.places.length ? Math.max(place, next) : place;
}

/** Where the next of the sample matches, or where the sample ends. */
export const placeOfNext = ({ matching, places }: Forecast, at: number): number =>
  matching.find((place) => place >= at) ?? places.length;

/** Somewhat more than is needed, since half of all guesses are too low. */
export const margin = 1.4;
/** Fewer are not worth a guess. */
const fewest = 500;

/** How many members of the list are likely to be gone through until the page is full, or the list at its end. */
export function membersUntilFull(forecast: Forecast, page: Page): number {
  const { places, listed, each } = forecast;
  if (places.length === 0) return Number.POSITIVE_INFINITY;
  const at = placeOf(forecast, page);
  const likelyFull = at + Math.ceil((margin * page.limit) / expectedInEach(forecast));
  const to = Math.min(places.length, notBeforeNext(forecast, at, likelyFull));
  return Math.max(fewest, Math.ceil(((to - at) * each * (listed.length + 0.5)) / places.length));
}

/** An id or address that about so many members of the list are ahead of; undefined behind the last of the sample. */
export function boundAhead({ listed, each }: Forecast, page: Page, members: number): string | undefined {
  const { after } = page.position;
  return listed[(after === null ? 0 : countUpTo(listed, after, page)) + Math.ceil(members / each)];
}

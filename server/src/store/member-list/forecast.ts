import type { Database } from '../database.ts';
import { hasListOfItsStatus, type Page, storedStatus } from './conditions.ts';
import { type Sample, type Sampled, sampleOf } from './sample.ts';
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
  /** How many of the sample are in the list that the page is a part of. */
  listed: number;
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
  const { members } = sample.inOrder(sort);
  const stored = status && storedStatus(status);
  const ofOneStatus = hasListOfItsStatus(page);
  const matching: number[] = [];
  let [own, listed] = [0, 0];
  // Ten thousand are gone through, so without an iterator.
  for (let place = 0; place < members.length; place++) {
    const member = members[place] as Sampled;
    const isOwn = member.organization_id === page.organizationId;
    const isOfStatus = stored === undefined || member.status === stored;
    if (isOwn && (isOfStatus || !ofOneStatus)) listed++;
    if (!isOfStatus || !member.email.includes(search)) continue;
    matching.push(place);
    if (isOwn) own++;
  }
  return { matching, own, listed };
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
export function placeBehind({ places }: Forecast, value: string, page: Page): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAhead(places[middle] as string, value, page)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many of the page's members are likely met from one place to the next. */
export const expectedInEach = ({ own, each, places, share }: Forecast): number =>
  (share * each * (own + 0.5)) / places.length;

/** More than these are not fetched on the way to a full page. */
const many = 1_000;

/** So many more than are needed take less time to fetch than it takes to ask a second time. */
const ample = 40;

/** How far to go for a page, as places in the order. */
export interface Reach {
  /** Where it is likely full. */
  near: number;
  /** Where it is nearly certainly full, if `near` was not enough. */
  far: number;
}

/**
 * Each goes only as far as not too many others match as well. The far place is not before the next that matches: where members came together
 * nobody may match until then.
 *
 * @param inEach how many of the page's members are likely met from one place to the next
 */
export function reachOf(forecast: Forecast, at: number, members: number, inEach: number): Reach {
  const { matching, each, share } = forecast;
  const withoutTooMany = (place: number, from: number): number => {
    const next = matching.findIndex((match) => match >= from);
    const tooMany = next < 0 ? undefined : matching[next + Math.max(1, Math.ceil(many / each)) - 1];
    return Math.min(place, Math.max(tooMany ?? Number.POSITIVE_INFINITY, from + 1));
  };
  const enough = (members + ample * share) / (inEach * leastOf(forecast));
  const near = withoutTooMany(at + Math.ceil(enough), at);
  return { near, far: withoutTooMany(placeOfFull(forecast, near, muchFarther * enough), near) };
}

/** So many times as far again goes the second of two steps. */
const muchFarther = 2;

function placeOfFull(forecast: Forecast, at: number, places: number): number {
  const needed = at + Math.ceil(places);
  const next = placeOfNext(forecast, at);
  return next < forecast.places.length ? Math.max(needed, next) : needed;
}

/** Where the next of the sample matches, or where the sample ends. */
export const placeOfNext = ({ matching, places }: Forecast, at: number): number =>
  matching.find((place) => place >= at) ?? places.length;

/** Which part of what is expected is likely there at the least: the fewer of the sample match, the more it may have met by chance. */
const leastOf = ({ own }: Forecast): number => 1 - (0.3 * Math.sqrt(own)) / (own + 0.5);

/** Somewhat more than is needed, since half of all guesses are too low. */
export const margin = 1.4;
/** Fewer are not worth a guess. */
const fewest = 500;

/** How many members of the list are likely to be gone through until the page is full, or the list at its end. */
export function membersUntilFull(forecast: Forecast, page: Page): number {
  const { each, listed, places } = forecast;
  if (places.length === 0) return Number.POSITIVE_INFINITY;
  const at = placeOf(forecast, page);
  const to = Math.min(places.length, placeOfFull(forecast, at, (margin * page.limit) / expectedInEach(forecast)));
  return Math.max(fewest, Math.ceil(((to - at) * each * (listed + 0.5)) / places.length));
}

import type { Database } from '../database.ts';
import type { MemberRow } from '../members.ts';
import { searchByEmail } from './by-email.ts';
import { byEmail, type Page } from './conditions.ts';
import { expectedMatches, forecastOf } from './forecast.ts';
import { readHolders } from './holders.ts';
import { inSteps, type Search } from './in-steps.ts';
import { expectedHolders } from './statistics.ts';
import { spansUpTo } from './steps.ts';
import { wordsOf } from './words.ts';

/**
 * By the index of address parts. It gives all that match at once and in no order, which is dear where they are many. So it is asked
 * for one part of the order after another, as large as the page seems to need: by id for spans of time, by address for what begins
 * alike. Where the page is full soon, the order itself is read on; where few hold one of the permissions, those are.
 */
export async function searchMembers(
  db: Database,
  page: Page,
  text: string,
  { longest, begins }: Pick<Search, 'longest' | 'begins'>,
): Promise<MemberRow[]> {
  const forecast = await forecastOf(db, page);
  const search: Search = { text, forecast, longest, begins };
  const { permissions } = page.filter;
  if (permissions !== undefined) {
    const { holders } = await expectedHolders(db, permissions);
    const matching = expectedMatches(forecast);
    const untilFull = page.limit / forecast.share;
    if (holders <= Math.min(matching, untilFull)) return readHolders(db, page, permissions);
    if (holders < matching) search.restAtOnce = (rest) => readHolders(db, rest, permissions);
  }
  return byEmail(page) ? searchByEmail(db, page, search) : searchById(db, page, search);
}

function searchById(db: Database, page: Page, search: Search): Promise<MemberRow[]> {
  return inSteps(db, page, {
    ...search,
    words: wordsOf(search.text, 'anywhere'),
    stepTo: (from, goal) => spansUpTo(goal, from, page),
  });
}

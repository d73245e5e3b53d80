import { expect, test } from 'vitest';
import type { Page } from '../../server/src/store/member-list/conditions.ts';
import { boundAhead, type Forecast, reachesOf } from '../../server/src/store/member-list/forecast.ts';

const name = (n: number): string => `p${String(n).padStart(4, '0')}`;
const page = (after: string | null): Page => ({
  organizationId: 'ours',
  filter: { sort: 'email' },
  position: { owners: false, after },
  limit: 100,
});

/** A thousand places, each for a hundred members; ours came together, at places 800 to 899. */
const forecast: Forecast = {
  each: 100,
  places: Array.from({ length: 1_000 }, (_, n) => name(n)),
  listed: Array.from({ length: 100 }, (_, n) => name(800 + n)),
  matching: [805, 810, 990],
  own: 2,
  share: 1,
};

test('the next few of an organization whose members came together are as far as its own of the sample say', () => {
  expect(boundAhead(forecast, page(null), 1_000)).toBe(name(810));
  expect(boundAhead(forecast, page(name(850)), 950)).toBe(name(861));
  expect(boundAhead(forecast, page(name(850)), 1)).toBe(name(852));
  expect(boundAhead(forecast, page(name(850)), 5_000)).toBeUndefined();
  expect(boundAhead({ ...forecast, listed: [] }, page(null), 1)).toBeUndefined();
});

test('each reach of a page is behind the one before, and where nobody matches for long the next who does is in it', () => {
  const reaches = reachesOf(forecast, 800, 100, 20);
  expect(reaches).toEqual([...new Set(reaches)].toSorted((one, other) => one - other));
  expect(reaches[0]).toBe(806);
  expect(reaches.some((reach) => reach >= 990)).toBe(true);
});

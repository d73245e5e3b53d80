import type { MemberStatus } from '@latchkey/core/member.ts';
import { deadline } from '../members.ts';

export type MemberSort = 'created' | '-created' | 'email' | '-email';

export interface MemberFilter {
  status?: MemberStatus | undefined;
  /** A part of the address, in canonical form. */
  search?: string | undefined;
  /** Stored names of which holding any one counts. */
  permissions?: readonly string[] | undefined;
  sort: MemberSort;
}

/** Where a page begins: after this member, among the owners or among everybody else. */
export interface MemberPosition {
  owners: boolean;
  /** The last member's id or address, whichever the order goes by. */
  after: string | null;
}

export interface Page {
  organizationId: string;
  filter: MemberFilter;
  position: MemberPosition;
  limit: number;
  /** Only those whose address begins so. */
  beginning?: string;
}

export const byEmail = ({ filter }: Page): boolean => filter.sort.endsWith('email');
export const backwards = ({ filter }: Page): boolean => filter.sort.startsWith('-');

/** What remains of a page of which so many were found, none of the others before `after`. */
export const restOf = (page: Page, found: number, after: string): Page => ({
  ...page,
  limit: page.limit - found,
  position: { ...page.position, after },
});

const orders = {
  created: { column: 'm.id', direction: 'asc', after: '>', before: '<', type: 'uuid' },
  '-created': { column: 'm.id', direction: 'desc', after: '<', before: '>', type: 'uuid' },
  email: { column: 'm.email', direction: 'asc', after: '>', before: '<', type: 'text' },
  '-email': { column: 'm.email', direction: 'desc', after: '<', before: '>', type: 'text' },
} as const;

export type Conditions = ReturnType<typeof conditionsOf>;

/**
 * Conditions on `member m`; $1 is the organization, and `value` adds another value. `range` is what an index has in
 * order, from the position on; `isBehind` and `isBefore` are about a `place` in it, or several; `searched` is the search; `wanted` the whole filter as far
 * as `range` does not say it; `reversed` is the order backwards.
 */
export function conditionsOf(page: Page) {
  const { organizationId, filter, position, beginning } = page;
  const { column, direction, after, before, type } = orders[filter.sort];
  const values: unknown[] = [organizationId];
  const value = (given: unknown): string => `$${values.push(given)}`;

  const range = ['m.organization_id = $1', `m.status <> 'removed'`, position.owners ? 'm.is_owner' : 'not m.is_owner'];
  const place = (given: string | readonly (string | null)[]): string =>
    `${value(given)}::${type}${Array.isArray(given) ? '[]' : ''}`;
  const isBehind = (expression: string): string => `${column} ${after} ${expression}`;
  const isBefore = (expression: string): string => `${column} ${before} ${expression}`;
  if (position.after !== null) range.push(isBehind(place(position.after)));
  if (beginning !== undefined)
    range.push(`m.email >= ${value(beginning)} and m.email < ${value(`${beginning}\u{10ffff}`)}`);
  const searched =
    filter.search === undefined ? 'true' : `m.email like ${value(`%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`)}`;
  const wanted = [searched];
  if (filter.status !== undefined) {
    const { stored, due } = statusConditions[filter.status];
    (hasListOfItsStatus(page) ? range : wanted).push(`m.status = '${stored}'`);
    if (due !== undefined) wanted.push(due);
  }
  if (filter.permissions !== undefined) {
    wanted.push(
      `(m.all_features_access or exists (select from member_grant g where g.organization_id = m.organization_id and g.member_id = m.id
         and g.permissions && ${value(filter.permissions)}::text[]))`,
    );
  }
  return {
    values,
    value,
    column,
    place,
    isBehind,
    isBefore,
    range: range.join(' and '),
    searched,
    wanted: wanted.join(' and '),
    order: `${column} ${direction}`,
    reversed: `${column} ${direction === 'asc' ? 'desc' : 'asc'}`,
  };
}

/** Those of a status that few have are, by id, a list of their own. */
export const hasListOfItsStatus = (page: Page): boolean =>
  page.filter.status !== undefined && page.filter.status !== 'active' && !byEmail(page);

/** Whoever has expired is stored as pending. */
export const storedStatus = (status: MemberStatus): string => statusConditions[status].stored;

/** Written out, so that a plan that is made once may use the index of just that status. */
const statusConditions: Record<MemberStatus, { stored: string; due?: string }> = {
  active: { stored: 'active' },
  pending: { stored: 'pending', due: `${deadline} > clock_timestamp()` },
  expired: { stored: 'pending', due: `${deadline} <= clock_timestamp()` },
  declined: { stored: 'declined' },
};

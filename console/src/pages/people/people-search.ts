import type { MemberStatus } from '@latchkey/client';

export const statuses = ['active', 'pending', 'expired', 'declined'] as const satisfies readonly MemberStatus[];
export const sorts = ['created', '-created', 'email', '-email'] as const;
export type Sort = (typeof sorts)[number];

/** What the address of this page says besides its path. */
export interface PeopleSearch {
  /** A part of the e-mail address. */
  search?: string;
  status?: MemberStatus;
  /** Only who may do this, `contacts:export`. */
  permission?: string;
  /** Only who may do anything in this feature. Never together with `permission`. */
  feature?: string;
  /** `created` where absent. */
  sort?: Sort;
}

/** Takes from an address what this page understands, and passes over the rest. */
export function readPeopleSearch(search: Record<string, unknown>): PeopleSearch {
  const text = textOf(search.search, 200);
  const permission = textOf(search.permission, 130);
  const feature = permission === undefined ? textOf(search.feature, 100) : undefined;
  const status = statuses.find((one) => one === search.status);
  const sort = sorts.find((one) => one === search.sort && one !== 'created');
  return {
    ...(text !== undefined && { search: text }),
    ...(status && { status }),
    ...(permission !== undefined && { permission }),
    ...(feature !== undefined && { feature }),
    ...(sort && { sort }),
  };
}

/** Whether anybody may be left out. */
export const isFiltered = ({ sort, ...filters }: PeopleSearch): boolean =>
  Object.values(filters).some((filter) => filter !== undefined);

/** The router reads what looks like a number as one. */
function textOf(value: unknown, longest: number): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.slice(0, longest) : undefined;
}

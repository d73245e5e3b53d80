import type { CountMembersReply, ListMembersReply } from '@latchkey/client';
import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from '@tanstack/react-query';
import { usePages, useRead } from '../../api.ts';
import type { PeopleSearch } from './people-search.ts';

const pageSize = 50;

/** The people that a search leaves, page by page: an organization may have many more than anybody wants to load. */
export function usePeople(search: PeopleSearch): UseInfiniteQueryResult<InfiniteData<ListMembersReply>> {
  return usePages(
    ['members', search],
    (latchkey, cursor, signal) =>
      latchkey.listMembers({ ...search, limit: pageSize, include: 'delivery,invitation,features', cursor }, { signal }),
    { keep: true },
  );
}

/** How many people there are of each status. */
export function useCounts(): UseQueryResult<CountMembersReply> {
  return useRead(['members', 'count'], (latchkey, signal) => latchkey.countMembers({ signal }));
}

import { partialMatchKey, type QueryKey, useMutationState } from '@tanstack/react-query';

/** What a change will most likely have made of something that was read. */
export interface Expectation {
  key: QueryKey;
  becomes: (read: never) => unknown;
}

/** @param key of what was read, or how the keys of all such begin */
export const expectation = <Read>(key: QueryKey, becomes: (read: Read) => Read): Expectation => ({ key, becomes });

/**
 * For `select` of a query: what was read, with all changes that are under way laid over it in the order in which they were
 * asked for. What was read itself stays as it is, so a change that is refused takes nothing back but itself, whatever else is
 * under way or is read again meanwhile.
 */
export function useExpected<Read>(queryKey: QueryKey): (read: Read) => Read {
  const underWay = useMutationState({
    filters: { status: 'pending', predicate: ({ state }) => matching(state.context, queryKey).length > 0 },
    select: ({ state }) => matching(state.context, queryKey),
  });
  return (read) => underWay.flat().reduce((shown, { becomes }) => becomes(shown as never) as Read, read);
}

/** @param context of a mutation: what `useChange` keeps there */
const matching = (context: unknown, queryKey: QueryKey): Expectation[] =>
  ((context ?? []) as Expectation[]).filter(({ key }) => partialMatchKey(queryKey, key));

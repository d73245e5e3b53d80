import type { Latchkey } from '@latchkey/client';
import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { latchkeyIn, personal } from './latchkey.ts';
import { useOrganization } from './session.tsx';

/**
 * Reads something of the current organization, and again when it may have changed.
 * @param key what is read, with all it is read with: `['members', search]`
 * @example const member = useRead(['member', email], (latchkey, signal) => latchkey.getMemberPermissions({ email }, { signal }));
 */
export function useRead<Reply>(
  key: readonly unknown[],
  ask: (latchkey: Latchkey, signal: AbortSignal) => PromiseLike<Reply>,
  options: { enabled?: boolean } = {},
): UseQueryResult<Reply> {
  const { id } = useOrganization();
  return useQuery({
    ...options,
    queryKey: ['organization', id, ...key],
    queryFn: async ({ signal }) => await ask(latchkeyIn(id), signal),
  });
}

/**
 * Reads a list of the current organization page by page; `fetchNextPage` for the next one. With `keep`, the list before stays
 * until another that was asked for is there, and `isPlaceholderData` says so.
 * @example const pages = usePages(['members', search], (latchkey, cursor, signal) => latchkey.listMembers({ ...search, cursor }, { signal }));
 */
export function usePages<Page extends { cursor?: string }>(
  key: readonly unknown[],
  ask: (latchkey: Latchkey, cursor: string | undefined, signal: AbortSignal) => PromiseLike<Page>,
  options: { keep?: boolean } = {},
): UseInfiniteQueryResult<InfiniteData<Page>> {
  const { id } = useOrganization();
  return useInfiniteQuery({
    queryKey: ['organization', id, ...key],
    queryFn: async ({ pageParam, signal }) => await ask(latchkeyIn(id), pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    ...(options.keep && { placeholderData: keepPreviousData }),
  });
}

/**
 * Changes something in the current organization. Whatever of it is on the screen is then read again, also after a failure:
 * it may have happened all the same.
 * @example const revoke = useChange((latchkey, email: string) => latchkey.revokeMember({ email }));
 */
export function useChange<Input, Reply>(
  ask: (latchkey: Latchkey, input: Input) => PromiseLike<Reply>,
): UseMutationResult<Reply, Error, Input> {
  const { id } = useOrganization();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: Input) => await ask(latchkeyIn(id), input),
    onSettled: () => void client.invalidateQueries({ queryKey: ['organization', id] }),
  });
}

/** As `useRead`, for what belongs to the person. */
export function usePersonalRead<Reply>(
  key: readonly unknown[],
  ask: (latchkey: Latchkey, signal: AbortSignal) => PromiseLike<Reply>,
): UseQueryResult<Reply> {
  return useQuery({ queryKey: ['personal', ...key], queryFn: async ({ signal }) => await ask(personal, signal) });
}

/** As `useChange`, for what belongs to the person. */
export function usePersonalChange<Input, Reply>(
  ask: (latchkey: Latchkey, input: Input) => PromiseLike<Reply>,
): UseMutationResult<Reply, Error, Input> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: Input) => await ask(personal, input),
    onSettled: () => void client.invalidateQueries({ queryKey: ['personal'] }),
  });
}

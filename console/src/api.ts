import type { Latchkey } from '@latchkey/client';
import {
  type InfiniteData,
  keepPreviousData,
  type QueryKey,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { tellProblem } from './components/tell-problem.ts';
import { type Expectation, useExpected } from './expected.ts';
import { latchkeyIn, personal } from './latchkey.ts';
import { useOrganization } from './session.tsx';
import { useWords } from './words/words.tsx';

/** The key under which something of an organization is kept once it was read; without more, all of it. */
export const keyIn = (organizationId: string, ...key: readonly unknown[]): QueryKey => [
  'organization',
  organizationId,
  ...key,
];

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
  const queryKey = keyIn(id, ...key);
  return useQuery({
    ...options,
    queryKey,
    queryFn: async ({ signal }) => await ask(latchkeyIn(id), signal),
    select: useExpected<Reply>(queryKey),
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
    queryKey: keyIn(id, ...key),
    queryFn: async ({ pageParam, signal }) => await ask(latchkeyIn(id), pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    ...(options.keep && { placeholderData: keepPreviousData }),
  });
}

export interface ChangeOptions<Input> {
  /**
   * What the change will have made of what was read: shown from the moment it is asked for until the server has answered, and
   * no longer where it refuses. Only for what docs/decisions/0016 allows.
   */
  atOnce?: (input: Input) => Expectation[];
  /** What it is called in the corner, should it fail when its page has gone: “Taking back the invitation of mei@example.com”. */
  called?: (input: Input) => string;
}

/**
 * Changes something in the current organization. Whatever of it is on the screen is then read again, also after a failure:
 * it may have happened all the same.
 * @example const revoke = useChange((latchkey, email: string) => latchkey.revokeMember({ email }));
 */
export function useChange<Input, Reply>(
  ask: (latchkey: Latchkey, input: Input) => PromiseLike<Reply>,
  options: ChangeOptions<Input> = {},
): UseMutationResult<Reply, Error, Input, Expectation[]> {
  const { id } = useOrganization();
  return useChangeOf(keyIn(id), async (input) => await ask(latchkeyIn(id), input), options);
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
  options: ChangeOptions<Input> = {},
): UseMutationResult<Reply, Error, Input, Expectation[]> {
  return useChangeOf(['personal'], async (input) => await ask(personal, input), options);
}

function useChangeOf<Input, Reply>(
  all: QueryKey,
  change: (input: Input) => Promise<Reply>,
  { atOnce, called }: ChangeOptions<Input>,
): UseMutationResult<Reply, Error, Input, Expectation[]> {
  const client = useQueryClient();
  const { problems } = useWords();
  const isHere = useIsHere();
  return useMutation({
    mutationFn: change,
    onMutate: (input) => atOnce?.(input) ?? [],
    onSettled: async (_reply, error, input, expectations = []) => {
      if (error && called && !isHere()) tellProblem(problems, error, called(input));
      const keys = [all, ...expectations.map(({ key }) => key)];
      const readAgain = Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
      // What was expected stays until what came of it is there, or what was before would be seen in between.
      if (expectations.length > 0 && !error) await readAgain;
    },
  });
}

/** Whether the component is still on the page, for what ends later than that. */
function useIsHere(): () => boolean {
  const here = useRef(false);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return () => here.current;
}

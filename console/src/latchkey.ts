import { Latchkey, LatchkeyError } from '@latchkey/client';
import { QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { serverUrl } from './place.ts';

/** For what belongs to the person, whatever the organization: the session, passkeys, and signing in. */
export const personal = new Latchkey({ url: serverUrl, session: true });

const byOrganization = new Map<string, Latchkey>();

/** For what happens in an organization, as the member that the person is there. */
export function latchkeyIn(organizationId: string): Latchkey {
  const known = byOrganization.get(organizationId) ?? new Latchkey({ url: serverUrl, session: true, organizationId });
  byOrganization.set(organizationId, known);
  return known;
}

export const isRefusal = (error: unknown, code: LatchkeyError['code']): error is LatchkeyError =>
  error instanceof LatchkeyError && error.code === code;

/** Asked again and again while somebody looks, so that a session that was ended elsewhere ends here too. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => personal.getSession({ signal }),
  refetchInterval: 15_000,
  refetchOnWindowFocus: 'always',
});

/** The client repeats requests itself, so nothing here does. A 401 anywhere makes us ask at once whether the session has ended. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: askForSessionAfter }),
  defaultOptions: {
    queries: { retry: false, networkMode: 'always', staleTime: 5_000 },
    mutations: { retry: false, networkMode: 'always', onError: askForSessionAfter },
  },
});

function askForSessionAfter(error: unknown, query?: unknown): void {
  const isSession = (query as { queryKey?: unknown[] } | undefined)?.queryKey?.[0] === 'session';
  if (isRefusal(error, 'unauthorized') && !isSession) void queryClient.invalidateQueries({ queryKey: ['session'] });
}

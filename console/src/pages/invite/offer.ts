import { type InviteMembersReply, type Latchkey, LatchkeyError, type RowProblem } from '@latchkey/client';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { latchkeyIn } from '../../latchkey.ts';
import { changeOf, type Grants, isNothing, noGrants } from '../../permissions/grants.ts';
import { problemInWords, type ReasonWords } from '../../problem-words.ts';
import { useOrganization } from '../../session.tsx';
import type { Words } from '../../words/words.tsx';

export type Result = InviteMembersReply['results'][number];

/** What is offered to everybody in an invitation. */
export interface Offer {
  emails: string[];
  grants: Grants;
  /** Of the mail; the organization's where empty. */
  locale: string;
}

/** The most that one request takes. */
const atOnce = 100;

/**
 * Invites everybody, as many at once as a request takes.
 * @param progress is told of each answer, so that what happened before a failure is known
 * @param dryRun only says what would happen
 */
export async function sendInvitations(
  latchkey: Latchkey,
  { emails, grants, locale }: Offer,
  options: { dryRun?: boolean; signal?: AbortSignal; progress?: (results: Result[]) => void } = {},
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < emails.length; from += atOnce) {
    const reply = await latchkey.inviteMembers(
      {
        emails: emails.slice(from, from + atOnce),
        ...changeOf(noGrants, grants),
        ...(locale !== '' && { locale }),
        ...(options.dryRun && { dry_run: true }),
      },
      { signal: options.signal },
    );
    results.push(...reply.results);
    options.progress?.(reply.results);
  }
  return results;
}

/** What would become of each address if it were invited now: asked a moment after the last change. */
export function useRehearsal(offer: Offer): UseQueryResult<Map<string, Result>> {
  const { id } = useOrganization();
  const [asked] = useDebouncedValue(offer, 500);
  return useQuery({
    queryKey: ['organization', id, 'rehearsal', asked.emails, asked.locale, changeOf(noGrants, asked.grants)],
    queryFn: async ({ signal }) => {
      const results = await sendInvitations(latchkeyIn(id), asked, { dryRun: true, signal });
      return new Map(results.map((result) => [result.email, result]));
    },
    enabled: asked.emails.length > 0 && !isNothing(asked.grants),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

/** Why somebody is not invited. */
export const refusalInWords = (words: Words['problems'], error: RowProblem | undefined, reasons: ReasonWords): string =>
  problemInWords(words, error && new LatchkeyError(error as ConstructorParameters<typeof LatchkeyError>[0]), reasons);

import { readSearch } from '@latchkey/core/access/authzen.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import type { Asking } from './asking.ts';
import { allowedOf, paged } from './searching.ts';

/** What may they do? The permissions of one feature that the member has. */
export async function searchActions(
  { checks, organizationId, revision }: Asking,
  body: Buffer,
): Promise<Reply<Api['searchActions']>> {
  const search = readSearch(body, 'action');
  const known = search.resourceType === checks.vocabulary.resourceType;
  const questions = known ? [...checks.vocabulary.permissions(search.resourceId ?? '')] : [];
  const allowed = await allowedOf(checks, organizationId, search, revision, questions);
  const { page, results } = paged(
    search,
    allowed.map(({ permission }) => permission),
  );
  return { page, results: results.map((name) => ({ name })) };
}

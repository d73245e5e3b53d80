import { readSearch } from '@latchkey/core/access/authzen.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import type { Asking } from './asking.ts';
import { allowedOf, paged, questionOf } from './searching.ts';

/** On what may they? The features in which the member may do the action. */
export async function searchResources(
  { checks, organizationId, revision }: Asking,
  body: Buffer,
): Promise<Reply<Api['searchResources']>> {
  const search = readSearch(body, 'resource');
  const { vocabulary } = checks;
  const questions = vocabulary.features.flatMap(
    (feature) => questionOf(checks, search, feature, search.action ?? '') ?? [],
  );
  const allowed = await allowedOf(checks, organizationId, search, revision, questions);
  const { page, results } = paged(
    search,
    allowed.map(({ feature }) => feature),
  );
  return { page, results: results.map((id) => ({ type: vocabulary.resourceType, id })) };
}

import { readSearch } from '@latchkey/core/access/authzen.ts';
import { decide, hasAll, isGranting } from '@latchkey/core/access/decision.ts';
import type { Question } from '@latchkey/core/access/vocabulary.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import type { AccessChecks } from '../../access/access-checks.ts';
import { heldOf } from '../../access/access-index.ts';
import { searchAccessStates } from '../../store/access-states.ts';
import type { Asking } from './asking.ts';
import { requireReached, subjectType } from './decide-access.ts';
import { lastPage, questionOf, readPage, writeToken } from './searching.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** Who may? Read from the database, page by page in the order of their ids. */
export async function searchSubjects(
  { checks, db, organizationId, revision }: Asking,
  body: Buffer,
): Promise<Reply<Api['searchSubjects']>> {
  const search = readSearch(body, 'subject');
  const { limit, after } = readPage(search, nobody);
  const { vocabulary, feed } = checks;
  const question = questionOf(checks, search, search.resourceId ?? '', search.action ?? '');
  if (search.subjectType !== subjectType || question === undefined) return { page: lastPage(0), results: [] };
  await feed.current();
  // One more than is shown tells whether there is another page.
  const found = await searchAccessStates(db, organizationId, namesFor(checks, question), after, limit + 1);
  requireReached(found.revision, revision);
  const plan = vocabulary.planBits(found.plan);
  // Whoever was given it, nobody may: there is nothing on any page.
  if (!hasAll(plan, question)) return { page: lastPage(0), results: [] };
  const members = found.members.slice(0, limit);
  const results = members
    .filter((member) => isGranting(decide(heldOf(vocabulary, member, 0), question, plan, feed.now())))
    .map((member) => ({ type: subjectType, id: member.external_id ?? member.email }));
  const more = found.members.length > members.length;
  return {
    page: more
      ? { next_token: writeToken(search, limit, members.at(-1)?.id ?? after), count: results.length }
      : lastPage(results.length),
    results,
  };
}

/** For each permission that is asked for, the stored names that give it: its own, and aliases that were stored. */
function namesFor({ vocabulary }: AccessChecks, question: Question): string[][] {
  return [...vocabulary.permissions()]
    .filter(({ word, mask }) =>
      [question, ...question.more].some((part) => part.word === word && (part.mask & mask) >>> 0 === mask),
    )
    .map(({ feature, permission }) => vocabulary.namesThatGive(`${feature}:${permission}`));
}

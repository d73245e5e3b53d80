import { encodeBitset } from '@latchkey/core/access/bitset.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { accessHead, listAccessStates } from '../../store/access-states.ts';
import type { Call } from '../call.ts';
import { accessState } from './access-state.ts';

type Line = Reply<Api['getAccessSnapshot']>;

const membersAtOnce = 1000;
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Every active member of the organization, read in pages. What changes meanwhile may be told as it was or as it is: the
 * changes after the head's revision say it again, and whoever has those too has everything.
 */
export async function* getAccessSnapshot({ db, checks, actor }: Call): AsyncGenerator<Line> {
  const { feed, vocabulary } = checks;
  await feed.current();
  const { epoch } = feed;
  const head = await accessHead(db, actor.organization.id);
  yield {
    head: {
      organization_id: actor.organization.id,
      revision: head.revision,
      epoch,
      vocabulary: vocabulary.fingerprint,
      plan: encodeBitset(vocabulary.planBits(head.plan)),
      now: head.now,
    },
  };
  let members = 0;
  for (let after = nobody; ; ) {
    const page = await listAccessStates(db, actor.organization.id, after, membersAtOnce);
    for (const member of page) yield { member: accessState(vocabulary, member) };
    members += page.length;
    const last = page.at(-1);
    if (!last || page.length < membersAtOnce) break;
    after = last.id;
  }
  yield { end: { members } };
}

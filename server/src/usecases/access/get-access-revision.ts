import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { accessHead } from '../../store/access-states.ts';
import type { Call, Outcome } from '../call.ts';

type Operation = Api['getAccessRevision'];

/** The newest revision, from memory while that is current: then it may be as old as `age_ms` says. */
export async function getAccessRevision({ db, checks, actor }: Call): Promise<Outcome<Reply<Operation>>> {
  const { feed, index, vocabulary } = checks;
  await feed.current();
  const age = feed.age();
  const known = index.organization(actor.organization.id);
  const vocabularyName = vocabulary.fingerprint;
  if (known && known.revision >= 0)
    return {
      body: { revision: known.revision, age_ms: age, epoch: feed.epoch, vocabulary: vocabularyName, now: feed.now() },
    };
  const { revision, now } = await accessHead(db, actor.organization.id);
  return { body: { revision, age_ms: 0, epoch: feed.epoch, vocabulary: vocabularyName, now } };
}

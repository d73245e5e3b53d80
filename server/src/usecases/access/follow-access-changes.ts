import { encodeBitset } from '@latchkey/core/access/bitset.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Query, Reply } from '@latchkey/core/api/operation.ts';
import type { AccessChange } from '../../store/access-changes.ts';
import { accessBacklog } from '../../store/access-changes.ts';
import { accessStatesOf } from '../../store/access-states.ts';
import type { Call } from '../call.ts';
import { accessState } from './access-state.ts';

export type AccessChangeEvent = Reply<Api['followAccessChanges']>;

/** What a stream of changes carries besides changes: that nothing happened, and that the follower must begin anew. */
export type ChangeSignal = { kind: 'change'; event: AccessChangeEvent } | { kind: 'quiet' } | { kind: 'reset' };

const quietMilliseconds = 5_000;
/** A key that was rotated out, or a partner's that was deleted, follows no longer than this; a good one just comes again. */
const longestMilliseconds = 60_000;

/**
 * The changes of the organization's access after a revision, as they happen. Ends when the key that follows has changed, so
 * that it has to be shown again.
 */
export async function* followAccessChanges(
  call: Call,
  {
    query,
    lastEventId,
    closed,
  }: { query: Query<Api['followAccessChanges']>; lastEventId: string | undefined; closed: AbortSignal },
): AsyncGenerator<ChangeSignal> {
  if (closed.aborted) return;
  const { feed } = call.checks;
  const organizationId = call.actor.organization.id;
  const news = new News();
  const unsubscribe = feed.onChange((changes) => {
    const own = changes.filter(({ organization_id }) => organization_id === organizationId);
    if (own.length > 0) news.came(own.some((change) => concerns(call, change)));
  });
  const unsubscribeRestart = feed.onRestart(() => news.came(true));
  closed.addEventListener('abort', () => news.came(true), { once: true });
  const end = performance.now() + longestMilliseconds;
  try {
    let after = startingAfter(query.after ?? lastEventId);
    for (;;) {
      news.take();
      const event = await changesAfter(call, after ?? Number.MAX_SAFE_INTEGER);
      if (after === undefined) after = event.revision;
      else if (event.reset) {
        yield { kind: 'reset' };
        return;
      } else if (event.revision > after) {
        after = event.revision;
        yield { kind: 'change', event: event.change };
      }
      if (news.over) return;
      const left = end - performance.now();
      if (left <= 0) return;
      if (!(await news.within(Math.min(quietMilliseconds, left)))) yield { kind: 'quiet' };
      if (news.over) return;
    }
  } finally {
    unsubscribe();
    unsubscribeRestart();
  }
}

const startingAfter = (revision: string | undefined): number | undefined =>
  revision !== undefined && /^[0-9]{1,15}$/.test(revision) ? Number(revision) : undefined;

/** Whether the key that follows may be another one from here on. */
const concerns = ({ actor }: Call, change: AccessChange): boolean =>
  change.api_key_id === actor.id || (actor.member !== undefined && change.member_id === actor.member.id);

async function changesAfter(
  { db, checks, actor }: Call,
  after: number,
): Promise<{ revision: number; reset: boolean; change: AccessChangeEvent }> {
  const { vocabulary } = checks;
  const backlog = await accessBacklog(db, actor.organization.id, after);
  const members = backlog.members.length > 0 ? await accessStatesOf(db, actor.organization.id, backlog.members) : [];
  return {
    revision: backlog.revision,
    reset: !backlog.complete,
    change: {
      revision: backlog.revision,
      vocabulary: vocabulary.fingerprint,
      members: members.map((member) => accessState(vocabulary, member)),
      former_external_ids: backlog.formerExternalIds,
      ...(backlog.planChanged && { plan: encodeBitset(vocabulary.planBits(backlog.plan)) }),
    },
  };
}

/** Whether something came since last asked, and a way to wait for it. */
class News {
  over = false;
  #came = false;
  #wake: (() => void) | undefined;

  came(last: boolean): void {
    this.#came = true;
    this.over ||= last;
    this.#wake?.();
  }

  take(): void {
    this.#came = false;
  }

  /** @returns whether anything came before the time was over */
  async within(milliseconds: number): Promise<boolean> {
    if (this.#came) return true;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
    this.#wake = undefined;
    return this.#came;
  }
}

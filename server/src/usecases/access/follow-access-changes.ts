import { encodeBitset } from '@latchkey/core/access/bitset.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Query, Reply } from '@latchkey/core/api/operation.ts';
import type { AccessChecks } from '../../access/access-checks.ts';
import { type AccessChange, accessBacklog } from '../../store/access-changes.ts';
import { accessStatesOf } from '../../store/access-states.ts';
import type { Database } from '../../store/database.ts';
import { grouped } from '../../store/grouped.ts';
import type { Call } from '../call.ts';
import { accessState } from './access-state.ts';

export type AccessChangeEvent = Reply<Api['followAccessChanges']>;

/** What a stream of changes carries besides changes: that nothing happened, and that the follower must begin anew. */
export type ChangeSignal = { kind: 'change'; event: AccessChangeEvent } | { kind: 'quiet' } | { kind: 'reset' };

const quietMilliseconds = 5_000;
/** A key that was rotated out, or a partner's that was deleted, follows no longer than this; a good one just comes again. */
const longestMilliseconds = 60_000;

interface Following {
  query: Query<Api['followAccessChanges']>;
  lastEventId: string | undefined;
  /** Aborted when nobody reads the stream any more. */
  closed: AbortSignal;
}

/**
 * The changes of the organization's access after a revision, as they happen. Ends when the key that follows has changed, so
 * that it has to be shown again.
 * @throws Problem `too_many_requests` where the key follows too many streams
 */
export function followAccessChanges(call: Call, following: Following): AsyncGenerator<ChangeSignal> {
  const leave = call.checks.followers.enter(call.actor.id);
  if (following.closed.aborted) leave();
  else following.closed.addEventListener('abort', leave, { once: true });
  return changes(call, following);
}

async function* changes(call: Call, { query, lastEventId, closed }: Following): AsyncGenerator<ChangeSignal> {
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

interface Told {
  revision: number;
  reset: boolean;
  change: AccessChangeEvent;
}

const readers = new WeakMap<AccessChecks, (asked: Asked) => Promise<Told>>();

/** Streams wake together, and those that are at the same revision are told the same: so they look together. */
function changesAfter({ db, checks, actor }: Call, after: number): Promise<Told> {
  const reader =
    readers.get(checks) ?? grouped((asked: Asked[]) => tellEach(db, checks, asked), { atOnce: 2, largest: 1000 });
  readers.set(checks, reader);
  return reader({ organizationId: actor.organization.id, after });
}

interface Asked {
  organizationId: string;
  after: number;
}

function tellEach(db: Database, checks: AccessChecks, asked: readonly Asked[]): Promise<Told[]> {
  const told = new Map<string, Promise<Told>>();
  return Promise.all(
    asked.map((one) => {
      const same = JSON.stringify([one.organizationId, one.after]);
      const known = told.get(same) ?? tell(db, checks, one);
      told.set(same, known);
      return known;
    }),
  );
}

async function tell(db: Database, { vocabulary }: AccessChecks, { organizationId, after }: Asked): Promise<Told> {
  const backlog = await accessBacklog(db, organizationId, after);
  const members = backlog.members.length > 0 ? await accessStatesOf(db, organizationId, backlog.members) : [];
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

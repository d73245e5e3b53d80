import {
  type AccessReason,
  decide,
  hasAll,
  isGranting,
  reasonsInWords,
  remediesOf,
} from '@latchkey/core/access/decision.ts';
import type { Question } from '@latchkey/core/access/vocabulary.ts';
import type { AccessAnswer, AccessChecker, AccessQuestion } from '../access-question.ts';
import type { AtRevision, CallOptions } from '../call.ts';
import { LatchkeyError } from '../error.ts';
import type { Operations } from '../operations.ts';
import { canonicalName } from './canonical-name.ts';
import { Follower, type OpenStream } from './follow.ts';
import { Lease, type MonotonicClock } from './lease.ts';
import { type ReplicaState, Row } from './state.ts';

export interface ReplicaOptions {
  /** Milliseconds for which it answers by itself after it was last known to be current: 2,000 where absent. */
  lease?: number | undefined;
  /** What `check` does when the lease is over: ask the server (as where absent), or throw as `can` does. */
  beyondLease?: 'ask' | 'throw' | undefined;
  /** Milliseconds for opening it; 10,000 where absent. */
  timeout?: number | undefined;
  /**
   * Another clock than the platform's monotonic one, in milliseconds; for hot loops see `tickingClock`. It must go on by
   * itself: one that a timer moves stands still while the event loop is blocked, and the lease with it.
   */
  clock?: MonotonicClock | undefined;
}

/**
 * The access of everybody in one organization, kept here and kept current, so that "may they?" is answered without asking:
 * `can` takes well under a microsecond. It never answers from beyond its lease: where it cannot know whether a permission
 * was taken away, it throws.
 */
export class Replica {
  readonly #access: AccessChecker;
  readonly #options: ReplicaOptions;
  readonly #lease: Lease;
  readonly #follower: Follower;

  private constructor(server: Operations & { access: AccessChecker }, open: OpenStream, options: ReplicaOptions) {
    const { lease = 2_000, clock = () => performance.now() } = options;
    if (!(lease >= 100 && lease <= 3_600_000)) throw new TypeError('lease: 100 to 3,600,000 milliseconds');
    this.#access = server.access;
    this.#options = options;
    this.#lease = new Lease(lease, clock);
    this.#follower = new Follower(server, open, this.#lease);
  }

  /**
   * Takes a snapshot and follows the changes. Resolves when it may be asked.
   * @throws LatchkeyError where the server cannot be reached in time, or the key may not ask about access
   */
  static async open(
    server: Operations & { access: AccessChecker },
    open: OpenStream,
    options: ReplicaOptions = {},
  ): Promise<Replica> {
    const replica = new Replica(server, open, options);
    const { timeout = 10_000 } = options;
    try {
      await inTime(timeout, replica.#follower.start());
      await replica.current({ timeout });
      return replica;
    } catch (error) {
      replica.close();
      throw error;
    }
  }

  /**
   * May this member do this? By e-mail address, id or external id, or by a handle.
   * @throws LatchkeyError `stale` where that cannot be known here just now
   */
  can(member: string | MemberHandle, feature: string, permission: string): boolean {
    return this.allows(this.#numberOf(member), feature, permission);
  }

  /** The same with why, and what would change it. @throws LatchkeyError `stale`, also where the revision has not arrived here */
  explain({ member, feature, permission }: AccessQuestion, { revision = 0 }: AtRevision = {}): AccessAnswer {
    const row = new Row(this.state, this.#numberOf(member));
    if (row.state.revision < revision) throw this.#stale(`revision ${revision} has not arrived`);
    const reason = this.decide(row, feature, permission);
    return answerOf(reason, row.state.plan, row.state.vocabulary.question(feature, permission));
  }

  /**
   * An answer from here where there is one, and from the server where not, unless `beyondLease` forbids that.
   * @throws LatchkeyError where there is none: then nobody has said yes
   */
  async check(question: AccessQuestion, options: CallOptions & AtRevision = {}): Promise<AccessAnswer> {
    try {
      return this.explain(question, options);
    } catch (error) {
      if (!(error instanceof LatchkeyError) || error.code !== 'stale' || this.#options.beyondLease === 'throw')
        throw error;
      return this.#access.check(question, options);
    }
  }

  /**
   * Somebody looked up once, for hot loops: a number that means this membership as long as the replica is open, and nobody
   * after it. Of somebody who is no member, it means nobody, also should they join later.
   */
  handle(name: string): MemberHandle {
    return this.find(name) as MemberHandle;
  }

  /** A member to ask about again and again; good as long as the replica, whoever they become. */
  member(name: string): ReplicaMember {
    return new ReplicaMember(this, name);
  }

  /** Whether it may be asked at this moment. */
  isCurrent(): boolean {
    return this.#lease.holds();
  }

  /** The newest revision that has arrived here. */
  get revision(): number {
    return this.state.revision;
  }

  /** Bytes it holds outside the garbage collector's sight. */
  get bytes(): number {
    return this.state.bytes;
  }

  /**
   * Resolves when it is current, and has reached the revision.
   * @throws LatchkeyError `timeout`, or why it cannot keep up
   */
  async current({ revision = 0, timeout = 5_000 }: { revision?: number; timeout?: number } = {}): Promise<void> {
    const end = performance.now() + timeout;
    while (!this.isCurrent() || this.revision < revision) {
      const { failure, closed } = this.#follower;
      if (closed) throw this.#stale('it is closed');
      if (failure && ['unauthorized', 'permission_denied'].includes(failure.code)) throw failure;
      const left = end - performance.now();
      if (left <= 0)
        throw new LatchkeyError({
          code: 'timeout',
          message: 'The replica did not become current in time.',
          cause: failure,
        });
      await Promise.race([this.#follower.news(), new Promise((resolve) => setTimeout(resolve, Math.min(left, 50)))]);
    }
  }

  /** Stops following; it can no longer be asked. */
  close(): void {
    this.#follower.close();
  }

  /** @internal What is known now. */
  get state(): ReplicaState {
    const { state } = this.#follower;
    if (state === undefined) throw this.#stale('it is not open');
    return state;
  }

  /** @internal The row of a name, -1 for nobody's. */
  find(name: string): number {
    const found = this.state.find(name);
    return found >= 0 || !name.includes('@') ? found : this.state.find(canonicalName(name));
  }

  /** @internal May the member of a row? More than the row is looked at only where it does not say. */
  allows(number: number, feature: string, permission: string): boolean {
    this.#requireLease();
    const { state } = this;
    const question = state.vocabulary.question(feature, permission);
    if (typeof question === 'string') return false;
    return state.allows(number, question) ?? isGranting(this.decide(new Row(state, number), feature, permission));
  }

  /** @internal Decides about a row of what is known now. */
  decide(row: Row, feature: string, permission: string): AccessReason {
    this.#requireLease();
    const question = row.state.vocabulary.question(feature, permission);
    if (typeof question === 'string') return question;
    // Only of who has a time limit it matters what time it is.
    return decide(row, question, row.state.plan, row.isLimited ? this.#lease.now() : 0);
  }

  #numberOf(member: string | MemberHandle): number {
    return typeof member === 'number' ? this.state.rowOf(member) : this.find(member);
  }

  #requireLease(): void {
    if (!this.#lease.holds()) throw this.#stale('it has not heard from the server');
  }

  #stale(why: string): LatchkeyError {
    const { failure, closed } = this.#follower;
    const message = `The replica cannot know this now: ${closed ? 'it is closed' : why}.`;
    return new LatchkeyError({ code: 'stale', message, cause: failure });
  }
}

declare const handle: unique symbol;
/** What `Replica.handle` gives; good with that replica alone. */
export type MemberHandle = number & { readonly [handle]: true };

/**
 * A member resolved once. Should they leave and come back, be unknown at first, or their name be given to somebody else, the
 * name is looked up again: it always means whom it means to `can`.
 */
export class ReplicaMember extends Row {
  readonly name: string;
  readonly #replica: Replica;
  #renamed: number;

  /** @internal Replica.member makes them. */
  constructor(replica: Replica, name: string) {
    super(replica.state, replica.find(name));
    this.#replica = replica;
    this.#renamed = replica.state.renamed;
    this.name = name;
  }

  /** @throws LatchkeyError `stale` where that cannot be known here just now */
  can(feature: string, permission: string): boolean {
    this.#lookAgain();
    return this.#replica.allows(this.number, feature, permission);
  }

  /** The same with why. @throws LatchkeyError `stale` */
  explain(feature: string, permission: string): AccessAnswer {
    this.#lookAgain();
    const reason = this.#replica.decide(this, feature, permission);
    return answerOf(reason, this.state.plan, this.state.vocabulary.question(feature, permission));
  }

  /** A row that says nothing may have been left for another, and one of an older state says nothing any more. */
  #lookAgain(): void {
    const { state } = this.#replica;
    if (this.standing !== 0 && this.state === state && this.#renamed === state.renamed) return;
    this.state = state;
    this.#renamed = state.renamed;
    this.number = this.#replica.find(this.name);
  }
}

function answerOf(reason: AccessReason, plan: Uint32Array, question: Question | string): AccessAnswer {
  const inPlan = typeof question === 'string' || hasAll(plan, question);
  return { allowed: isGranting(reason), reason, message: reasonsInWords[reason], needs: remediesOf(reason, inPlan) };
}

async function inTime<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LatchkeyError({ code: 'timeout', message: 'The replica could not be opened in time.' })),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

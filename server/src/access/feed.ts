import { type AccessChange, readAccessFeed } from '../store/access-changes.ts';
import { type Database, DatabaseUnavailable } from '../store/database.ts';

/** Milliseconds on a clock that only goes forward, whatever happens to the wall clock. */
export type MonotonicClock = () => number;

export interface FeedOptions {
  /** Milliseconds for which an answer of the database may be relied on. */
  lease: number;
  /** The catalogue this node answers by. */
  catalogue: string;
  clock: MonotonicClock;
  failed: (error: unknown) => void;
}

/**
 * What this node knows of changes of access, and how current that is. It was current at the moment at which it sent a
 * question that was answered, and relies on that for one lease; a notification only makes it ask sooner. Whoever answers
 * from memory looks at `isCurrent` in the same breath.
 */
export class AccessFeed {
  readonly lease: number;
  readonly #db: Database;
  readonly #options: FeedOptions;
  readonly #listeners = new Set<(changes: readonly AccessChange[]) => void>();
  readonly #restartListeners = new Set<() => void>();
  #epoch: string | undefined;
  #snapshot: string | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;
  #databaseTime = 0;
  #disagrees = false;
  #asking: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param db gives a question up well before the lease is over, so that another connection can be asked in time */
  constructor(db: Database, options: FeedOptions) {
    this.lease = options.lease;
    this.#db = db;
    this.#options = options;
  }

  /** Asks from now on, several times a lease. */
  async start(): Promise<void> {
    await this.renewed();
    this.#timer = setInterval(() => this.wake(), this.lease / 5).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#next?.catch(() => {});
    await this.#asking?.catch(() => {});
  }

  /** Called with every change, once, before any answer that knows of it. */
  onChange(listener: (changes: readonly AccessChange[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Called where the database was restarted or replaced, so that what was read before may never have happened; and where more
   * has changed than can be told.
   */
  onRestart(listener: () => void): () => void {
    this.#restartListeners.add(listener);
    return () => this.#restartListeners.delete(listener);
  }

  /** Names the run of the database that this node's knowledge is of. */
  get epoch(): string {
    return this.#epoch ?? '';
  }

  isCurrent(): boolean {
    return this.age() <= this.lease && !this.#disagrees;
  }

  /** The moment, on the clock, at which all changes were known. */
  get knownAt(): number {
    return this.#sentAt;
  }

  /** Whether what was found out by what was known at a moment may still be answered. */
  stillCounts(knownAt: number): boolean {
    return this.#options.clock() - knownAt <= this.lease;
  }

  /** How many milliseconds ago all changes were known. */
  age(): number {
    return this.#options.clock() - this.#sentAt;
  }

  /** The database's clock in milliseconds since 1970, rather too late than too early. */
  now(): number {
    return this.#databaseTime + this.age();
  }

  /** Asks soon, because there may be something new. */
  wake(): void {
    this.renewed().catch(this.#options.failed);
  }

  /**
   * Resolves when a question that was sent after this call has been answered and its changes are known to all.
   * @throws DatabaseUnavailable where the database does not answer, or goes by another catalogue than this node
   */
  renewed(): Promise<void> {
    this.#next ??= this.#askAfter(this.#asking);
    return this.#next;
  }

  /** Makes sure that what is in memory may be relied on now. @throws DatabaseUnavailable */
  async current(): Promise<void> {
    if (this.isCurrent()) return;
    // The first question may have met a connection that no longer answers; the second goes by another.
    await this.renewed().catch(() => this.renewed());
  }

  async #askAfter(earlier: Promise<void> | undefined): Promise<void> {
    await earlier?.catch(() => {});
    const asking = this.#ask();
    this.#asking = asking;
    this.#next = undefined;
    try {
      await asking;
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
  }

  async #ask(): Promise<void> {
    const sentAt = this.#options.clock();
    const answer = await readAccessFeed(this.#db, this.#snapshot);
    if ((this.#epoch !== undefined && this.#epoch !== answer.epoch) || answer.tooMany)
      for (const listener of this.#restartListeners) listener();
    this.#epoch = answer.epoch;
    if (answer.changes.length > 0) for (const listener of this.#listeners) listener(answer.changes);
    // Only now: what a listener failed to take in is asked for again.
    this.#snapshot = answer.snapshot;
    this.#sentAt = sentAt;
    this.#databaseTime = answer.now;
    this.#disagrees = answer.catalogue !== this.#options.catalogue;
    if (this.#disagrees) throw new DatabaseUnavailable(new Error('another node has brought another catalogue'));
  }
}

import { Vocabulary } from '@latchkey/core/access/vocabulary.ts';
import { LatchkeyError } from '../error.ts';
import type { Operations } from '../operations.ts';
import type { Lease } from './lease.ts';
import { ReplicaState } from './state.ts';
import { eventsOf, linesOf } from './text-stream.ts';
import type { ChangeEvent, SnapshotLine } from './wire.ts';

/** Opens a stream of the server's. @throws LatchkeyError where it is refused or cannot be reached */
export type OpenStream = (path: string, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;

/** Questions in the time of one lease, so that some may get lost. */
const questionsPerLease = 4;
const shortestPause = 50;
const longestPause = 2_000;
const shortestStream = 1_000;
/** The server says something at least every five seconds. */
const silence = 15_000;

/**
 * Keeps a state as the server's is: a snapshot, the stream of changes after it, and questions for the newest revision, each
 * of which renews the lease once the state has reached what was answered. A stream that is late, broken or of another
 * catalogue only ever shortens what is known.
 */
export class Follower {
  state: ReplicaState | undefined;
  /** Why the last attempt to keep up failed. */
  failure: LatchkeyError | undefined;
  readonly #server: Operations;
  readonly #open: OpenStream;
  readonly #lease: Lease;
  readonly #closing = new AbortController();
  readonly #waiting = new Set<() => void>();
  #stream: AbortController | undefined;
  #outdated = false;
  /** What the newest revisions were, and when that was asked, where the state has yet to get there. */
  #ahead: { revision: number; moment: number }[] = [];

  constructor(server: Operations, open: OpenStream, lease: Lease) {
    this.#server = server;
    this.#open = open;
    this.#lease = lease;
  }

  /** @throws LatchkeyError where the first snapshot cannot be had */
  async start(): Promise<void> {
    this.state = await this.#snapshot();
    void this.#followForEver();
    void this.#askForEver();
  }

  close(): void {
    this.#closing.abort();
    this.#stream?.abort();
    this.#lease.end();
    this.#told();
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Resolves whenever something was learnt: a change, a renewal, a failure. */
  news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #told(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  async #snapshot(): Promise<ReplicaState> {
    for (;;) {
      const vocabulary = new Vocabulary(await this.#server.getAccessVocabulary({ signal: this.#closing.signal }));
      const state = await this.#readSnapshot(vocabulary);
      if (state) return state;
      // Nodes change their catalogue one by one; the next answer may come from another.
      await pause(shortestPause, this.#closing.signal);
    }
  }

  /** @returns undefined where the snapshot is of another vocabulary */
  async #readSnapshot(vocabulary: Vocabulary): Promise<ReplicaState | undefined> {
    let state: ReplicaState | undefined;
    let heardAt = performance.now();
    const stalled = new AbortController();
    const watch = setInterval(() => {
      if (performance.now() - heardAt > silence) stalled.abort();
    }, silence / 3);
    const signal = AbortSignal.any([stalled.signal, this.#closing.signal]);
    try {
      for await (const line of linesOf(await this.#open('/v3/access/snapshot', signal))) {
        heardAt = performance.now();
        const { head, member, end } = snapshotLine(line);
        if (head) {
          if (head.vocabulary !== vocabulary.fingerprint) return undefined;
          state = new ReplicaState(vocabulary, head, this.state);
        } else if (member) state?.put(member);
        else if (end) return state?.complete();
      }
    } catch (error) {
      throw error instanceof LatchkeyError ? error : brokenOff(error);
    } finally {
      clearInterval(watch);
    }
    throw brokenOff();
  }

  async #followForEver(): Promise<void> {
    let wait = shortestPause;
    while (!this.closed) {
      try {
        if (this.#outdated) await this.#beginAnew();
        const openedAt = this.#lease.clock();
        await this.#follow();
        wait = shortestPause;
        // Whatever ends every stream at once must not be asked without end.
        if (this.#lease.clock() - openedAt < shortestStream) await pause(shortestPause, this.#closing.signal);
      } catch (error) {
        if (this.closed) return;
        this.#failed(error);
        await pause(wait, this.#closing.signal);
        wait = Math.min(wait * 2, longestPause);
      }
    }
  }

  /** Follows one stream to its end. */
  async #follow(): Promise<void> {
    if (this.closed) return;
    const state = this.state as ReplicaState;
    const stream = new AbortController();
    this.#stream = stream;
    let quiet = setTimeout(() => stream.abort(), silence);
    try {
      for await (const { event, data } of eventsOf(
        await this.#open(`/v3/access/changes?after=${state.revision}`, stream.signal),
      )) {
        clearTimeout(quiet);
        quiet = setTimeout(() => stream.abort(), silence);
        if (event === 'reset') return this.#end();
        if (event !== 'change') continue;
        const change = JSON.parse(data) as ChangeEvent;
        if (change.vocabulary !== state.vocabulary.fingerprint) return this.#end();
        state.apply(change);
        this.#reached(state.revision);
      }
    } catch (error) {
      // We ended it ourselves because it was late; the next one begins at once.
      if (!stream.signal.aborted) throw error;
    } finally {
      clearTimeout(quiet);
      stream.abort();
    }
  }

  /** What is known cannot be brought up to date: nothing may be relied on before another snapshot was taken. */
  #end(): void {
    this.#outdated = true;
    this.#lease.end();
    this.#stream?.abort();
  }

  async #beginAnew(): Promise<void> {
    const state = await this.#snapshot();
    this.#ahead = [];
    this.state = state;
    this.#outdated = false;
  }

  async #askForEver(): Promise<void> {
    const every = this.#lease.length / questionsPerLease;
    while (!this.closed) {
      const sentAt = this.#lease.clock();
      try {
        await this.#ask(sentAt, every);
      } catch (error) {
        if (!this.closed) this.#failed(error);
      }
      await pause(Math.max(1, sentAt + every - this.#lease.clock()), this.#closing.signal);
    }
  }

  async #ask(sentAt: number, timeout: number): Promise<void> {
    const { state } = this;
    const answer = await this.#server.getAccessRevision({ signal: this.#closing.signal, timeout, retries: 0 });
    if (state === undefined || state !== this.state || this.#outdated || this.closed) return;
    if (answer.vocabulary !== state.vocabulary.fingerprint || answer.epoch !== state.epoch) return this.#end();
    this.#lease.setServerTime(answer.now, sentAt);
    const late = this.#ahead.some(({ moment }) => sentAt - moment > timeout);
    this.#ahead.push({ revision: answer.revision, moment: sentAt - answer.age_ms });
    this.#reached(state.revision);
    if (late && this.#ahead.length > 0) this.#stream?.abort();
  }

  #reached(revision: number): void {
    for (const answered of this.#ahead) if (answered.revision <= revision) this.#lease.renew(answered.moment);
    this.#ahead = this.#ahead.filter((answered) => answered.revision > revision);
    this.failure = undefined;
    this.#told();
  }

  #failed(error: unknown): void {
    this.failure =
      error instanceof LatchkeyError
        ? error
        : new LatchkeyError({
            code: 'unreachable',
            message: 'The stream of changes broke.',
            attempts: 1,
            cause: error,
          });
    this.#told();
  }
}

/** @throws LatchkeyError for a line that was cut */
function snapshotLine(line: string): SnapshotLine {
  try {
    return JSON.parse(line) as SnapshotLine;
  } catch (cause) {
    throw brokenOff(cause);
  }
}

const brokenOff = (cause?: unknown): LatchkeyError =>
  new LatchkeyError({
    code: 'unreachable',
    message: 'The snapshot broke off before its end.',
    attempts: 1,
    cause,
  });

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

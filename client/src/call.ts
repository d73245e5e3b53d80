export interface CallOptions {
  /** Ends the call: it rejects with the code `aborted`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, repetitions and waits included. */
  timeout?: number | undefined;
  /** How often a request is repeated at most; 0 for never. */
  retries?: number | undefined;
}

export interface IdempotencyKey {
  /**
   * The request then happens once, however often it is sent, also by other calls with the same key and input. Every call
   * has one of its own where none is given, so that repeating a request whose answer got lost has one effect.
   */
  idempotencyKey?: string | undefined;
}

export interface IfMatch {
  /** The `etag` that was read: refuse (`precondition_failed`) if the member has changed since. */
  ifMatch?: string | undefined;
}

export interface AtRevision {
  /** The `revision` that a change answered: this is not answered from before it, on any node. */
  revision?: number | undefined;
}

/** All that an operation may be asked with; which of it an operation takes, its method says. */
export type AnyOptions = CallOptions & IdempotencyKey & IfMatch & AtRevision;

/** A reply, and what came with it. */
export interface Answer<Reply> {
  reply: Reply;
  status: number;
  /** The count of access changes in the organization after this one, where the call changed access. */
  revision: number | undefined;
  /** The member's version, for `ifMatch`. */
  etag: string | undefined;
  /** Under which the server's log has this request. */
  requestId: string | undefined;
  /** How often the request was sent. */
  attempts: number;
}

/** What a method returns: awaited it is the reply; `withResponse()` gives what came with the reply besides. */
export class Call<Reply> implements Promise<Reply> {
  readonly [Symbol.toStringTag] = 'Call';
  readonly #answer: Promise<Answer<Reply>>;

  constructor(answer: Promise<Answer<Reply>>) {
    this.#answer = answer;
  }

  /** The reply together with the revision, the etag and the request's id. The request is the same, it is not sent again. */
  withResponse(): Promise<Answer<Reply>> {
    return this.#answer;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  then<A = Reply, B = never>(
    onReply?: ((reply: Reply) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#answer.then(({ reply }) => reply).then(onReply, onError);
  }

  catch<B = never>(onError?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<Reply | B> {
    return this.then(undefined, onError);
  }

  finally(onEnd?: (() => void) | null): Promise<Reply> {
    return this.then().finally(onEnd);
  }
}

/** Milliseconds on a clock that only goes forward. */
export type MonotonicClock = () => number;

/**
 * How long what is known may be relied on. A replica knows that it was current at the moment at which it sent a question
 * that was answered; nothing that merely arrives proves that it is not late.
 */
export class Lease {
  /** In milliseconds. */
  readonly length: number;
  readonly clock: MonotonicClock;
  #end = Number.NEGATIVE_INFINITY;
  #serverTime = 0;
  #serverTimeAt = 0;

  constructor(length: number, clock: MonotonicClock) {
    this.length = length;
    this.clock = clock;
  }

  holds(): boolean {
    return this.clock() < this.#end;
  }

  /** @param moment on the clock, at which everything that had happened is known */
  renew(moment: number): void {
    this.#end = Math.max(this.#end, moment + this.length);
  }

  /** Nothing may be relied on until it is renewed. */
  end(): void {
    this.#end = Number.NEGATIVE_INFINITY;
  }

  /** @param serverTime milliseconds since 1970 that the server answered to a question sent at `sentAt` */
  setServerTime(serverTime: number, sentAt: number): void {
    this.#serverTime = serverTime;
    this.#serverTimeAt = sentAt;
  }

  /** The server's time now, rather too late than too early. */
  now(): number {
    return this.#serverTime + (this.clock() - this.#serverTimeAt);
  }
}

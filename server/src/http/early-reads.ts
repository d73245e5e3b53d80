import type { IncomingHttpHeaders } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '@latchkey/core/actor.ts';
import type { Outcome } from '../usecases/call.ts';
import { inRanges } from '../usecases/keys/address-ranges.ts';
import { presentedKey } from './authenticate.ts';
import type { Streamed } from './streamed-list.ts';

type Found = Outcome<unknown> | Streamed;

/** What a read found before it was known who asks. */
export interface EarlyRead {
  /** What it found, or its error, where whoever asks is just who was expected; undefined otherwise. */
  foundFor(actor: Actor): Promise<Found> | undefined;
  /** What it finds is of no use. */
  discard(): void;
}

const mostRemembered = 1_000;
/** Reads begun for one key that are not over, at most: with more of them, nobody waits for its look-up alone. */
const mostAtOnce = 4;

interface Remembered {
  actor: Actor;
  underWay: number;
}

/**
 * An api key is looked up for every request, and a read need not wait for that: it begins at once for the actor that the key was the last time.
 * What it finds is answered only once the key has been looked up and is still that very actor; otherwise it is thrown away and read again.
 * So a key that is deleted or weakened counts from the next request on, as it does everywhere.
 */
export class EarlyReads {
  readonly #keys = new Map<string, Remembered>();

  /** @param read must change nothing */
  begin(
    headers: IncomingHttpHeaders,
    address: string,
    read: (expected: Actor) => Promise<Found>,
  ): EarlyRead | undefined {
    const key = this.#keys.get(presentedKey(headers) ?? '');
    if (key === undefined || key.underWay === mostAtOnce) return undefined;
    const expected = key.actor;
    const { allowedIps } = expected.limits;
    if (allowedIps.length > 0 && !inRanges(allowedIps, address)) return undefined;
    const found = read(expected);
    key.underWay++;
    const over = (): void => {
      key.underWay--;
    };
    // Its error is told to whoever takes it, and to nobody if nobody does.
    found.then(over, over);
    const discard = (): void => {
      found.then((unused) => 'stream' in unused && unused.stream.destroy()).catch(() => {});
    };
    return {
      discard,
      foundFor(actor) {
        if (isDeepStrictEqual(actor, expected)) return found;
        discard();
        return undefined;
      },
    };
  }

  /** Who an api key turned out to be; undefined where it was refused, so that nothing is begun for those who only ask again. */
  keep(headers: IncomingHttpHeaders, actor: Actor | undefined): void {
    const secret = presentedKey(headers);
    if (secret === undefined) return;
    const known = this.#keys.get(secret);
    if (actor?.kind !== 'api_key') this.#keys.delete(secret);
    else if (known) known.actor = actor;
    else this.#add(secret, actor);
  }

  #add(secret: string, actor: Actor): void {
    const [oldest] = this.#keys.keys();
    if (this.#keys.size >= mostRemembered && oldest !== undefined) this.#keys.delete(oldest);
    this.#keys.set(secret, { actor, underWay: 0 });
  }
}

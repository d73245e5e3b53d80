import { Problem } from '@latchkey/core/problem.ts';

/** More than any product has processes; a key that opens streams and forgets them is stopped there. */
const streamsAtMost = 200;

/** How many streams of changes each key has open on this node. */
export class Followers {
  readonly #open = new Map<string, number>();

  /** @returns how to leave again. @throws Problem `too_many_requests` */
  enter(keyId: string): () => void {
    const open = this.#open.get(keyId) ?? 0;
    if (open >= streamsAtMost)
      throw new Problem('too_many_requests', `This key follows ${open} streams already; close some.`, [], 5);
    this.#open.set(keyId, open + 1);
    return () => {
      const left = (this.#open.get(keyId) ?? 1) - 1;
      if (left > 0) this.#open.set(keyId, left);
      else this.#open.delete(keyId);
    };
  }
}

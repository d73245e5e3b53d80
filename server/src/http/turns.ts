/** Runs work in its turn: for everybody one at a time, in the order in which it came. */
export type Turns = <T>(whose: string, work: () => Promise<T>) => Promise<T>;

/**
 * For work that is long under a lock of somebody's own. Whoever sends much of it at once waits here, where waiting costs
 * nothing, and not with a connection to the database in hand that others need.
 * @param atOnce of all together
 */
export function turns(atOnce: number): Turns {
  const busy = new Set<string>();
  const waiting: { whose: string; begin: () => void }[] = [];
  const next = (): void => {
    while (busy.size < atOnce) {
      const index = waiting.findIndex(({ whose }) => !busy.has(whose));
      const [one] = index < 0 ? [] : waiting.splice(index, 1);
      if (!one) return;
      busy.add(one.whose);
      one.begin();
    }
  };
  return async (whose, work) => {
    await new Promise<void>((begin) => {
      waiting.push({ whose, begin });
      next();
    });
    try {
      return await work();
    } finally {
      busy.delete(whose);
      next();
    }
  };
}

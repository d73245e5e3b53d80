import { DatabaseUnavailable } from './database.ts';

export interface Grouping<I> {
  /** Groups under way at the same time, at most: a second one begins when it would be full, or the first takes long. */
  atOnce: number;
  /** Items in a group at most. */
  largest: number;
  /** Words of which no two items of one group may share any. */
  apart?: (item: I) => string[];
}

/**
 * Milliseconds for which others wait for a group that is under way. What a statement costs by itself is shared by all of its
 * group, so one group is better than two beside each other; but one that is held up must not hold up everybody.
 */
const patience = 20;

interface Waiting<I, O> {
  item: I;
  resolve: (result: O) => void;
  reject: (error: unknown) => void;
}

/**
 * Does for many at once what arrives at the same time. While a group is under way, those that come form the next one, so
 * nobody waits for company when there is none, and the busier it gets the less each one costs. The work for an item always
 * begins after it was asked for: nothing here is ever stale.
 *
 * Should a group fail, each of its items is tried alone, so that one cannot spoil the others.
 * @param work gives the results in the order of the items; all of a group, or none, takes effect
 */
export function grouped<I, O>(
  work: (items: I[]) => Promise<O[]>,
  { atOnce, largest, apart }: Grouping<I>,
): (item: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  /** Groups that work, and those about to begin. */
  let underWay = 0;

  const next = (): Waiting<I, O>[] => {
    const taken = new Set<string>();
    const [group, rest]: [Waiting<I, O>[], Waiting<I, O>[]] = [[], []];
    for (const one of waiting) {
      const words = apart?.(one.item) ?? [];
      const fits = group.length < largest && !words.some((word) => taken.has(word));
      (fits ? group : rest).push(one);
      if (fits) for (const word of words) taken.add(word);
    }
    waiting = rest;
    return group;
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const takesLong = setInterval(begin, patience);
      const answer = await settled(next(), work);
      clearInterval(takesLong);
      // The next group is on its way before anybody goes on with what they were answered, which is work of its own.
      if (waiting.length > 0) setImmediate(answer);
      else answer();
    }
    underWay--;
  };

  const begin = (): void => {
    if (underWay === atOnce || waiting.length === 0) return;
    underWay++;
    // Not before all that arrived with this one have been heard: requests come in bundles.
    setImmediate(() => void run());
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (underWay === 0 || waiting.length >= largest) begin();
    });
}

/** Does the work for a group. @returns what tells each of them how it went */
async function settled<I, O>(group: Waiting<I, O>[], work: (items: I[]) => Promise<O[]>): Promise<() => void> {
  try {
    const results = await work(group.map(({ item }) => item));
    if (results.length !== group.length)
      throw new Error(`${group.length} results were expected, not ${results.length}`);
    return () => {
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as O);
    };
  } catch (error) {
    if (group.length === 1 || error instanceof DatabaseUnavailable)
      return () => {
        for (const { reject } of group) reject(error);
      };
    const answers: (() => void)[] = [];
    for (const one of group) answers.push(await settled([one], work));
    return () => {
      for (const answer of answers) answer();
    };
  }
}

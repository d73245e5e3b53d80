import type { Conditions, Page } from './conditions.ts';
import { statusWord } from './words.ts';

/**
 * Each word is a condition of its own: the index then skips from one's next member to the other's, which in one tsquery it does not.
 * `offset 0` keeps the planner from reading other indexes too, and from looking at the grants of more than a page takes.
 */
export function membersWith({ filter }: Page, words: readonly string[], stepWord?: string) {
  return ({ value, range, searched, order }: Conditions): string => {
    const status = filter.status === undefined ? undefined : statusWord(filter.status);
    const asked = [...conditionsOfWords(words), status].filter((word) => word !== undefined).map(value);
    const conditions = [...asked, ...(stepWord === undefined ? [] : [stepWord])].map(
      (word) => `address_parts(m.email, m.id, m.status) @@ ${word}::tsquery`,
    );
    const found = `(select m.* from member m where m.status <> 'removed' and ${conditions.join(' and ')} offset 0) m`;
    if (filter.permissions === undefined) return found;
    return `(select m.* from ${found} where ${range} and ${searched} order by ${order} offset 0) m`;
  };
}

/** Every number of conditions is prepared as a statement of its own, so there are four at most; what is more shares the last. */
function conditionsOfWords(words: readonly string[]): readonly string[] {
  return words.length <= 4 ? words : [...words.slice(0, 3), words.slice(3).join(' & ')];
}

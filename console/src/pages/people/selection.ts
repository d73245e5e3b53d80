import type { Member } from '@latchkey/client';
import { useCallback, useState } from 'react';

export interface Selection {
  /** By address, in the order in which they were selected. */
  people: ReadonlyMap<string, Member>;
  select(people: readonly Member[], selected: boolean): void;
  /** Leaves only those of these addresses. */
  keep(emails: ReadonlySet<string>): void;
  clear(): void;
}

/** Who is selected. It outlives filters and further pages, so that people can be gathered from several searches. */
export function useSelection(): Selection {
  const [people, setPeople] = useState<ReadonlyMap<string, Member>>(new Map());

  const select = useCallback((chosen: readonly Member[], selected: boolean) => {
    setPeople((before) => {
      const after = new Map(before);
      for (const person of chosen)
        if (selected) after.set(person.email, person);
        else after.delete(person.email);
      return after;
    });
  }, []);
  const keep = useCallback((emails: ReadonlySet<string>) => {
    setPeople((before) => new Map([...before].filter(([email]) => emails.has(email))));
  }, []);
  const clear = useCallback(() => setPeople(new Map()), []);

  return { people, select, keep, clear };
}

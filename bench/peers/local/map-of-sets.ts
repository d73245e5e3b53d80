import { type LocalPeer, type Questions, whatOf } from './people.ts';

/** The floor from strings: a Map of Sets, with no plan, no time limits, nothing that keeps it current. */
export function mapOfSets(questions: Questions): LocalPeer {
  const { people, names, features, permissions } = questions;
  const held = new Map(people.map((person) => [person.email, { ...person, permissions: new Set(person.permissions) }]));
  return {
    name: 'a Map of Sets, never changed',
    atOnce: 1_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const what = whatOf(place, questions);
        const member = held.get(names[place % names.length] as string);
        if (member && (member.everything || member.permissions.has(`${features[what]}:${permissions[what]}`))) yes++;
      }
      return yes;
    },
  };
}

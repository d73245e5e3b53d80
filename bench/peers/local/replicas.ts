import type { Replica } from '../../../client/src/replica/replica.ts';
import { type LocalPeer, type Questions, whatOf } from './people.ts';

/** The client library's replica, connected and following: from the member's address, the feature and the permission. */
export function fromStrings(questions: Questions, replica: Replica, clock: string): LocalPeer {
  const { people, order, features, permissions } = questions;
  return {
    name: `replica, from strings, ${clock}`,
    atOnce: 1_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const email = people[order[place % order.length] as number]?.email as string;
        const what = whatOf(place, questions);
        if (replica.can(email, features[what] as string, permissions[what] as string)) yes++;
      }
      return yes;
    },
  };
}

/** The same with every member resolved before, and asked about in another order than that in which they were resolved. */
export function fromHandles(questions: Questions, replica: Replica, clock: string): LocalPeer {
  const { people, order, features, permissions } = questions;
  const handles = people.map(({ email }) => replica.member(email));
  return {
    name: `replica, resolved handle, ${clock}`,
    atOnce: 1_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const handle = handles[order[place % order.length] as number];
        const what = whatOf(place, questions);
        if (handle?.can(features[what] as string, permissions[what] as string)) yes++;
      }
      return yes;
    },
  };
}

/** Members in random order still, whose handles lie in memory as they are asked: as where each is resolved when they sign in. */
export function fromHandlesInOrder(questions: Questions, replica: Replica, clock: string): LocalPeer {
  const { people, order, features, permissions } = questions;
  const handles = Array.from(order, (number) => replica.member(people[number]?.email as string));
  return {
    name: `replica, handles in the order of asking, ${clock}`,
    atOnce: 1_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const what = whatOf(place, questions);
        if (handles[place % order.length]?.can(features[what] as string, permissions[what] as string)) yes++;
      }
      return yes;
    },
  };
}

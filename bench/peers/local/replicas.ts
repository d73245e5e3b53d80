import type { MemberHandle, Replica } from '../../../client/src/replica/replica.ts';
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

/** The same with every member resolved to a handle before. */
export function fromHandles(questions: Questions, replica: Replica, clock: string): LocalPeer {
  const { people, order, features, permissions } = questions;
  const handles = people.map(({ email }) => replica.handle(email));
  return {
    name: `replica, resolved handle, ${clock}`,
    atOnce: 1_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const handle = handles[order[place % order.length] as number] as MemberHandle;
        const what = whatOf(place, questions);
        if (replica.can(handle, features[what] as string, permissions[what] as string)) yes++;
      }
      return yes;
    },
  };
}

/** The same by objects that look a name up again where they have to. */
export function fromMembers(questions: Questions, replica: Replica, clock: string): LocalPeer {
  const { people, order, features, permissions } = questions;
  const members = people.map(({ email }) => replica.member(email));
  return {
    name: `replica, member object, ${clock}`,
    atOnce: 1_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const what = whatOf(place, questions);
        const member = members[order[place % order.length] as number];
        if (member?.can(features[what] as string, permissions[what] as string)) yes++;
      }
      return yes;
    },
  };
}

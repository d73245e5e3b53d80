import type { MemberHandle, Replica } from '../../../client/src/replica/replica.ts';
import { type LocalPeer, type Questions, whatOf } from './people.ts';

/** The client library's replica, connected and following: from the member's address, the feature and the permission. */
export function fromStrings(questions: Questions, replica: Replica): LocalPeer {
  const { names, features, permissions } = questions;
  return {
    name: 'replica, from strings',
    atOnce: 1_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const what = whatOf(place, questions);
        const name = names[place % names.length] as string;
        if (replica.can(name, features[what] as string, permissions[what] as string)) yes++;
      }
      return yes;
    },
  };
}

/** The same with addresses that lie anywhere in the memory, so that fetching a question counts as well. */
export function fromScatteredStrings(questions: Questions, replica: Replica): LocalPeer {
  const { people, order, features, permissions } = questions;
  return {
    name: 'replica, from strings that lie anywhere',
    atOnce: 1_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const what = whatOf(place, questions);
        const name = people[order[place % order.length] as number]?.email as string;
        if (replica.can(name, features[what] as string, permissions[what] as string)) yes++;
      }
      return yes;
    },
  };
}

/** The same with every member resolved to a handle before. */
export function fromHandles(questions: Questions, replica: Replica): LocalPeer {
  const { names, features, permissions } = questions;
  const handles = names.map((name) => replica.handle(name));
  return {
    name: 'replica, resolved handle',
    atOnce: 10_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const what = whatOf(place, questions);
        const handle = handles[place % handles.length] as MemberHandle;
        if (replica.can(handle, features[what] as string, permissions[what] as string)) yes++;
      }
      return yes;
    },
  };
}

/** The same by objects that look a name up again where they have to. */
export function fromMembers(questions: Questions, replica: Replica): LocalPeer {
  const { names, features, permissions } = questions;
  const members = names.map((name) => replica.member(name));
  return {
    name: 'replica, member object',
    atOnce: 10_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const what = whatOf(place, questions);
        const member = members[place % members.length];
        if (member?.can(features[what] as string, permissions[what] as string)) yes++;
      }
      return yes;
    },
  };
}

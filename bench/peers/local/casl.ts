import { createMongoAbility } from '@casl/ability';
import { type LocalPeer, type Questions, whatOf } from './people.ts';

/** An ability for each member, all made before; CASL has no place for many members, so they are kept in a Map. */
export function casl(questions: Questions): LocalPeer {
  const { people, names, features, permissions } = questions;
  const abilities = new Map(
    people.map(({ email, everything, permissions: held }) => [
      email,
      createMongoAbility(
        everything
          ? [{ action: 'manage', subject: 'all' }]
          : held.map((name) => {
              const [subject = '', action = ''] = name.split(':');
              return { action, subject };
            }),
      ),
    ]),
  );
  return {
    name: 'CASL, an ability each',
    atOnce: 1_000_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const email = names[place % names.length] as string;
        const what = whatOf(place, questions);
        if (abilities.get(email)?.can(permissions[what] as string, features[what] as string)) yes++;
      }
      return yes;
    },
  };
}

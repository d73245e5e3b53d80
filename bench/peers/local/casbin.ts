import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { type LocalPeer, type Questions, whatOf } from './people.ts';

const model = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && (p.obj == "*" || r.obj == p.obj && r.act == p.act)
`;

/** Role based access as casbin's documentation has it: a role for each set of permissions, and everybody in one. */
export async function casbin(questions: Questions): Promise<LocalPeer> {
  const { people, names, features, permissions } = questions;
  const roles = new Map<string, string[]>();
  const lines: string[] = [];
  for (const { email, everything, permissions: held } of people) {
    const role = everything ? 'everything' : `role ${held.toSorted().join(' ')}`.replaceAll(/[^a-z]/g, '_');
    roles.set(role, everything ? ['*:*'] : held);
    lines.push(`g, ${email}, ${role}`);
  }
  for (const [role, held] of roles) for (const name of held) lines.unshift(`p, ${role}, ${name.replace(':', ', ')}`);
  const enforcer = await newEnforcer(newModelFromString(model), new StringAdapter(lines.join('\n')));
  return {
    name: 'casbin, roles',
    atOnce: 50,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const email = names[place % names.length];
        const what = whatOf(place, questions);
        if (enforcer.enforceSync(email, features[what], permissions[what])) yes++;
      }
      return yes;
    },
  };
}

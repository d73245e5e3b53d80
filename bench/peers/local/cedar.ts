import * as cedarWasm from '@cedar-policy/cedar-wasm/nodejs';
import { type LocalPeer, type Questions, whatOf } from './people.ts';

/** Policies parsed once, one for each permission; whoever is asked about comes with the question, their permissions as a set. */
export function cedar(questions: Questions): LocalPeer {
  const { people, order, features, permissions } = questions;
  const policies = `
    permit (principal, action, resource) when { principal.everything };
    permit (principal, action, resource) when { principal.permissions.contains(context.permission) };`;
  const parsed = cedarWasm.preparsePolicySet('bench', { staticPolicies: policies });
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors));
  return {
    name: 'Cedar (WebAssembly)',
    atOnce: 1_000,
    ask(from, many) {
      let yes = 0;
      for (let place = from; place < from + many; place++) {
        const person = people[order[place % order.length] as number];
        if (!person) throw new Error('nobody');
        const what = whatOf(place, questions);
        const principal = { type: 'User', id: person.email };
        const answer = cedarWasm.statefulIsAuthorized({
          principal,
          action: { type: 'Action', id: permissions[what] as string },
          resource: { type: 'Feature', id: features[what] as string },
          context: { permission: `${features[what]}:${permissions[what]}` },
          preparsedPolicySetId: 'bench',
          entities: [
            { uid: principal, attrs: { everything: person.everything, permissions: person.permissions }, parents: [] },
          ],
        });
        if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
        if (answer.response.decision === 'allow') yes++;
      }
      return yes;
    },
  };
}

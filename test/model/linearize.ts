import { isDeepStrictEqual } from 'node:util';
import { step } from './model.ts';
import type { Answer, Request } from './requests.ts';
import type { State } from './state.ts';
import { type Visible, visible } from './visible.ts';

/** A request that was under way with others, and what it answered. */
export interface Observation {
  request: Request;
  answer: Answer;
}

/**
 * Looks for orders of requests that were made at once in which the model gives every observed answer and ends as was
 * seen: all the states it can then be in, or none where no order explains what happened. They can be several, since not
 * all of a state is visible: on whose authority an invitation stands, for example.
 */
export function explanations(before: readonly State[], observations: readonly Observation[], seen: Visible): State[] {
  const found = new Map<string, State>();
  const search = (path: readonly State[], rest: readonly Observation[]): void => {
    const state = path.at(-1) as State;
    if (rest.length === 0 && isDeepStrictEqual(visible(state), seen)) found.set(JSON.stringify(state), state);
    for (const next of rest) {
      const after = outcome(path, next);
      if (!after) continue;
      search(
        [...path, after],
        rest.filter((other) => other !== next),
      );
    }
  };
  for (const state of before) search([state], observations);
  return [...found.values()];
}

/**
 * The state after a request, where the model answers it as was observed. An invitation may have been let in at any moment
 * since the requests were made; the moment decides only over its answer, so the newest that explains it will do.
 */
function outcome(path: readonly State[], { request, answer: observed }: Observation): State | undefined {
  const state = path.at(-1) as State;
  const moments = request.do === 'send' ? path.toReversed() : [state];
  return moments.map((letIn) => step(state, request, letIn)).find(({ answer }) => explains(answer, observed))?.state;
}

/**
 * Whether the model's answer is what was observed. A key that is deleted while its request is under way is refused as one
 * that holds nothing, where the next request is told that the key is unknown.
 */
function explains(expected: Answer, observed: Answer): boolean {
  if (expected.status === 401 && observed.status === 403) return observed.reason === undefined;
  return isDeepStrictEqual(expected, observed);
}

import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from '../world.ts';
import { type Intent, intent, resolve, shown } from './intents.ts';
import { explanations, type Observation } from './linearize.ts';
import { found, type Product, startModelWorld } from './product.ts';
import { parameters, timeLimit } from './runs.ts';
import type { State } from './state.ts';
import { visible } from './visible.ts';

let world: World;
beforeAll(async () => {
  world = await startModelWorld();
});
afterAll(() => world?.stop());

interface Model {
  /** All that the organization may be, by what was seen so far. */
  states: State[];
  requests: number;
}

/** Milliseconds before each request of a batch, so that they meet in other ways than they were written. */
type Batch = readonly { wanted: Intent; delay: number }[];

/** Several requests to the server at once: some order of them must explain their answers and how it looks afterwards. */
function command(batch: Batch): fc.AsyncCommand<Model, Product> {
  let said = JSON.stringify(batch);
  return {
    check: () => true,
    async run(model, product) {
      const [state] = model.states;
      if (!state) throw new Error('no state to begin with');
      const requests = batch.flatMap(({ wanted, delay }) => {
        const request = resolve(state, wanted, model.requests++);
        return request ? [{ request, delay }] : [];
      });
      const observations: Observation[] = await Promise.all(
        requests.map(async ({ request, delay }) => {
          if (delay > 0) await sleep(delay);
          return { request, answer: await product.perform(request) };
        }),
      );
      const seen = await product.look();
      said = observations.map(({ request, answer }) => `${shown(request)} → ${JSON.stringify(answer)}`).join(' ‖ ');
      const states = explanations(model.states, observations, seen);

      expect(states.length, unexplained(state, observations, seen)).toBeGreaterThan(0);
      model.states = states;
    },
    toString: () => said,
  };
}

const unexplained = (state: State, observations: Observation[], seen: unknown): string =>
  [
    'no order of these requests explains what they answered and how it looks now:',
    ...observations.map(({ request, answer }) => `  ${shown(request)} → ${JSON.stringify(answer)}`),
    `before: ${JSON.stringify(visible(state))}`,
    `after:  ${JSON.stringify(seen)}`,
  ].join('\n');

// Time passing for a whole organization is not one request's doing; and a rotation that kills the old secret at once lets
// those finish that were let in with it, so both are left to the sequential run.
const batch = fc.array(
  fc.record({
    wanted: intent(['wait']).map((wanted) => (wanted.do === 'rotateKey' ? { ...wanted, overlap: 3600 } : wanted)),
    delay: fc.nat(3),
  }),
  { minLength: 2, maxLength: 6, size: 'max' },
);

/** Many at one person or one owner, where it hurts. */
const clash = fc
  .tuple(batch, fc.constantFrom('lena@example.org', 'ravi@example.org', 'mei@example.org', 'ben@example.org'))
  .map(([requests, email]) =>
    requests.map(({ wanted, delay }) => ({ wanted: 'email' in wanted ? { ...wanted, email } : wanted, delay })),
  );

test(
  'whatever happens at once happens as if one after the other, in some order',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.commands([batch.map(command), clash.map(command), clash.map(command)], { maxCommands: 14, size: 'max' }),
        async (commands) => {
          await fc.asyncModelRun(async () => {
            const { product, state } = await found(world);
            return { model: { states: [state], requests: 0 }, real: product };
          }, commands);
        },
      ),
      // Requests that meet otherwise the next time cannot be shrunk; the batch that failed says what happened.
      { ...parameters(50), endOnFailure: true },
    );
    expect(world.logged()).not.toMatch(/"level":50/);
  },
  timeLimit,
);

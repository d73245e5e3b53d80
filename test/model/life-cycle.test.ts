import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from '../world.ts';
import { type Intent, intent, resolve, shown } from './intents.ts';
import { step } from './model.ts';
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
  state: State;
  requests: number;
}

/** One request to both, or the same one twice, as clients retry: they must answer alike, and look alike afterwards. */
function command({ wanted, twice }: { wanted: Intent; twice: boolean }): fc.AsyncCommand<Model, Product> {
  let said = JSON.stringify(wanted);
  return {
    check: (model) => resolve(model.state, wanted, model.requests) !== undefined,
    async run(model, product) {
      const request = resolve(model.state, wanted, model.requests++);
      if (!request) throw new Error('unresolved');
      for (const again of twice ? ['', ' again'] : ['']) {
        const { state, answer } = step(model.state, request);
        model.state = state;
        said = `${shown(request)}${again} → ${answer.status} ${answer.reason ?? ''}`;

        expect(await product.perform(request), said).toEqual(answer);
        expect(await product.look(), said).toEqual(visible(state));
      }
    },
    toString: () => said,
  };
}

const retried = fc.record({ wanted: intent(), twice: fc.nat(4).map((number) => number === 4) });

test(
  'an organization goes through its life as the model says, one request after the other',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands([retried.map(command)], { maxCommands: 40, size: 'max' }), async (commands) => {
        await fc.asyncModelRun(async () => {
          const { product, state } = await found(world);
          return { model: { state, requests: 0 }, real: product };
        }, commands);
      }),
      parameters(60),
    );
  },
  timeLimit,
);

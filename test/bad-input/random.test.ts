import fc from 'fast-check';
import Schema from 'typebox/schema';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { mutantsOf } from './mutants.ts';
import { readMessage, readRefusal } from './refusal.ts';
import { forEach, send } from './send.ts';
import { type ValidRequest, validRequests } from './valid-requests.ts';

let world: World;
let requests: ValidRequest[];
beforeAll(async () => {
  world = await startWorld();
  requests = await validRequests(world);
});
afterAll(() => world?.stop());

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Texts that trip: of any script, with controls, with what other layers take for their own syntax. */
const trickyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom("'; drop table member; --", '{{7*7}}', '../../etc/passwd', '%00', '\u202e', 'ﬀ@ﬀ.de', 'İ', '1e1000'),
  fc.emailAddress(),
  fc.uuid(),
  fc.date({ noInvalidDate: true }).map(String),
);
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  trickyText,
  fc.array(trickyText, { maxLength: 5 }),
  fc.dictionary(trickyText, trickyText, { maxKeys: 4 }),
  fc.array(fc.record({ feature: trickyText, permissions: fc.array(trickyText) }, { requiredKeys: [] }), {
    maxLength: 4,
  }),
);

test(`random values at random places of every body never break the service (FUZZ_SEED=${seed})`, async () => {
  const withBody = requests.filter(({ body }) => body !== undefined);
  await forEach(withBody, async (request) => {
    const schema = Schema.Compile(request.operation.body ?? {});
    const places = [...new Set([...mutantsOf(request.body)].map(({ place }) => place))].filter(Boolean);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), anyValue, async (place, value) => {
        const body = placed(request.body, place, value);
        const text = JSON.stringify(body);
        const answer = await send(world, request, { text });
        const about = `${request.name}: ${text.slice(0, 300)}`;
        // An evaluation that is not whole is a denial of its own, and no fault of the request's.
        if (answer.status < 300 && place.startsWith('evaluations')) return;
        if (answer.status < 300) expect(schema.Check(JSON.parse(text)), `accepted ${about}`).toBe(true);
        else if (request.operation.protocol === 'authzen') readMessage(answer, about);
        else readRefusal(answer, about);
      }),
      { seed, numRuns: 150 },
    );
  });
  expect((await world.owner.get('/account')).status).toBe(200);
  expect(world.logged()).not.toContain('"level":50');
});

test(`random texts in every path and query parameter never break the service (FUZZ_SEED=${seed})`, async () => {
  const withParameters = requests.filter(
    ({ params, query }) => Object.keys(params).length > 0 || Object.keys(query).length > 0,
  );
  await forEach(withParameters, async (request) => {
    const names = Object.keys({ ...request.params, ...request.query });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), trickyText, async (name, written) => {
        const text = written.toWellFormed();
        const changed =
          name in request.params
            ? { params: { ...request.params, [name]: text } }
            : { query: { ...request.query, [name]: text } };
        const about = `${request.name}: ${name}=${JSON.stringify(text)}`;
        const answer = await send(world, request, changed);
        if (answer.status >= 300) readRefusal(answer, about);
      }),
      { seed, numRuns: 150 },
    );
  });
  expect((await world.owner.get('/account')).status).toBe(200);
  expect(world.logged()).not.toContain('"level":50');
});

/** A copy of a value with another one at a place such as `privileges[0].feature`. */
function placed(value: unknown, place: string, other: unknown): unknown {
  const copy = structuredClone(value);
  const steps = place.split(/[.[\]]+/).filter((step) => step !== '');
  const last = steps.pop() ?? '';
  let parent = copy as Record<string, unknown>;
  for (const step of steps) parent = parent[step] as Record<string, unknown>;
  Object.defineProperty(parent, last, { value: other, enumerable: true, configurable: true, writable: true });
  return copy;
}

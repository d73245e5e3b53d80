import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askDecisionPoint } from '../authzen/decision-point.ts';
import { startRecords } from '../authzen/records.ts';
import type { World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startRecords();
  await world.join('carla@example.com', { all: true });
  await world.invite('pia@example.com', { permissions: ['record-1:read'] });
});
afterAll(() => world?.stop());

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

const subject = fc.oneof(
  fc.record({
    type: fc.constant('user'),
    id: fc.constantFrom('alice', 'bob', 'Carla@Example.com', 'pia@example.com', 'ada@example.com', 'nobody'),
  }),
  fc.constantFrom({ type: 'spaceship', id: 'alice' }, { type: 'user' }, null, 'alice'),
);
const action = fc.constantFrom({ name: 'read' }, { name: 'write' }, { name: 'edit' }, { name: 'fly' }, {});
const resource = fc.constantFrom(
  { type: 'record', id: 'record-1' },
  { type: 'record', id: 'record-2' },
  { type: 'record', id: 'none' },
  { type: 'other', id: 'record-1' },
  { id: 'record-1' },
);
const context = fc.constantFrom({ ip: '203.0.113.7' }, { ip: '203.0.113.8' }, {}, { reason: 'granted' });
const evaluation = fc.record({ subject, action, resource, context }, { requiredKeys: [] });
const defaults = fc.record(
  {
    subject: fc.constantFrom({ type: 'user', id: 'alice' }, { type: 'user', id: 'bob' }),
    action: fc.constantFrom({ name: 'read' }, { name: 'write' }),
    resource: fc.constantFrom({ type: 'record', id: 'record-1' }, { type: 'record', id: 'record-2' }),
    context,
  },
  { requiredKeys: [] },
);
/** Few different ones, so that many stand there more than once, and in another order. */
const batches = fc.record({
  defaults,
  evaluations: fc
    .array(evaluation, { minLength: 1, maxLength: 6 })
    .chain((few) => fc.array(fc.constantFrom(...few), { minLength: 1, maxLength: 40 })),
});

test(`T26 a batch answers what its questions answer alone, in any order and as often as asked (FUZZ_SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(batches, async ({ defaults: given, evaluations }) => {
      const { status, body } = await askDecisionPoint(world, 'evaluations', { ...given, evaluations });
      expect(status).toBe(200);
      const alone = await Promise.all(
        evaluations.map(async (one) => {
          const answer = await askDecisionPoint(world, 'evaluation', { ...given, ...one });
          if (answer.status === 200) return answer.body;
          return { decision: false, context: { error: { status: answer.status, message: answer.body } } };
        }),
      );
      expect(body).toEqual({ evaluations: alone });
      const backwards = await askDecisionPoint(world, 'evaluations', {
        ...given,
        evaluations: evaluations.toReversed(),
      });
      expect(backwards.body).toEqual({ evaluations: alone.toReversed() });
      for (const [semantic, settles] of [
        ['deny_on_first_deny', false],
        ['permit_on_first_permit', true],
      ] as const) {
        const short = await askDecisionPoint(world, 'evaluations', {
          ...given,
          evaluations,
          options: { evaluations_semantic: semantic },
        });
        const end = alone.findIndex(({ decision }) => decision === settles);
        expect(short.body).toEqual({ evaluations: end < 0 ? alone : alone.slice(0, end + 1) });
      }
    }),
    { seed, numRuns: 60 },
  );
});

test('T26 a batch of strangers and members, none in memory, answers each for its own', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `fresh-${index}`);
  for (const name of names.filter((_, index) => index % 10 === 0)) {
    const { email } = await world.join(`${name}@example.com`, { permissions: ['record-2:write'] });
    expect((await world.owner.put(`/organization/user/${email}`, { external_id: name })).status).toBe(200);
  }
  const evaluations = [...names, ...names.toReversed()].map((id) => ({ subject: { type: 'user', id } }));
  const { body } = await askDecisionPoint(world, 'evaluations', {
    action: { name: 'write' },
    resource: { type: 'record', id: 'record-2' },
    evaluations,
  });
  expect(body.evaluations.map(({ decision }: { decision: boolean }) => decision)).toEqual(
    evaluations.map(({ subject: { id } }) => id.endsWith('0')),
  );
});

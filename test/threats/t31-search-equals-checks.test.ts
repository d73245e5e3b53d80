import type { PermissionName } from '@latchkey/core/permission.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, setStage } from '../access/stage.ts';
import { askDecisionPoint, type Endpoint } from '../authzen/decision-point.ts';
import { readNaively } from '../authzen/naive-reader.ts';
import { fillRandomly } from '../authzen/random-organization.ts';
import { acme } from '../catalogue/acme.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({}, acme);
});
afterAll(() => world?.stop());

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

const features = Object.entries(acme.features).map(([feature, { permissions }]) => ({
  feature,
  permissions: Object.keys(permissions),
}));
const names = features.flatMap(({ feature, permissions }) =>
  permissions.map((permission): PermissionName => `${feature}:${permission}`),
);
const aliases = Object.keys(acme.aliases ?? {});
const type = 'feature';

interface Found {
  results: { id?: string; name?: string }[];
  pages: number;
}

/** All pages of a search; each that does not end it says so. */
async function searched(stage: Stage, endpoint: Endpoint, question: object, limit: number): Promise<Found> {
  const results: Found['results'] = [];
  let token = '';
  for (let pages = 1; ; pages++) {
    const page = { limit, ...(token && { token }) };
    const { status, body } = await askDecisionPoint(
      world,
      endpoint,
      { ...question, page },
      { 'api-key': stage.ada.secret },
    );
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.results.length).toBeLessThanOrEqual(limit);
    results.push(...body.results);
    token = body.page.next_token;
    if (token === '') return { results, pages };
  }
}

test(`T31 a search finds what single checks allow, all of it and nothing else (FUZZ_SEED=${seed})`, async () => {
  const random = generator(seed);
  for (let number = 0; number < 6; number++) {
    const plans = Object.keys(acme.plans);
    const { stage, names: people } = await fillRandomly(await setStage(world), random, {
      members: 25,
      permissions: names,
      aliases,
      plans,
    });
    const key = { 'api-key': stage.ada.secret };
    const answers = new Map(
      await Promise.all(
        people.map(async (name) => [name, await readNaively(world, stage.organizationId, name)] as const),
      ),
    );
    const limit = 1 + Math.floor(random() * 8);
    const asked = [...names, ...aliases].map((name) => name.split(':') as [string, string]);
    for (const [feature, permission] of asked) {
      const question = { subject: { type: 'user' }, action: { name: permission }, resource: { type, id: feature } };
      const evaluations = people.map((id) => ({ subject: { type: 'user', id } }));
      const checks = await askDecisionPoint(
        world,
        'evaluations',
        { ...question, subject: undefined, evaluations },
        key,
      );
      const allowed = people.filter((_, index) => checks.body.evaluations[index].decision);
      expect(allowed, `${feature}:${permission}`).toEqual(
        people.filter((name) => answers.get(name)?.may(feature, permission)),
      );
      const { results } = await searched(stage, 'subject', question, limit);
      expect(results.map(({ id }) => id).sort(), `who: ${feature}:${permission}`).toEqual(allowed.sort());
    }
    for (const person of people.slice(0, 12)) {
      const subject = { type: 'user', id: person };
      for (const { feature, permissions } of features) {
        const { results } = await searched(stage, 'action', { subject, resource: { type, id: feature } }, limit);
        expect(
          results.map(({ name }) => name),
          `what: ${person} ${feature}`,
        ).toEqual(permissions.filter((permission) => answers.get(person)?.may(feature, permission)));
      }
      for (const permission of new Set(asked.map(([, of]) => of))) {
        const { results } = await searched(
          stage,
          'resource',
          { subject, action: { name: permission }, resource: { type } },
          limit,
        );
        expect(
          results.map(({ id }) => id),
          `where: ${person} ${permission}`,
        ).toEqual(
          features.map(({ feature }) => feature).filter((feature) => answers.get(person)?.may(feature, permission)),
        );
      }
    }
  }
}, 120_000);

test('T31 more than one answer holds is never passed off as everything', async () => {
  const stage = await setStage(world);
  await world.database.sql(
    `with made as (
       insert into member (organization_id, id, email, locale, status)
       select $1, gen_random_uuid(), 'crowd-' || number || '@example.com', 'en', 'active' from generate_series(1, 2500) number returning id)
     insert into member_grant (organization_id, member_id, permissions) select $1, id, '{tickets:read}' from made`,
    [stage.organizationId],
  );
  const question = { subject: { type: 'user' }, action: { name: 'read' }, resource: { type, id: 'tickets' } };
  for (const limit of [undefined, 1000, 5000]) {
    const { body } = await askDecisionPoint(
      world,
      'subject',
      { ...question, page: { limit } },
      { 'api-key': stage.ada.secret },
    );
    expect(body.page).toEqual({ next_token: expect.stringMatching(/./), count: 1000 });
    expect(body.results).toHaveLength(1000);
  }
  const { results, pages } = await searched(stage, 'subject', question, 1000);
  expect([new Set(results.map(({ id }) => id)).size, pages]).toEqual([2502, 3]);
});

/** A small generator, so that a seed tells the whole run (mulberry32). */
function generator(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

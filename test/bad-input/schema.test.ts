import { api } from '@latchkey/core/api/index.ts';
import Schema from 'typebox/schema';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { pictureOf } from './database-picture.ts';
import { mutantsOf } from './mutants.ts';
import { type Refused, readMessage, readRefusal } from './refusal.ts';
import { forEach, send } from './send.ts';
import { type ValidRequest, validRequests } from './valid-requests.ts';

let world: World;
let requests: ValidRequest[];
beforeAll(async () => {
  world = await startWorld();
  requests = await validRequests(world);
});
afterAll(() => world?.stop());

const canary = 'canary-in-the-coal-mine-'.repeat(10);

test('the valid requests name every parameter that the contract declares', () => {
  expect(requests.map(({ name }) => name).sort()).toEqual(Object.keys(api).sort());
  for (const { name, operation, params, query, body } of requests) {
    expect(Object.keys(params).sort(), name).toEqual(Object.keys(operation.params?.properties ?? {}).sort());
    expect(Object.keys(query).sort(), name).toEqual(Object.keys(operation.query?.properties ?? {}).sort());
    expect(Object.keys(body ?? {}).sort(), name).toEqual(Object.keys(operation.body?.properties ?? {}).sort());
  }
});

// The schema itself judges which bodies are wrong, by another validator than the server's, so that coercion shows.
test('a body that its schema does not allow is refused where it is wrong, and changes nothing', async () => {
  const before = await pictureOf(world.database);
  let sent = 0;
  for (const request of requests) {
    const { name, operation, body } = request;
    if (!operation.body || !body) continue;
    const schema = Schema.Compile(operation.body);
    const wrong = mutantsOf(body).filter((mutant) => !schema.Check(mutant.body));
    await forEach(wrong, async ({ place, change, body: mutated }) => {
      const about = `${name}: ${place || 'the body'} ${change}`;
      const answer = await send(world, request, { text: JSON.stringify(mutated) });
      sent++;
      if (operation.protocol === 'authzen') {
        if (place.startsWith('evaluations') && answer.status === 200) expectOneRefused(answer, about);
        else readMessage(answer, about);
        return;
      }
      const refusal = readRefusal(answer, about);
      expect(['invalid_parameter', 'missing_parameter', 'out_of_range', 'bad_request'], about).toContain(refusal.code);
      expect(refusal.details?.[0]?.path, `${about}: ${JSON.stringify(refusal)}`).toSatisfy(
        (path: string) => path === 'body' || samePlace(path, place),
      );
    });
  }
  expect(sent).toBeGreaterThan(1000);
  expect(await pictureOf(world.database)).toEqual(before);
});

/** Of many evaluations, one that is not whole is a denial of its own. */
function expectOneRefused({ text }: Refused, about: string): void {
  const { evaluations } = JSON.parse(text);
  const refused = { decision: false, context: { error: { status: 400, message: expect.any(String) } } };
  expect(evaluations, about).toContainEqual(refused);
}

test('a query that its schema does not allow is refused by name, and a name that stands twice too', async () => {
  const before = await pictureOf(world.database);
  // AuthZEN knows no query, and passes over what it does not know.
  for (const request of requests.filter(({ operation }) => operation.protocol !== 'authzen')) {
    const { name, operation, query } = request;
    const schema = operation.query ? Schema.Compile(operation.query) : undefined;
    const changes: { names: string[]; query: [string, string][] }[] = Object.entries(query).flatMap(([key, value]) => {
      const others = Object.entries(query).filter(([other]) => other !== key);
      const values = ['', ' ', '0', '-1', '1e9', 'null', 'true', '[]', 'nonsense', "'; drop table member; --", canary];
      return [
        { names: [key], query: [...others, [key, value], [key, value]] },
        { names: [`${key}[]`, key], query: [...others, [`${key}[]`, value]] },
        { names: [key.toUpperCase()], query: [...others, [key.toUpperCase(), value]] },
        ...values
          .filter((other) => schema && !schema.Check({ ...query, [key]: other }))
          .map((other) => ({ names: [key], query: [...others, [key, other]] as [string, string][] })),
      ];
    });
    for (const stranger of ['page', '__proto__', 'constructor', 'limit[gt]', ''])
      if (!(stranger in query) || stranger === '__proto__' || stranger === 'constructor')
        changes.push({ names: [stranger], query: [...Object.entries(query), [stranger, '1']] });
    await forEach(changes, async (change) => {
      const about = `${name}: ?${new URLSearchParams(change.query).toString().slice(0, 300)}`;
      const answer = await send(world, request, { query: change.query });
      const refusal = readRefusal(answer, about);
      expect(
        change.names.includes(refusal.details?.[0]?.path ?? 'none') || change.names.includes(''),
        about + answer.text,
      ).toBe(true);
      expect(answer.text, about).not.toContain(canary.slice(0, 100));
    });
  }
  expect(await pictureOf(world.database)).toEqual(before);
});

test('an operation without a body refuses one that says anything', async () => {
  const before = await pictureOf(world.database);
  const bodies = ['{"email":"eve@example.com"}', '[]', '[1]', '5', 'true', '"text"', 'nonsense', '{'];
  for (const request of requests.filter(({ operation }) => !operation.body && operation.method !== 'GET')) {
    for (const text of bodies) {
      const about = `${request.name} with ${text}`;
      const refusal = readRefusal(await send(world, request, { text }), about);
      expect(refusal.details?.[0]?.path, about).toBe('body');
    }
  }
  expect(await pictureOf(world.database)).toEqual(before);
});

test('after all that, every valid request is answered', async () => {
  for (const request of requests) {
    const answer = await send(world, request);
    expect(answer.status, `${request.name}: ${answer.text}`).toBe(request.operation.reply.status);
  }
  expect(world.logged()).not.toContain('"level":50');
});

/**
 * An error may stand at the place itself, inside it (a list of the wrong things is named by its first wrong one), or at
 * what a misspelt name leaves missing.
 */
const samePlace = (path: string, place: string): boolean => path.startsWith(place) || place === `${path}_`;

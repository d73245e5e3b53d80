import { standing } from '@latchkey/core/access/decision.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AccessIndex } from '../../server/src/access/access-index.ts';
import type { Database } from '../../server/src/store/database.ts';
import { revisionOf } from '../races/race.ts';
import { type Person, startWorld, type World } from '../world.ts';

let world: World;
let mei: Person;
let tomas: Person;
beforeAll(async () => {
  world = await startWorld();
  mei = await world.join('mei@example.com', { all: true });
  tomas = await world.join('tomas@example.com', { all: true });
});
afterAll(() => world?.stop());
beforeEach(async () => {
  await world.owner.put(`/organization/user/${mei.email}`, { suspended: false });
});

/** An index whose first question is answered by the database at once, and hears of it only when it is told to. */
function indexWithLateAnswer(): { index: AccessIndex; asked: Promise<void>; arrive: () => void } {
  const { db, checks } = world.server.services;
  const [asked, arrived] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let first = true;
  const late: Database = {
    ...db,
    async rows<R>(text: string, values?: readonly unknown[]) {
      const mine = first;
      first = false;
      const rows = await db.rows<R>(text, values);
      if (mine) {
        asked.resolve();
        await arrived.promise;
      }
      return rows;
    },
  };
  const index = new AccessIndex(late, checks.vocabulary, { maximum: 100, seed: 1, now: () => Date.now() });
  return { index, asked: asked.promise, arrive: arrived.resolve };
}

const suspend = async (): Promise<number> =>
  revisionOf(await world.owner.put(`/organization/user/${mei.email}`, { suspended: true })) as number;
const known = (index: AccessIndex) =>
  index.organization(world.organizationId) as NonNullable<ReturnType<AccessIndex['organization']>>;

test('of two first reads at once, the one that looked before a change is not kept beside the one that looked after it', async () => {
  const { index, asked, arrive } = indexWithLateAnswer();
  const early = index.read(world.organizationId, mei.email);
  await asked;
  const revision = await suspend();
  await index.read(world.organizationId, tomas.email);
  expect(known(index).revision).toBe(revision);
  arrive();
  expect((await early).revision).toBe(revision - 1);

  expect(index.resident(known(index), tomas.email)).toBeDefined();
  expect(index.resident(known(index), mei.email)).toBeUndefined();
  const again = await index.read(world.organizationId, mei.email);
  expect(again.held.standing & standing.suspended).not.toBe(0);
});

test('what was read before a change that became known meanwhile is not kept', async () => {
  const { index, asked, arrive } = indexWithLateAnswer();
  const stop = world.server.services.checks.feed.onChange((changes) => index.apply(changes));
  const early = index.read(world.organizationId, mei.email);
  await asked;
  const revision = await suspend();
  await world.server.services.checks.feed.renewed();
  arrive();
  await early;
  stop();
  expect(known(index).revision).toBe(revision);
  expect(index.resident(known(index), mei.email)).toBeUndefined();
});

test('what was read before everything was forgotten is not kept', async () => {
  const { index, asked, arrive } = indexWithLateAnswer();
  const early = index.read(world.organizationId, mei.email);
  await asked;
  index.clear();
  arrive();
  await early;
  expect(index.organization(world.organizationId)).toBeUndefined();
  await index.read(world.organizationId, tomas.email);
  expect(index.resident(known(index), mei.email)).toBeUndefined();
});

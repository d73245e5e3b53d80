import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { grouped } from '../../server/src/store/grouped.ts';

/** Work that is under way until it is let go, and the groups that were begun so far. */
function heldWork() {
  const groups: { items: number[]; finish: () => void }[] = [];
  const work = (items: number[]): Promise<string[]> =>
    new Promise((resolve) => groups.push({ items, finish: () => resolve(items.map((item) => `done ${item}`)) }));
  return { groups, work };
}

const turn = () => sleep(1);

test('what arrives while a group is under way forms the next one, and each gets its own result', async () => {
  const { groups, work } = heldWork();
  const ask = grouped(work, { atOnce: 2, largest: 10 });
  const first = [ask(1), ask(2)];
  await turn();
  const second = [ask(3), ask(4), ask(5)];
  await turn();
  expect(groups.map(({ items }) => items)).toEqual([[1, 2]]);
  groups[0]?.finish();
  expect(await Promise.all(first)).toEqual(['done 1', 'done 2']);
  await turn();
  groups[1]?.finish();
  expect(await Promise.all(second)).toEqual(['done 3', 'done 4', 'done 5']);
});

test('a group that is held up holds up no others for long', async () => {
  const { groups, work } = heldWork();
  const ask = grouped(work, { atOnce: 2, largest: 10 });
  const heldUp = ask(1);
  await turn();
  const other = ask(2);
  await expect.poll(() => groups.length, { timeout: 5_000 }).toBe(2);
  groups[1]?.finish();
  expect(await other).toBe('done 2');
  await turn();
  const third = ask(3);
  await expect.poll(() => groups.length, { timeout: 5_000 }).toBe(3);
  groups[2]?.finish();
  expect(await third).toBe('done 3');
  groups[0]?.finish();
  expect(await heldUp).toBe('done 1');
});

test('as soon as a full group waits it begins beside the one under way, and never more than so many at once', async () => {
  const { groups, work } = heldWork();
  const ask = grouped(work, { atOnce: 2, largest: 3 });
  const all = [ask(0)];
  await turn();
  for (let item = 1; item <= 8; item++) all.push(ask(item));
  await sleep(100);
  expect(groups.map(({ items }) => items)).toEqual([[0], [1, 2, 3]]);
  for (const place of [0, 1, 2, 3]) {
    await expect.poll(() => groups.length, { timeout: 5_000 }).toBeGreaterThan(place);
    groups[place]?.finish();
  }
  expect(await Promise.all(all)).toEqual(Array.from({ length: 9 }, (_, item) => `done ${item}`));
});

test('those that must be apart are never in one group', async () => {
  const { groups, work } = heldWork();
  const ask = grouped(work, { atOnce: 1, largest: 10, apart: (item) => [String(item % 2)] });
  const all = [ask(1), ask(2), ask(3), ask(5)];
  for (const place of [0, 1, 2]) {
    await expect.poll(() => groups.length, { timeout: 5_000 }).toBe(place + 1);
    groups[place]?.finish();
  }
  await Promise.all(all);
  expect(groups.map(({ items }) => items)).toEqual([[1, 2], [3], [5]]);
});

test('a group that fails is tried one by one, so that only whoever is to blame is refused', async () => {
  const ask = grouped(
    async (items: number[]) => {
      if (items.includes(2)) throw new Error('not two');
      return items;
    },
    { atOnce: 2, largest: 10 },
  );
  const results = await Promise.allSettled([ask(1), ask(2), ask(3)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

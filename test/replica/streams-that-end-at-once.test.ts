import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Latchkey } from '../../client/src/index.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

test('are opened again after a pause, not in a storm', async () => {
  let opened = 0;
  const replica = await new Latchkey({
    url: world.base,
    apiKey: world.ownerKey,
    // As behind a proxy that takes no streams, or while a server closes.
    fetch: (url, init) => {
      if (!url.includes('/access/changes')) return fetch(url, init);
      opened++;
      return Promise.resolve(new Response(':\n\n'));
    },
  }).access.replica();
  try {
    await sleep(500);
    expect(opened).toBeLessThan(30);
    expect(replica.isCurrent()).toBe(true);
  } finally {
    replica.close();
  }
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

test('a key follows 200 streams of changes on a node, and more again when it has closed some', async () => {
  // With its response, which is read no further and must not be collected.
  const streams: { controller: AbortController; response: Response }[] = [];
  const follow = async (): Promise<Response> => {
    const controller = new AbortController();
    const response = await fetch(`${world.base}/access/changes`, {
      headers: { 'api-key': world.ownerKey },
      signal: controller.signal,
    });
    if (response.ok) streams.push({ controller, response });
    return response;
  };
  for (let open = 0; open < 200; open += 20) await Promise.all(Array.from({ length: 20 }, follow));
  expect(streams).toHaveLength(200);

  const refused = await follow();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toMatchObject({ code: 'too_many_requests' });

  for (const { controller } of streams.splice(0)) controller.abort();
  await expect.poll(async () => (await follow()).status, { timeout: 10_000 }).toBe(200);
  for (const { controller } of streams) controller.abort();
});

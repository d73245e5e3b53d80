import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

test('share one look at what changed, and each is told', async () => {
  const { id } = await world.join('mei@example.com', { permissions: ['contacts:view'] });
  const agent = new Agent({ maxSockets: 50 });
  const told: string[] = [];
  try {
    for (let stream = 0; stream < 30; stream++) {
      const [response] = (await once(
        get(`${world.base}/access/changes?after=0`, { agent, headers: { 'api-key': world.ownerKey } }),
        'response',
      )) as [IncomingMessage];
      told.push('');
      response.on('data', (bytes) => (told[stream] += String(bytes)));
      response.on('error', () => {});
    }
    await expect.poll(() => told.every((text) => text.includes(':'))).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));

    const looks = vi.spyOn(world.server.services.db, 'rows');
    await world.database.sql('update member set suspended_at = now() where id = $1', [id]);
    await expect.poll(() => told.every((text) => text.includes(`"id":"${id}"`))).toBe(true);
    const backlogs = looks.mock.calls.filter(([text]) => text.includes('access_change')).length;
    expect(backlogs).toBeLessThan(5);
  } finally {
    agent.destroy();
  }
});

import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

test('leave nothing behind on it, however many come after each other', async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', note);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  try {
    for (let stream = 0; stream < 20; stream++) {
      // From a revision that has not happened: the stream says so and ends.
      const [response] = (await once(
        get(`${world.base}/access/changes?after=999999`, { agent, headers: { 'api-key': world.ownerKey } }),
        'response',
      )) as [IncomingMessage];
      ports.add(response.socket.localPort);
      expect((await response.toArray()).join('')).toContain('event: reset');
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(ports.size).toBe(1);
    expect(warnings).toEqual([]);
  } finally {
    process.off('warning', note);
    agent.destroy();
  }
});

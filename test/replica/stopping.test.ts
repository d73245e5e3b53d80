import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startWorld } from '../world.ts';

test('a server whose listening connection no longer answers stops all the same', async () => {
  const world = await startWorld();
  const listening = async (): Promise<number | undefined> => {
    const [row] = await world.database.sql<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and application_name = 'latchkey listen' and query like 'listen%'`,
    );
    return row?.pid;
  };
  await expect.poll(listening).toBeDefined();
  const pid = (await listening()) as number;
  process.kill(pid, 'SIGSTOP');
  try {
    expect(await Promise.race([world.server.stop().then(() => 'stopped'), sleep(5_000, 'waits')])).toBe('stopped');
  } finally {
    process.kill(pid, 'SIGCONT');
    await world.stop();
  }
});

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Answer } from '../client.ts';
import { startWorld, type World } from '../world.ts';

export type Task<T> = () => Promise<T>;

/** Starts everything before waiting for anything, so that each request travels on a socket of its own. */
export const atOnce = <T>(tasks: readonly Task<T>[]): Promise<T[]> => Promise.all(tasks.map((task) => task()));

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/**
 * Starts tasks almost at once: in each round other ones get a head start of up to some milliseconds, so that over the
 * rounds every order happens.
 */
export const jostling = <T>(round: number, tasks: readonly Task<T>[]): Promise<T[]> =>
  atOnce(
    tasks.map((task, index) => async () => {
      const delay = ((round + 1) * (index + 3) * 7) % 5;
      if (delay > 0) await sleep(delay);
      return task();
    }),
  );

/** A world with room for `sockets` requests at once, whose sockets are open and whose database connections are made. */
export async function startRaceTrack(settings: Record<string, string> = {}, sockets = 50): Promise<World> {
  const world = await startWorld({ DATABASE_POOL: '30', ...settings });
  await atOnce(times(sockets, () => () => world.owner.get('/organization/invited/users')));
  return world;
}

/** How an answer reads in a table of outcomes: `200`, or `404 invitation_cancelled`. */
export const short = ({ status, body }: Answer): string =>
  status < 400 ? String(status) : `${status} ${body.details?.[0]?.reason ?? body.code}`;

/** The revision after a change of active access; undefined where nothing changed. */
export function revisionOf({ headers }: Answer): number | undefined {
  const revision = headers.get('latchkey-revision');
  return revision === null ? undefined : Number(revision);
}

/**
 * Stops the server and looks back: nothing in its log was an error, and the database ended no transaction for a deadlock
 * (not even one that was tried again with success).
 */
export async function expectNoFaults(world: World): Promise<void> {
  await world.server.stop();
  const faults = world
    .logged()
    .split('\n')
    .filter((line) => line !== '' && (JSON.parse(line).level >= 50 || /deadlock|40P01/.test(line)));
  expect(faults).toEqual([]);
  const [seen] = await world.database.sql<{ deadlocks: number }>(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  );
  expect(seen?.deadlocks).toBe(0);
}

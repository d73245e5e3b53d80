import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const longestPause = 5_000;
/** For saying goodbye to a database that may no longer answer. */
const longestFarewell = 1_000;

/**
 * Wakes this node when another has changed access. Nothing rests on it: a notification that is late, lost or withheld only
 * means that the next question is asked at its usual time.
 */
export function listenForChanges(
  connection: pg.ClientConfig,
  channel: string,
  heard: () => void,
  failed: (error: unknown) => void,
): { stop(): Promise<void> } {
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  let stopped = false;
  let pause = 100;

  const comeAgain = (): void => {
    again = setTimeout(begin, pause).unref();
    pause = Math.min(pause * 2, longestPause);
  };
  const begin = (): void =>
    void connect().catch((error: unknown) => {
      // Not even a client could be made: a certificate that is not there, for example.
      failed(error);
      comeAgain();
    });
  const connect = async (): Promise<void> => {
    const fresh = new pg.Client(connection);
    client = fresh;
    let lost = false;
    const lose = (error?: unknown): void => {
      if (lost || stopped) return;
      lost = true;
      if (error !== undefined) failed(error);
      fresh.end().catch(() => {});
      comeAgain();
    };
    fresh.on('error', lose);
    fresh.on('end', () => lose());
    fresh.on('notification', heard);
    try {
      await fresh.connect();
      await fresh.query(`listen ${channel}`);
      pause = 100;
      // Whatever was announced while nobody listened.
      heard();
    } catch (error) {
      lose(error);
    }
  };
  begin();

  return {
    async stop() {
      stopped = true;
      clearTimeout(again);
      await Promise.race([client?.end().catch(() => {}), sleep(longestFarewell, undefined, { ref: false })]);
    },
  };
}

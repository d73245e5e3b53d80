import type { FastifyBaseLogger } from 'fastify';
import { type KeyUse, touchKeys } from '../store/credentials.ts';
import type { Database } from '../store/database.ts';

const everyMilliseconds = 15_000;

/** Gathers which keys were used and writes that down now and then, so that a request never waits for it. */
export function startKeyUsage(
  db: Database,
  log: FastifyBaseLogger,
): { note(key: Omit<KeyUse, 'at'>): void; stop(): Promise<void> } {
  let used = new Map<string, KeyUse>();
  const flush = async (): Promise<void> => {
    const batch = [...used.values()];
    used = new Map();
    if (batch.length === 0) return;
    try {
      await touchKeys(db, batch);
    } catch (error) {
      log.warn({ err: error }, 'the last use of keys could not be noted');
    }
  };
  const timer = setInterval(() => void flush(), everyMilliseconds);
  timer.unref();
  return {
    note(key) {
      // The first use of a while says enough, and saves the busiest keys a look at the clock for each request.
      if (!used.has(key.id)) used.set(key.id, { ...key, at: new Date() });
    },
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

import { runningEmbeddedPostgres } from '../../server/src/postgres/embedded.ts';
import { OWNER_ROLE, SERVING_ROLE } from '../../server/src/postgres/embedded-cluster.ts';
import { type Latchkey, makeDataFolder, startLatchkey } from './latchkey.ts';

/** Every node on one database needs the same secret. */
export const commonSecret = 'the same secret on every node of one benchmark';

/**
 * Starts another server on the database that the first one runs.
 * @param first started with `commonSecret` as its LATCHKEY_SECRET
 */
export async function startAnotherNode(first: Latchkey, env: NodeJS.ProcessEnv = {}): Promise<Latchkey> {
  const running = await runningEmbeddedPostgres({ dataDir: first.dataFolder });
  if (running === null) throw new Error('the first node has no database of its own');
  const { host, port, database } = running.owner;
  const urlFor = (role: string) => `postgres://${role}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  const folder = makeDataFolder();
  const node = await startLatchkey({
    dataFolder: folder.path,
    apiKey: first.apiKey,
    env: {
      LATCHKEY_SECRET: commonSecret,
      DATABASE_URL: urlFor(SERVING_ROLE),
      DATABASE_OWNER_URL: urlFor(OWNER_ROLE),
      ...env,
    },
  });
  return {
    ...node,
    async stop() {
      await node.stop();
      folder.remove();
    },
  };
}

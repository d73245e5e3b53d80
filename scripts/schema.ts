// Draws the picture of the schema that reviewers read: `node scripts/schema.ts` prints it, `--write` keeps it in server/schema.sql.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../server/src/postgres/embedded.ts';
import { migrate } from '../server/src/postgres/migrate.ts';
import { drawSchema } from './draw-schema.ts';

const schemaFile = fileURLToPath(new URL('../server/schema.sql', import.meta.url));

const picture = await migratedSchema();
if (process.argv.includes('--write')) writeFileSync(schemaFile, picture);
else process.stdout.write(picture);

/** Migrates a new database, draws it, and throws it away. */
async function migratedSchema(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-schema-'));
  chmodSync(dataDir, 0o711);
  const log = { debug() {}, info() {}, warn: console.error, error: console.error };
  try {
    const { owner, serving, stop } = await startEmbeddedPostgres({ dataDir, log, settings: { fsync: 'off' } });
    try {
      await migrate({
        owner,
        servingRole: serving.user,
        folder: fileURLToPath(new URL('../server/migrations', import.meta.url)),
      });
      const client = new pg.Client(owner);
      await client.connect();
      try {
        return await drawSchema(client, serving.user);
      } finally {
        await client.end();
      }
    } finally {
      await stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

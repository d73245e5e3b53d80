import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import pino from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../server/src/postgres/embedded.ts';
import { migrate } from '../server/src/postgres/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    socketFolder: string;
  }
}

/**
 * One PostgreSQL for the whole run, and in it a migrated template from which each test file clones its own database. It
 * does not wait for the disk; the tests about crashes start their own, which does.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-test-'));
  // PostgreSQL runs as another user where the tests run as root, and is to find its data here all the same.
  chmodSync(dataDir, 0o711);
  const embedded = await startEmbeddedPostgres({
    dataDir,
    log: pino({ level: 'warn' }),
    settings: { fsync: 'off', max_connections: '200' },
  });
  const admin = new pg.Client({ ...embedded.owner, user: 'postgres', database: 'postgres' });
  await admin.connect();
  await admin.query('create database template_latchkey owner latchkey_owner');
  await admin.end();
  await migrate({
    owner: { ...embedded.owner, database: 'template_latchkey' },
    servingRole: 'latchkey',
    folder: fileURLToPath(new URL('../server/migrations', import.meta.url)),
  });
  project.provide('socketFolder', embedded.owner.host);
  return async () => {
    await embedded.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-database.ts';

/** The product's own migrations. */
export const ownMigrations = fileURLToPath(new URL('../../server/migrations', import.meta.url));

/** A folder of migrations made up for a test: file name to SQL. */
export function migrationFolder(files: Record<string, string>): string {
  const folder = join(temporaryFolder(), 'migrations');
  mkdirSync(folder);
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
  return folder;
}

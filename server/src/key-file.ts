import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDataFolder } from './data-folder.ts';

/**
 * The first keys, kept where their operator finds them: `api-key` and `partner-key` in DATA_DIR, mode 0600. Written before
 * they are stored in the database, so that a crash in between costs nothing: the next first start takes them from there.
 */
export function keyFromFile(dataDir: string, name: 'api-key' | 'partner-key', make: () => string): string {
  const file = keyFile(dataDir, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const key = make();
  writeFileSync(file, `${key}\n`, { mode: 0o600, flush: true });
  chmodSync(file, 0o600);
  return key;
}

export const keyFile = (dataDir: string, name: 'api-key' | 'partner-key'): string =>
  join(ensureDataFolder(dataDir), name);

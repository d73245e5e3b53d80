import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDataFolder } from './data-folder.ts';

/**
 * The first keys, kept where their operator finds them: `api-key` and `partner-key` in DATA_DIR, mode 0600. Written before
 * they are stored in the database, so that a crash in between costs nothing: the next first start takes them from there.
 */
export function keyFromFile(dataDir: string, name: 'api-key' | 'partner-key', make: () => string): string {
  const file = keyFile(dataDir, name);
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept !== '') return kept;
  const key = make();
  // It appears complete or not at all: half a key would be taken for a key by the next start.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${key}\n`, { mode: 0o600, flush: true });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
  return key;
}

export const keyFile = (dataDir: string, name: 'api-key' | 'partner-key'): string =>
  join(ensureDataFolder(dataDir), name);

import { mkdirSync, realpathSync } from 'node:fs';
import { OperatorError } from './operator-error.ts';

/**
 * Makes `DATA_DIR` if it is not there, and returns its real path.
 * Made by root it may be entered by others, though not listed: PostgreSQL runs as another user and its data is below.
 * Every file in it has a mode of its own. Throws OperatorError where it cannot be made.
 */
export function ensureDataFolder(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    return realpathSync(dataDir);
  } catch (cause) {
    throw new OperatorError(`DATA_DIR ${dataDir} cannot be used: ${(cause as Error).message}`, { cause });
  }
}

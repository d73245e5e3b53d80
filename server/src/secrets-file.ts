import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { secrets as kind } from './config-values.ts';
import { ensureDataFolder } from './data-folder.ts';
import { OperatorError } from './operator-error.ts';

export const SECRET_FILE = 'secret';

/**
 * The secrets to derive links from, the newest first: those of the configuration, else those of the file `secret` in DATA_DIR, which is
 * made (mode 0600) where there is none. Throws OperatorError when the file holds something else.
 */
export function loadSecrets(config: Pick<Config, 'secrets' | 'dataDir'>): string[] {
  if (config.secrets.length > 0) return config.secrets;
  const file = join(ensureDataFolder(config.dataDir), SECRET_FILE);
  const text = readOrNull(file) ?? makeSecret(file);
  const secrets = kind.read(text.trim());
  if (secrets) return secrets;
  throw new OperatorError(
    `${file} does not hold a secret: expected ${kind.expected}. Put the right one back, or set LATCHKEY_SECRET.`,
  );
}

/** The file appears complete or not at all, and never replaces one that another start has just made. */
function makeSecret(file: string): string {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
    chmodSync(draft, 0o600);
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8');
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

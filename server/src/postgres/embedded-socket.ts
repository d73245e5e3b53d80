import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '../operator-error.ts';
import { type Account, canEnter } from './embedded-account.ts';
import type { Place } from './embedded-place.ts';

export const PORT = 5432;

// The kernel's limit for a socket's path is 108 bytes on Linux and 104 on macOS, with a zero at the end.
const LONGEST_PATH = process.platform === 'darwin' ? 103 : 107;
const TEMPORARY = 'latchkey-socket-';

/**
 * The folder that PostgreSQL's socket is in, private to the user it runs as. Beside the data where the path is short enough,
 * else a new one in the system's temporary folder. Throws OperatorError when none can be made private.
 */
export function makeSocketFolder(place: Place): string {
  const beside = `${place.data}.socket`;
  if (fits(beside)) {
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    if (makePrivate(beside, place.account)) return beside;
  }
  for (const temporary of [tmpdir(), '/tmp']) {
    if (!fits(join(temporary, `${TEMPORARY}123456`)) || !canEnter(place.account, temporary)) continue;
    const folder = mkdtempSync(join(temporary, TEMPORARY));
    if (makePrivate(folder, place.account)) return folder;
  }
  throw new OperatorError(
    `No folder for PostgreSQL's socket: ${beside} is too long (at most ${LONGEST_PATH} bytes with the socket's name) or cannot be made ` +
      'private, and neither can one in the temporary folder. Use a shorter DATA_DIR.',
  );
}

/** Whether a socket folder is one of ours in a temporary folder, which goes when its server has stopped. */
export function isTemporary(folder: string): boolean {
  return folder.split('/').at(-1)?.startsWith(TEMPORARY) ?? false;
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${PORT}`)) <= LONGEST_PATH;
}

/** Some file systems (Windows drives under WSL) accept a mode and do not keep it, so it is looked at again. */
function makePrivate(folder: string, account: Account): boolean {
  chmodSync(folder, 0o700);
  if (account) chownSync(folder, account.uid, account.gid);
  const { mode, uid } = lstatSync(folder);
  return (mode & 0o077) === 0 && uid === (account?.uid ?? process.getuid?.());
}

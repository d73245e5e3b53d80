import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OperatorError } from '../operator-error.ts';

/** The user that PostgreSQL runs as; null means: the one we run as. */
export type Account = { uid: number; gid: number } | null;

// Numbers that no distribution gives to people or services (systemd's table of user ids calls them unused).
const FIRST_UNUSED_ID = 60_706;
const UNUSED_IDS = 478;

export function runningAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The account for one data folder. PostgreSQL refuses to run as root; `nobody` would do, but then every other service that
 * runs as nobody could read the data and enter the socket. A number of its own needs no entry in /etc/passwd and shares nothing.
 * A folder that exists keeps the owner it has.
 */
export function accountFor(dataFolder: string, seed: string): Account {
  if (!runningAsRoot()) return null;
  const owner = ownerOf(dataFolder);
  if (owner && owner.uid !== 0) return owner;
  const id = FIRST_UNUSED_ID + (createHash('sha256').update(seed).digest().readUInt32BE() % UNUSED_IDS);
  return { uid: id, gid: id };
}

/** initdb, unlike the server itself, insists on a user that has a name; what it makes is then handed to the account above. */
export function namedAccount(): Account {
  if (!runningAsRoot()) return null;
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = ['nobody', 'postgres', 'daemon'].flatMap((name) =>
    entries.filter(([entryName]) => entryName === name),
  )[0];
  if (!entry?.[2] || !entry[3]) {
    throw new OperatorError(
      'PostgreSQL refuses to run as root, and /etc/passwd has no user `nobody` to make its data folder as. ' +
        'Start Latchkey as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** Whether the account may enter the folder: every folder on the way must let it through. */
export function canEnter(account: Account, folder: string): boolean {
  if (!account) return true;
  const { mode, uid, gid } = statSync(folder);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  return folder === dirname(folder) || canEnter(account, dirname(folder));
}

/** The error for a PostgreSQL that could not even be started; as root mostly because the system lets us become nobody else. */
export function cannotRun(cause: NodeJS.ErrnoException): OperatorError {
  const asAnother =
    runningAsRoot() && (cause.code === 'EPERM' || cause.code === 'EINVAL')
      ? 'Running as root, PostgreSQL must run as another user, and this system does not let root start one (a container without that right?). '
      : '';
  return new OperatorError(
    `The embedded PostgreSQL cannot run here: ${cause.message}. ${asAnother}Start Latchkey as an ordinary user, or set DATABASE_URL.`,
    { cause },
  );
}

function ownerOf(folder: string): { uid: number; gid: number } | undefined {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat && { uid: stat.uid, gid: stat.gid };
}

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '../operator-error.ts';
import { type Account, accountFor, canEnter, runningAsRoot } from './embedded-account.ts';
import type { Log } from './embedded-log.ts';

/** Where the files of one embedded database are, and whose they are. */
export interface Place {
  /** The folder around it all: DATA_DIR, or as root perhaps one below /var/lib/latchkey. */
  folder: string;
  /** PostgreSQL's data folder; its name carries the major version. */
  data: string;
  account: Account;
  /** To be called once the data folder is made: leaves in DATA_DIR the way to data that is elsewhere. */
  pointAt(): void;
}

const ELSEWHERE = '/var/lib/latchkey';
/** In a folder that is elsewhere: the DATA_DIR that it belongs to. */
const BELONGS_TO = 'data-dir';

/**
 * Finds the place of the database of `dataDir` (a real path). Ordinary users have all of it within; so has root, unless some folder on
 * the way lets only root in (`/root` is one): then PostgreSQL, which never runs as root, could not reach it.
 * Throws OperatorError for data of another major version, and for data that is not where it should be.
 */
export function findPlace(dataDir: string, major: number, log: Log): Place {
  const name = `postgres-${major}`;
  const inside = join(dataDir, name);
  const pointer = `${inside}.location`;
  refuseOtherMajor(dataDir, major);

  if (existsSync(inside)) return placeInside(dataDir, inside);
  if (lstatSync(pointer, { throwIfNoEntry: false })) return placeElsewhere(dataDir, pointer, log);
  if (!runningAsRoot() || canEnter(accountFor(inside, dataDir), dataDir)) return placeInside(dataDir, inside);
  return newPlaceElsewhere(dataDir, name, pointer, log);
}

function placeInside(dataDir: string, data: string): Place {
  const account = accountFor(data, dataDir);
  if (!canEnter(account, dataDir)) {
    throw new OperatorError(
      `PostgreSQL never runs as root, and user ${account?.uid}, whom the data in ${data} belongs to, may not enter that folder. ` +
        'Let others enter (not read) every folder on the way: chmod o+x.',
    );
  }
  return { folder: dataDir, data, account, pointAt: () => {} };
}

function placeElsewhere(dataDir: string, pointer: string, log: Log): Place {
  const data = readlinkSync(pointer);
  const folder = dirname(data);
  if (!runningAsRoot()) {
    throw new OperatorError(
      `The data of ${dataDir} was made by root and is in ${data}; start Latchkey as root, or use another DATA_DIR.`,
    );
  }
  if (!existsSync(data)) {
    throw new OperatorError(
      `The data of ${dataDir} was in ${data} and is not there any more. Put it back, or delete ${pointer} to start with no data.`,
    );
  }
  adoptIfMoved(dataDir, pointer, folder);
  log.warn(`Running as root: the database is in ${data}, because only root may enter ${dataDir}`);
  return { folder, data, account: accountFor(data, dataDir), pointAt: () => {} };
}

/** A copied folder must not share its database with the original; a moved one keeps it. */
function adoptIfMoved(dataDir: string, pointer: string, folder: string): void {
  const file = join(folder, BELONGS_TO);
  const before = readFileSync(file, 'utf8').trim();
  if (before === dataDir) return;
  if (pointsAt(join(before, basename(pointer)), readlinkSync(pointer))) {
    throw new OperatorError(
      `${dataDir} is a copy of ${before}, and ${pointer} leads to the database of the original. Delete ${pointer} to start with ` +
        'no data, and use backup and restore to copy data.',
    );
  }
  writeFileSync(file, `${dataDir}\n`);
}

function newPlaceElsewhere(dataDir: string, name: string, pointer: string, log: Log): Place {
  try {
    mkdirSync(ELSEWHERE, { recursive: true, mode: 0o755 });
    warnOfForgottenData(log);
    const folder = mkdtempSync(join(ELSEWHERE, `${basename(dirname(dataDir)) || 'root'}-`));
    chmodSync(folder, 0o711);
    writeFileSync(join(folder, BELONGS_TO), `${dataDir}\n`);
    const data = join(folder, name);
    log.warn(`Running as root: the database is in ${data}, because only root may enter ${dataDir}`);
    return { folder, data, account: accountFor(data, dataDir), pointAt: () => symlinkSync(data, pointer) };
  } catch (cause) {
    throw new OperatorError(
      `PostgreSQL never runs as root, and only root may enter ${dataDir}; the data could not be put into ${ELSEWHERE} either ` +
        `(${(cause as Error).message}). Set DATA_DIR to a folder that every user may enter, or DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}

/** Deleting DATA_DIR leaves its data elsewhere behind; somebody should hear of it. */
function warnOfForgottenData(log: Log): void {
  for (const name of readdirSync(ELSEWHERE)) {
    const folder = join(ELSEWHERE, name);
    const owner = readOrNull(join(folder, BELONGS_TO))?.trim();
    if (!owner) continue;
    const databases = readdirSync(folder).filter((entry) => /^postgres-\d+$/.test(entry));
    const used = databases.some((database) => pointsAt(join(owner, `${database}.location`), join(folder, database)));
    if (!used && databases.length > 0)
      log.warn(`${folder} holds a database that no DATA_DIR uses any more; delete it if it is not needed`);
  }
}

function pointsAt(pointer: string, data: string): boolean {
  try {
    return readlinkSync(pointer) === data;
  } catch {
    return false;
  }
}

function refuseOtherMajor(dataDir: string, major: number): void {
  const others = readdirSync(dataDir).flatMap((name) => /^postgres-(\d+)(?:\.location)?$/.exec(name)?.[1] ?? []);
  if (others.length === 0 || others.includes(String(major))) return;
  const other = others[0];
  throw new OperatorError(
    `${dataDir} holds the data of PostgreSQL ${other}; this release of Latchkey runs PostgreSQL ${major}. ` +
      'Make a backup with the release that wrote it (npm run backup -- <file>), then restore it with this one into an empty DATA_DIR ' +
      '(npm run restore -- <file>). Keep the file `secret`.',
  );
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Removes what a start that did not get as far as data has made elsewhere. */
export function forgetPlace(place: Place, dataDir: string): void {
  if (place.folder !== dataDir) rmSync(place.folder, { recursive: true, force: true });
}

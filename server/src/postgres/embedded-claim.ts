import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../operator-error.ts';
import { processIdentity } from './process-identity.ts';

/** One process at a time may start, watch and stop the database in a data folder. Who holds the claim is in this file. */
const FILE = 'postgres.claim';

interface Holder {
  pid: number;
  identity: string | null;
}

/**
 * Takes the claim, or throws OperatorError when a live process holds it. A holder that died without giving it back (kill -9) is
 * passed over. Returns what gives it back. It covers the whole start, where a lock inside the database could not.
 */
export function claim(dataDir: string): () => void {
  const file = join(dataDir, FILE);
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) } satisfies Holder);
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, mine, { mode: 0o600 });
  } catch (cause) {
    throw new OperatorError(`Nothing can be written into DATA_DIR ${dataDir}: ${(cause as Error).message}`, { cause });
  }
  try {
    // A link fails where a file already is, and the file appears with its content or not at all.
    while (!tryLink(draft, file)) {
      const holder = claimHolder(dataDir);
      if (holder) throw alreadyRunning(dataDir, holder);
      setAside(file);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (read(file) === mine) rmSync(file, { force: true });
  };
}

/** The id of the live process that runs the database of this folder, if there is one. */
export function claimHolder(dataDir: string): number | null {
  return liveHolder(read(join(dataDir, FILE)));
}

function liveHolder(text: string | null): number | null {
  try {
    const { pid, identity } = JSON.parse(text ?? '') as Holder;
    return processIdentity(pid) === identity ? pid : null;
  } catch {
    return null;
  }
}

/** Renaming, not deleting: of two processes that find the same dead claim, the slower one sees that it moved a live one, and puts it back. */
function setAside(file: string): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
    if (liveHolder(read(aside))) tryLink(aside, file);
    rmSync(aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function alreadyRunning(dataDir: string, pid: number): OperatorError {
  const who = pid === process.pid ? 'this process' : `process ${pid}`;
  return new OperatorError(
    `Latchkey is already running on ${dataDir} (${who}). Stop that one first, or give this one a DATA_DIR of its own.`,
  );
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new OperatorError(`DATA_DIR is in use by another user, or was: ${message}`, { cause });
  }
}

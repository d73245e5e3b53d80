import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../operator-error.ts';
import { cannotRun } from './embedded-account.ts';
import { ENVIRONMENT } from './embedded-cluster.ts';
import { clusterName, readPostmasterFile } from './embedded-leftover.ts';
import type { Log } from './embedded-log.ts';
import type { Place } from './embedded-place.ts';
import { PORT } from './embedded-socket.ts';

export interface Launch {
  bin: string;
  major: number;
  place: Place;
  socketFolder: string;
  settings: Record<string, string>;
  log: Log;
}

/** Starts PostgreSQL and waits until it takes connections. Throws OperatorError, with what it said, when it does not come up. */
export async function launchPostmaster(launch: Launch): Promise<ChildProcess> {
  const { bin, place, log } = launch;
  const settings = Object.entries({ ...settingsFor(launch), ...launch.settings });
  const postmaster = spawn(
    join(bin, 'postgres'),
    ['-D', place.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...place.account,
      cwd: '/',
      env: ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
      // A session of its own: Ctrl-C in a terminal reaches us alone, so that requests in progress still find their database.
      detached: true,
    },
  );
  const lastWords = forwardLog(postmaster, log);
  await untilReady(postmaster, place.data, log, lastWords);
  return postmaster;
}

function settingsFor({ major, place, socketFolder }: Launch): Record<string, string> {
  return {
    cluster_name: clusterName(place.data),
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    port: String(PORT),
    max_connections: '60',
    shared_buffers: '128MB',
    // What was acknowledged is on disk; both are the defaults, said here because everything rests on them.
    fsync: 'on',
    synchronous_commit: 'on',
    // Queries are short: compiling them, or spreading them over processes, costs more than it brings.
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    // There is no replica and no archive.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    max_wal_size: '1GB',
    checkpoint_timeout: '15min',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '',
    // A refused statement is the caller's affair, and PostgreSQL would write the row it was about, with its personal data.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    ...(major >= 18 ? { io_method: 'sync' } : {}),
  };
}

/** Sends what PostgreSQL writes to our log; returns its last lines, for the error when it does not start. */
function forwardLog(postmaster: ChildProcess, log: Log): string[] {
  const lastWords: string[] = [];
  if (!postmaster.stderr) return lastWords;
  createInterface({ input: postmaster.stderr }).on('line', (line) => {
    lastWords.push(line);
    if (lastWords.length > 20) lastWords.shift();
    if (/^(FATAL|PANIC):/.test(line)) log.warn(`PostgreSQL: ${line}`);
    else log.debug(`PostgreSQL: ${line}`);
  });
  return lastWords;
}

/** As long as it lives it may be recovering from a crash, which takes what it takes. */
async function untilReady(postmaster: ChildProcess, data: string, log: Log, lastWords: string[]): Promise<void> {
  let failure: Error | undefined;
  postmaster.once('error', (error) => {
    failure = error;
  });
  let patience = Date.now() + 10_000;
  for (;;) {
    if (failure) throw cannotRun(failure);
    if (postmaster.exitCode !== null || postmaster.signalCode !== null) {
      await sleep(10);
      throw new OperatorError(
        `The embedded PostgreSQL did not start: ${lastWords.join('\n') || `exit code ${postmaster.exitCode}`}`,
      );
    }
    const file = readPostmasterFile(data);
    if (file?.pid === postmaster.pid && file?.ready) return;
    if (Date.now() > patience) {
      log.warn('PostgreSQL is not ready yet; after a crash it first recovers');
      patience = Date.now() + 10_000;
    }
    await sleep(5);
  }
}

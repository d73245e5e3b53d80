import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../operator-error.ts';
import type { Log } from './embedded-log.ts';
import { commandLines } from './process-identity.ts';

/** What a running PostgreSQL says of itself in `postmaster.pid`. */
export interface PostmasterFile {
  pid: number;
  port: number;
  socketFolder: string;
  ready: boolean;
}

export function readPostmasterFile(data: string): PostmasterFile | null {
  try {
    const [pid, , , port, socketFolder, , , status] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return {
      pid: Number(pid),
      port: Number(port),
      socketFolder: socketFolder ?? '',
      ready: status?.trim() === 'ready',
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The name that all processes of a database carry in their titles, so that they can be told from those of others. */
export function clusterName(data: string): string {
  return `latchkey-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`;
}

/**
 * Ends what a crash left behind in a data folder, so that it can be started again. The caller holds the claim, hence nobody uses it.
 * Throws OperatorError when a PostgreSQL answers there that this process cannot see, and goes on answering: one that was just
 * killed has lost its command line already while its socket is still open.
 */
export async function stopLeftover(data: string, log: Log): Promise<void> {
  const left = readPostmasterFile(data);
  if (!left) return;
  const running = processesOf(data);
  if (running.includes(left.pid)) {
    log.warn(`Stopping the PostgreSQL (process ${left.pid}) that a server which was killed left running`);
    await endPostmaster(data, left.pid);
  } else if (!(await gone(async () => !(await answers(left)), 2_000))) {
    throw new OperatorError(
      `A PostgreSQL that cannot be seen from here (in another container?) is using ${data}. Stop the Latchkey that runs it first.`,
    );
  }
  await endOrphans(data, log);
  // Nobody is left who could own these. With a process id that was given to some other program meanwhile, PostgreSQL would not dare.
  rmSync(join(data, 'postmaster.pid'), { force: true });
  rmSync(join(left.socketFolder, `.s.PGSQL.${left.port}`), { force: true });
  rmSync(join(left.socketFolder, `.s.PGSQL.${left.port}.lock`), { force: true });
}

/** Fast shutdown (a checkpoint, nothing to recover), then an immediate one (recovered at the next start), then the end. */
export async function endPostmaster(data: string, pid: number): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    send(pid, signal);
    if (await gone(() => !processesOf(data).includes(pid), patience)) return;
  }
  throw new OperatorError(`PostgreSQL (process ${pid}) in ${data} cannot be stopped`);
}

/** Without their postmaster, PostgreSQL's processes end by themselves as soon as they wait for something. A long query does not wait. */
export async function endOrphans(data: string, log: Log): Promise<void> {
  if (await gone(() => processesOf(data).length === 0, 2_000)) return;
  for (const pid of processesOf(data)) {
    log.warn(`Ending PostgreSQL process ${pid}, which outlived its postmaster`);
    send(pid, 'SIGKILL');
  }
  if (await gone(() => processesOf(data).length === 0, 5_000)) return;
  throw new OperatorError(
    `Some processes of a former PostgreSQL in ${data} cannot be ended: ${processesOf(data).join(', ')}`,
  );
}

/** A postmaster shows the command it was started with; its children show a title that begins with the cluster's name. */
function processesOf(data: string): number[] {
  const title = `postgres: ${clusterName(data)}: `;
  return commandLines()
    .filter(({ command }) => command.includes(` -D ${data} -c `) || command.startsWith(title))
    .map(({ pid }) => pid);
}

async function gone(isGone: () => boolean | Promise<boolean>, patience: number): Promise<boolean> {
  const deadline = Date.now() + patience;
  while (!(await isGone())) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function answers({ socketFolder, port }: PostmasterFile): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(join(socketFolder, `.s.PGSQL.${port}`));
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The load generator has one core to itself and what is measured another, so that neither takes the other's time. */
export const cores = { load: 0, server: 1 } as const;

/** Binds a process with all its threads to one core (Linux, by `taskset`). */
export function pin(pid: number, core: keyof typeof cores): void {
  if (availableParallelism() < 2) throw new Error('a server and its load each need a core of their own');
  execFileSync('taskset', ['-acp', String(cores[core]), String(pid)], { stdio: 'ignore' });
}

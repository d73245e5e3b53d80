import { readdirSync, readFileSync } from 'node:fs';

/** Processor time and memory of one process and of its children, read from the Linux kernel's `/proc`. */

/** Milliseconds; the kernel reports in hundredths of a second whatever its own clock does. */
const TICK = 10;

/** Milliseconds of processor time of a process and of its children, including children that have ended. */
export function cpuOfTree(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + cpuOf(child), ticksOf(pid, 15));
}

/** Milliseconds of processor time of one process alone. */
export function cpuOf(pid: number): number {
  return ticksOf(pid, 13);
}

/** Resident memory of one process in MiB. */
export function residentOf(pid: number): number {
  return readKiB(`/proc/${pid}/status`, 'VmRSS') / 1024;
}

/** Memory that one process shares with nobody and no file, in MiB. */
export function ownMemoryOf(pid: number): number {
  return readKiB(`/proc/${pid}/status`, 'RssAnon') / 1024;
}

/** Memory of a process and its children in MiB with shared pages counted once (the sum of their proportional shares). */
export function memoryOfTree(pid: number): number {
  return (
    [pid, ...childrenOf(pid)].map((id) => readKiB(`/proc/${id}/smaps_rollup`, 'Pss')).reduce((a, b) => a + b, 0) / 1024
  );
}

export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => Number(statFields(id)?.[1]) === pid);
}

/** The fields from 11 on are the time in user and in system mode, then both again for children that have ended. */
function ticksOf(pid: number, upTo: 13 | 15): number {
  const fields = statFields(pid)?.slice(11, upTo) ?? [];
  return fields.reduce((sum, ticks) => sum + Number(ticks) * TICK, 0);
}

/** The fields after the name, which may itself hold spaces: state, parent, …; absent when the process has ended. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function readKiB(path: string, name: string): number {
  try {
    return Number(readFileSync(path, 'utf8').match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Samples a memory figure until stopped, to see a peak that lasts longer than the interval. */
export function watchMemory(read: () => number, everyMilliseconds = 20): { stop(): { before: number; peak: number } } {
  const before = read();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, read());
  }, everyMilliseconds);
  return {
    stop() {
      clearInterval(timer);
      return { before, peak: Math.max(peak, read()) };
    },
  };
}

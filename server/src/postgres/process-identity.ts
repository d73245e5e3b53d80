import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * A value that only this very process has, or null when it is gone. Process ids are used again, after a reboot or in a new
 * container at once, so the id alone says nothing. A zombie counts as gone: it holds nothing any more.
 */
export function processIdentity(pid: number): string | null {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** The command lines of all processes that can be seen. PostgreSQL writes its title there. */
export function commandLines(): { pid: number; command: string }[] {
  if (process.platform !== 'linux') return commandLinesFromPs();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: readText(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim() }));
}

function fromProc(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  // The second field, the command in brackets, may itself hold spaces and brackets; after it come the state and 18 more up to the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields[0], fields[19]];
  if (!startedAt || state === 'Z' || state === 'X') return null;
  return `${readText('/proc/sys/kernel/random/boot_id').trim()}/${startedAt}`;
}

function fromPs(pid: number): string | null {
  const { stdout } = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const line = (stdout ?? '').trim();
  return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
}

function commandLinesFromPs(): { pid: number; command: string }[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  return (stdout ?? '')
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) => (match ? [{ pid: Number(match[1]), command: (match[2] ?? '').trim() }] : []));
}

/** A process may end between being listed and being read. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

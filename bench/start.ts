import { setTimeout as sleep } from 'node:timers/promises';
import { median, printTable } from './machine/print-table.ts';
import { childrenOf, memoryOfTree, residentOf } from './machine/process-use.ts';
import { untilQuiet } from './machine/quiet.ts';
import { type Latchkey, makeDataFolder, type StartOptions, startLatchkey } from './product/latchkey.ts';

export const measures =
  'starting: from the command to the first answered request, on an empty data folder and on one that is there; and memory when idle.';

type Command = NonNullable<StartOptions['command']>;
const npmStart: Command = ['npm', 'start'];
const withoutNpm: Command = [process.execPath, 'server/src/main.ts'];
const warmStarts = 9;

export async function run(): Promise<object> {
  const folder = makeDataFolder();
  try {
    const first = await startLatchkey({ dataFolder: folder.path, command: npmStart });
    await first.stop();
    const start = (command: Command) => startLatchkey({ dataFolder: folder.path, apiKey: first.apiKey, command });
    const byNpm: number[] = [];
    const byNode: number[] = [];
    for (let time = 0; time < warmStarts; time++) {
      byNpm.push(await timeOf(() => start(npmStart)));
      byNode.push(await timeOf(() => start(withoutNpm)));
    }
    const memory = await idleMemory(await start(npmStart));
    const millisecondsRows = [row('npm start, again', byNpm), row('node server/src/main.ts, again', byNode)];
    printTable(
      ['ms to the first answer', 'median', 'fastest', 'slowest'],
      [...millisecondsRows, ['npm start, empty folder', first.startTook]],
    );
    printTable(['MiB when idle', ''], Object.entries(memory));
    return { emptyFolder: first.startTook, byNpm, byNode, memory };
  } finally {
    folder.remove();
  }
}

const row = (name: string, times: number[]): (string | number)[] => [
  name,
  median(times),
  Math.min(...times),
  Math.max(...times),
];

async function timeOf(start: () => Promise<Latchkey>): Promise<number> {
  await untilQuiet();
  const latchkey = await start();
  await latchkey.stop();
  return latchkey.startTook;
}

/** Ten seconds after the first answer, of the processes that `npm start` leaves running: npm itself, the server, PostgreSQL. */
async function idleMemory(latchkey: Latchkey): Promise<Record<string, number>> {
  try {
    await sleep(10_000);
    const server = childrenOf(latchkey.pid)[0] ?? latchkey.pid;
    const postmaster = childrenOf(server)[0] ?? Number.NaN;
    return {
      'server, resident': residentOf(server),
      'PostgreSQL, all its processes, shared pages once': memoryOfTree(postmaster),
      'npm, resident': residentOf(latchkey.pid),
    };
  } finally {
    await latchkey.stop();
  }
}

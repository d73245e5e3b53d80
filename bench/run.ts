import { mkdirSync, writeFileSync } from 'node:fs';
import { machineFacts } from './machine/facts.ts';
import { stopEverything } from './product/latchkey.ts';

/**
 * The command: `npm run bench` runs every benchmark, `npm run bench -- invitations list` only those named.
 * Prints figures, and writes them as JSON to `results/`; nothing here passes or fails.
 */
const names = [
  'invitations',
  'permissions',
  'list',
  'start',
  'checks',
  'local-checks',
  'revoke',
  'memory',
  'console-people',
];

/** What each benchmark's file exports. */
export interface Benchmark {
  /** One sentence on what it measures. */
  measures: string;
  /** Runs it and returns every figure it took; it starts and stops all it needs, in a temporary folder. */
  run(): Promise<object>;
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : names;
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(1);
}

let ending = false;
const end = (): void => {
  ending = true;
  stopEverything().finally(() => process.exit(1));
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
process.on('uncaughtException', (error) => {
  // What breaks because everything is being ended is no news.
  if (ending) return;
  console.error(error);
  end();
});

const results = new URL('./results/', import.meta.url);
mkdirSync(results, { recursive: true });

for (const name of chosen) {
  const { measures, run }: Benchmark = await import(`./${name}.ts`);
  const machine = machineFacts();
  console.log(`\n${name}: ${measures}`);
  console.log(
    `  ${machine.date}, ${machine.cores} × ${machine.processor}, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`,
  );
  console.log(
    `  load before ${machine.loadBefore.toFixed(2)}, one synced write of 8 KiB ${machine.syncedWrite.toFixed(3)} ms`,
  );
  const figures = await run();
  const file = new URL(`${name}-${machine.date.replaceAll(/[:.]/g, '-')}.json`, results);
  writeFileSync(file, `${JSON.stringify({ benchmark: name, measures, machine, figures }, null, 2)}\n`);
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { LoadGenerator } from './load/burst.ts';
import { type Contestant, printStandings, runRounds } from './load/rounds.ts';
import type { TableFigures, TableOrder } from './load/table-filler.ts';
import { pin } from './machine/pin.ts';
import { printTable } from './machine/print-table.ts';
import { cpuOf, residentOf } from './machine/process-use.ts';
import { quick } from './machine/quiet.ts';
import { fillOrganization } from './product/fill-organization.ts';
import type { Latchkey } from './product/latchkey.ts';
import { type Bench, type BenchDatabase, withLatchkey } from './product/with-latchkey.ts';

export const measures =
  'memory of the access index and what a check costs as it grows: its table by itself up to 10,000,000 members, and a server with 1,000,000 resident.';

const sizes = quick ? [1_000, 100_000, 1_000_000] : [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
const residentMembers = quick ? 100_000 : 1_000_000;
const atOnce = 1000;
const rounds = quick ? { rounds: 3, seconds: 2, warmUp: 2 } : { rounds: 7, seconds: 5, warmUp: 5 };

export const run = async () => {
  const table: TableFigures[] = [];
  for (const members of sizes) table.push(await fillTable({ members, questions: 500_000, longer: 0 }));
  const longer = await fillTable({ members: 1_000_000, questions: 500_000, longer: 10 });
  console.log('  the table, in a process of its own each; the check is find and decide, in random order, without HTTP');
  printTable(
    ['members', 'MB resident', 'MB of arrays', 'bytes a member', 'longest insertion ms', 'check ns', 'fastest pass'],
    [...table, longer].map((figures) => [
      `${figures.members.toLocaleString('en')}${figures === longer ? ', a tenth with 40 to 60 characters' : ''}`,
      figures.resident,
      figures.arrays,
      (figures.arrays * 1e6) / figures.members,
      figures.longestInsertion,
      figures.check,
      figures.fastestCheck,
    ]),
  );
  const server = await withLatchkey((bench) => measureServer(bench), {
    // With some room nobody is forgotten.
    ACCESS_INDEX_MEMBERS: String(Math.round(residentMembers * 1.2)),
  });
  return { table, longer, server };
};

async function fillTable(order: TableOrder): Promise<TableFigures> {
  const child = fork(new URL('./load/table-filler.ts', import.meta.url), { execArgv: ['--expose-gc'] });
  child.send(order);
  const [figures] = (await once(child, 'message')) as [TableFigures];
  child.disconnect();
  return figures;
}

async function measureServer({ latchkey, database, closeLater }: Bench) {
  await fillOrganization(database, Math.ceil(residentMembers / 0.9));
  const members = await activeMembers(database);
  await sleep(15_000);
  const idle = residentOf(latchkey.pid);
  // The first questions also leave code, connections and heap; how much shows after them.
  const first = members.length / 20;
  await askAboutAll(latchkey, members.slice(0, first));
  const warm = residentOf(latchkey.pid);
  const started = performance.now();
  await askAboutAll(latchkey, members.slice(first));
  const filled = (performance.now() - started) / 1000;
  const busy = residentOf(latchkey.pid);
  // Whoever is idle gives back what the burst left.
  await sleep(45_000);
  const resident = residentOf(latchkey.pid);
  const more = (from: number): string => `${(((resident - from) * 2 ** 20) / 1e6).toFixed(0)} MB`;
  console.log(
    `  a server that was asked about ${members.length.toLocaleString('en')} members, the last ${(members.length - first).toLocaleString('en')} in ${filled.toFixed(0)} s:`,
  );
  console.log(
    `  resident ${idle.toFixed(0)} MiB idle, ${warm.toFixed(0)} MiB after the first twentieth, ${busy.toFixed(0)} MiB after all, ${resident.toFixed(0)} MiB 45 s later: ${more(idle)} more than idle`,
  );

  const generator = closeLater(new LoadGenerator());
  pin(generator.pid, 'load');
  pin(latchkey.pid, 'server');
  const contestant = (name: string, list: string[]): Contestant => ({
    name,
    spenders: { server: () => cpuOf(latchkey.pid) },
    burst: (seconds) =>
      generator.run({
        port: latchkey.port,
        connections: 32,
        seconds,
        method: 'POST',
        path: '/access/v1/evaluation',
        headers: { 'api-key': latchkey.apiKey, 'content-type': 'application/json' },
        body: JSON.stringify({
          subject: { type: 'user', id: '{x}' },
          action: { name: 'view' },
          resource: { type: 'feature', id: 'contacts' },
        }),
        filling: { list },
      }),
  });
  const standings = await runRounds(
    [
      contestant('about all of them, in random order', shuffled(members)),
      contestant('about 1,000', members.slice(-1000)),
    ],
    rounds,
  );
  console.log('  one check over HTTP');
  printStandings(standings);
  return { members: members.length, idle, warm, busy, resident, filled, standings };
}

/** A thousand in a request. */
async function askAboutAll({ port, apiKey }: Latchkey, subjects: string[]): Promise<void> {
  for (let from = 0; from < subjects.length; from += atOnce) {
    const some = subjects.slice(from, from + atOnce);
    const reply = await fetch(`http://127.0.0.1:${port}/access/v1/evaluations`, {
      method: 'POST',
      headers: { 'api-key': apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({
        action: { name: 'view' },
        resource: { type: 'feature', id: 'contacts' },
        evaluations: some.map((id) => ({ subject: { type: 'user', id } })),
      }),
    });
    const { evaluations } = (await reply.json()) as { evaluations?: unknown[] };
    if (evaluations?.length !== some.length) throw new Error(`not answered: ${reply.status}`);
  }
}

async function activeMembers(database: BenchDatabase): Promise<string[]> {
  const rows = await database.query(
    `select email from member where status = 'active' and not is_owner order by id limit $1`,
    [residentMembers],
  );
  return rows.map(({ email }) => String(email));
}

/** In another order, the same every time: steps by a prime that does not divide the number. */
const shuffled = <T>(list: T[]): T[] => list.map((_, place) => list[(place * 7_368_787) % list.length] as T);

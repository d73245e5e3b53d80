import { setTimeout as sleep } from 'node:timers/promises';
import { Latchkey } from '../client/src/client.ts';
import type { MonotonicClock } from '../client/src/replica/lease.ts';
import type { Replica } from '../client/src/replica/replica.ts';
import { tickingClock } from '../client/src/replica/ticking-clock.ts';
import { median, printTable } from './machine/print-table.ts';
import { quick, untilQuiet } from './machine/quiet.ts';
import { casbin } from './peers/local/casbin.ts';
import { casl } from './peers/local/casl.ts';
import { cedar } from './peers/local/cedar.ts';
import { mapOfSets } from './peers/local/map-of-sets.ts';
import type { LocalPeer, Person, Questions } from './peers/local/people.ts';
import { fromHandles, fromMembers, fromScatteredStrings, fromStrings } from './peers/local/replicas.ts';
import { fillOrganization } from './product/fill-organization.ts';
import { type BenchDatabase, withLatchkey } from './product/with-latchkey.ts';

export const measures =
  'can() answered in the process that asks, among 100,000 active members in random order, beside CASL, casbin and Cedar.';

const members = 100_000;
const rounds = quick ? 5 : 21;

export const run = () =>
  withLatchkey(async ({ latchkey, database, closeLater }) => {
    // Nine in ten of the filling are active.
    await fillOrganization(database, Math.ceil(members / 0.9));
    const questions = questionsAbout(await activeMembers(database));
    const client = new Latchkey({ url: `http://127.0.0.1:${latchkey.port}`, apiKey: latchkey.apiKey });
    const hot = await open(client, tickingClock());
    closeLater({ stop: async () => hot.close() });
    const times = await measured('tickingClock', hot, [
      fromHandles(questions, hot),
      fromMembers(questions, hot),
      fromStrings(questions, hot),
      fromScatteredStrings(questions, hot),
      mapOfSets(questions),
      casl(questions),
      cedar(questions),
      await casbin(questions),
    ]);
    // Afterwards: a program has one clock, and is compiled for that one.
    const plain = await open(client);
    closeLater({ stop: async () => plain.close() });
    const timesOfPlain = await measured('the clock of the platform', plain, [
      fromHandles(questions, plain),
      fromStrings(questions, plain),
    ]);
    return { members: questions.people.length, replicaBytes: hot.bytes, times, timesOfPlain };
  });

async function open(client: Latchkey, clock?: MonotonicClock): Promise<Replica> {
  const started = performance.now();
  // A lease that outlasts a round: nothing is heard while a loop runs without a pause.
  const replica = await client.access.replica({ timeout: 120_000, lease: 30_000, clock });
  console.log(
    `  replica open in ${Math.round(performance.now() - started)} ms, ${(replica.bytes / 1e6).toFixed(1)} MB`,
  );
  return replica;
}

async function measured(clock: string, replica: Replica, peers: LocalPeer[]): Promise<Times[]> {
  const hear = async (): Promise<void> => {
    await sleep(100);
    await replica.current({ timeout: 30_000 });
  };
  await requireAgreement(peers, hear);
  const times = await takeTurns(peers, hear);
  const first = times[0]?.median ?? Number.NaN;
  console.log(`  with ${clock}`);
  printTable(
    ['', 'ns a question', 'fastest', 'slowest', 'to a resolved handle'],
    times.map(({ name, nanoseconds, median: middle }) => [
      name,
      middle,
      Math.min(...nanoseconds),
      Math.max(...nanoseconds),
      `${(middle / first).toFixed(1)} ×`,
    ]),
  );
  return times;
}

async function activeMembers(database: BenchDatabase): Promise<Person[]> {
  const rows = await database.query(
    `select m.email, m.all_features_access as everything, coalesce(g.permissions, '{}') as permissions
     from member m left join member_grant g on g.organization_id = m.organization_id and g.member_id = m.id
     where m.status = 'active' and not m.is_owner order by m.id limit $1`,
    [members],
  );
  return rows as unknown as Person[];
}

function questionsAbout(people: Person[]): Questions {
  const order = Uint32Array.from(people, (_, number) => number);
  const random = numbersFrom(1);
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const moved = order[last] as number;
    order[last] = order[other] as number;
    order[other] = moved;
  }
  const asked = ['contacts:view', 'contacts:export', 'templates:create_edit_delete', 'sales_platform:reports'].map(
    (name) => name.split(':') as [string, string],
  );
  const names = Array.from(order, (number) => copyOf((people[number] as Person).email));
  return {
    people,
    order,
    names,
    features: asked.map(([feature]) => feature),
    permissions: asked.map(([, name]) => name),
  };
}

const copyOf = (text: string): string => Buffer.from(text).toString();

/** The same numbers every time (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Whoever answers otherwise is not faster but wrong. */
async function requireAgreement(peers: LocalPeer[], hear: () => Promise<void>): Promise<void> {
  const counts: number[] = [];
  for (const peer of peers) {
    await hear();
    counts.push(peer.ask(0, 200));
  }
  if (new Set(counts).size !== 1)
    throw new Error(`they disagree: ${peers.map(({ name }, index) => `${name} ${counts[index]}`).join(', ')}`);
}

interface Times {
  name: string;
  nanoseconds: number[];
  median: number;
}

async function takeTurns(peers: LocalPeer[], hear: () => Promise<void>): Promise<Times[]> {
  const times = peers.map(({ name }) => ({ name, nanoseconds: [] as number[], median: Number.NaN }));
  for (let round = -1; round < rounds; round++) {
    await untilQuiet();
    for (const [index, peer] of peers.entries()) {
      await hear();
      const started = performance.now();
      peer.ask(round * 7919 + 7919, peer.atOnce);
      const nanoseconds = ((performance.now() - started) * 1e6) / peer.atOnce;
      if (round >= 0) times[index]?.nanoseconds.push(nanoseconds);
    }
  }
  for (const time of times) time.median = median(time.nanoseconds);
  return times;
}

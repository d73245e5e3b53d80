import { setTimeout as sleep } from 'node:timers/promises';
import { Latchkey as Client } from '../client/src/client.ts';
import type { Replica } from '../client/src/replica/replica.ts';
import { type Burst, LoadGenerator } from './load/burst.ts';
import { CheckConnection } from './load/check-connection.ts';
import { Latencies, type LatencySummary } from './load/latencies.ts';
import { printTable } from './machine/print-table.ts';
import { quick } from './machine/quiet.ts';
import { fillOrganization } from './product/fill-organization.ts';
import type { Latchkey } from './product/latchkey.ts';
import { commonSecret, startAnotherNode } from './product/more-nodes.ts';
import { type Bench, type BenchDatabase, withLatchkey } from './product/with-latchkey.ts';

export const measures =
  'a permission revoked on one of three nodes, from the answer to the revocation until each node and a replica of each says no; idle and under load.';

const revocations = quick ? 100 : 1000;
/** Connections of the load on each node, one check after another on each. */
const loadConnections = 2;

export const run = () =>
  withLatchkey(
    async (bench) => {
      const { latchkey, database, closeLater } = bench;
      await fillOrganization(database, 20_000);
      const nodes = [latchkey];
      for (let more = 0; more < 2; more++) nodes.push(closeLater(await startAnotherNode(latchkey)));
      const places: Place[] = [];
      for (const [number, node] of nodes.entries()) places.push(...(await placesOf(bench, node, number + 1)));
      const members = await whoMayViewContacts(database, revocations * 2);

      const idle = await revokeAll(nodes, places, members.slice(0, revocations));
      printPlaces(`idle, ${revocations} revocations`, idle);
      const load = nodes.map((node) => putUnderLoad(bench, node, members.slice(-100)));
      await sleep(1000);
      const busy = await revokeAll(nodes, places, members.slice(revocations));
      for (const burst of load) burst.end();
      const perSecond = (await Promise.all(load.map(({ rate }) => rate))).map(Math.round);
      printPlaces(`under ${perSecond.join(', ')} checks a second on the nodes`, busy);
      return { revocations, idle, busy, loadPerSecond: perSecond };
    },
    { LATCHKEY_SECRET: commonSecret },
  );

/** Somewhere that is asked: a node over HTTP, or a replica that follows it. */
interface Place {
  name: string;
  ask(member: string): Promise<boolean | undefined>;
  /** Undefined where a revision cannot be asked for. */
  askAt(member: string, revision: string): Promise<boolean | undefined>;
}

async function placesOf({ closeLater }: Bench, node: Latchkey, number: number): Promise<Place[]> {
  const connection = await CheckConnection.open(node.port, node.apiKey);
  closeLater({ stop: async () => connection.close() });
  const client = new Client({ url: `http://127.0.0.1:${node.port}`, apiKey: node.apiKey });
  const replica = await client.access.replica();
  closeLater({ stop: async () => replica.close() });
  return [nodeOver(connection, number), replicaOf(replica, number)];
}

const nodeOver = (connection: CheckConnection, number: number): Place => {
  const known = (answer: boolean | number) => (typeof answer === 'boolean' ? answer : undefined);
  return {
    name: `node ${number}`,
    ask: async (member) => known(await connection.ask(member, 'contacts', 'view')),
    askAt: async (member, revision) => known(await connection.ask(member, 'contacts', 'view', revision)),
  };
};

const replicaOf = (replica: Replica, number: number): Place => ({
  name: `replica of node ${number}`,
  ask: async (member) => (replica.isCurrent() ? replica.can(member, 'contacts', 'view') : undefined),
  async askAt(member, revision) {
    await replica.current({ revision: Number(revision) });
    return replica.can(member, 'contacts', 'view');
  },
});

interface Figures {
  place: string;
  /** From the answer to the revocation to the first no. */
  denied: LatencySummary;
  /** Answers that were yes although they were asked for at the revision of the revocation. */
  staleAtRevision: number;
  askedAtRevision: number;
}

/** Every other revocation is followed by asking without a revision, which does not make a node look. */
async function revokeAll(nodes: Latchkey[], places: Place[], members: string[]): Promise<Figures[]> {
  const figures = places.map(({ name }) => ({ place: name, latencies: new Latencies(), stale: 0, asked: 0 }));
  for (const [round, member] of members.entries()) {
    await Promise.all(places.map((place) => until(place, member, true)));
    const revision = await revoke(nodes[round % nodes.length] as Latchkey, member);
    const answered = performance.now();
    await Promise.all(
      places.map(async (place, index) => {
        const figure = figures[index];
        if (!figure) return;
        if (round % 2 === 1) {
          figure.asked++;
          if (await place.askAt(member, revision)) figure.stale++;
        } else {
          await until(place, member, false);
          figure.latencies.add(performance.now() - answered);
        }
      }),
    );
  }
  return figures.map(({ place, latencies, stale, asked }) => ({
    place,
    denied: latencies.summary(),
    staleAtRevision: stale,
    askedAtRevision: asked,
  }));
}

/** Asks every millisecond or so: whoever asks without a pause takes the time that the answer needs. Ten seconds no promise allows. */
async function until(place: Place, member: string, wanted: boolean): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end; await sleep(1))
    if ((await place.ask(member)) === wanted) return;
  throw new Error(`${place.name} does not say ${wanted ? 'yes' : 'no'} about ${member}`);
}

/** @returns the revision */
async function revoke({ port, apiKey }: Latchkey, email: string): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${port}/v3/organization/user/update/permissions`, {
    method: 'POST',
    headers: { 'api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({
      email,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['none'] }],
    }),
  });
  const revision = reply.headers.get('latchkey-revision');
  const text = await reply.text();
  if (!reply.ok || revision === null) throw new Error(`not revoked: ${reply.status} ${text}`);
  return revision;
}

function putUnderLoad(
  { closeLater }: Bench,
  node: Latchkey,
  subjects: string[],
): { end(): void; rate: Promise<number> } {
  const generator = closeLater(new LoadGenerator());
  const burst: Omit<Burst, 'seconds'> = {
    port: node.port,
    connections: loadConnections,
    method: 'POST',
    path: '/access/v1/evaluation',
    headers: { 'api-key': node.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({
      subject: { type: 'user', id: '{x}' },
      action: { name: 'view' },
      resource: { type: 'feature', id: 'contacts' },
    }),
    filling: { list: subjects },
  };
  let over = false;
  const keepOn = async (): Promise<number> => {
    let replies = 0;
    const started = performance.now();
    while (!over) replies += (await generator.run({ ...burst, seconds: 1 })).replies;
    return (replies / (performance.now() - started)) * 1000;
  };
  return {
    end() {
      over = true;
    },
    rate: keepOn(),
  };
}

async function whoMayViewContacts(database: BenchDatabase, atMost: number): Promise<string[]> {
  const rows = await database.query(
    `select m.email from member m join member_grant g on g.organization_id = m.organization_id and g.member_id = m.id
     where m.status = 'active' and not m.all_features_access and 'contacts:view' = any (g.permissions) order by m.id limit $1`,
    [atMost],
  );
  if (rows.length < atMost) throw new Error('too few members');
  return rows.map(({ email }) => String(email));
}

function printPlaces(title: string, figures: Figures[]): void {
  console.log(`  ${title}`);
  printTable(
    ['milliseconds from the answer to the first no', 'p50', 'p90', 'p99', 'longest', 'yes at the revision', 'asked'],
    figures.map(({ place, denied, staleAtRevision, askedAtRevision }) => [
      place,
      denied.p50,
      denied.p90,
      denied.p99,
      denied.max,
      String(staleAtRevision),
      String(askedAtRevision),
    ]),
  );
}

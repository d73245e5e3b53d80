import { LoadGenerator } from './load/burst.ts';
import { type Contestant, printStandings, runRounds } from './load/rounds.ts';
import { cpuOf, cpuOfTree } from './machine/process-use.ts';
import type { PreparedReply } from './peers/bare-http.ts';
import { startPeer } from './peers/start-peer.ts';
import { withLatchkey } from './product/with-latchkey.ts';

export const measures =
  'reading the permissions of one member over 32 connections, beside a bare node:http server that returns the same bytes.';

const email = 'reader@bench.test';

export const run = () =>
  withLatchkey(async ({ latchkey, database, closeLater }) => {
    await inviteReader(latchkey.port, latchkey.apiKey);
    const path = `/v3/organization/user/${encodeURIComponent(email)}/permissions`;
    const reply = await readReply(latchkey.port, path, latchkey.apiKey);
    const bare = closeLater(await startPeer<{ port: number }>('./bare-http.ts', reply));

    const burstAt = (port: number, connections: number) => {
      const generator = closeLater(new LoadGenerator());
      return (seconds: number) =>
        generator.run({ port, connections, seconds, method: 'GET', path, headers: { 'api-key': latchkey.apiKey } });
    };
    const contestants = (connections: number): Contestant[] => [
      {
        name: 'Latchkey',
        spenders: { server: () => cpuOf(latchkey.pid), PostgreSQL: () => cpuOfTree(database.postmaster) },
        burst: burstAt(latchkey.port, connections),
      },
      { name: 'bare node:http', spenders: { server: () => cpuOf(bare.pid) }, burst: burstAt(bare.port, connections) },
    ];

    const busy = await runRounds(contestants(32), { rounds: 5, seconds: 4, warmUp: 5 });
    console.log(`  32 connections, a reply of ${reply.body.length} bytes`);
    printStandings(busy);
    const calm = await runRounds(contestants(1), { rounds: 3, seconds: 3, warmUp: 1 });
    console.log('  1 connection');
    printStandings(calm);
    return { connections32: busy, connection1: calm, reply };
  });

async function inviteReader(port: number, apiKey: string): Promise<void> {
  const reply = await fetch(`http://127.0.0.1:${port}/v3/organization/user/invitation/send`, {
    method: 'POST',
    headers: { 'api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({
      email,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['view', 'export'] }],
    }),
  });
  if (!reply.ok) throw new Error(`the invitation was refused: ${reply.status} ${await reply.text()}`);
}

/** The reply as it was, except for what Node's HTTP server adds by itself. */
async function readReply(port: number, path: string, apiKey: string): Promise<PreparedReply> {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'api-key': apiKey } });
  const body = await reply.text();
  if (!reply.ok) throw new Error(`the permissions could not be read: ${reply.status} ${body}`);
  const own = ['connection', 'keep-alive', 'date'];
  return {
    status: reply.status,
    headers: Object.fromEntries([...reply.headers].filter(([name]) => !own.includes(name))),
    body,
  };
}

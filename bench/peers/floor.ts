import { randomUUID, randomUUIDv7 } from 'node:crypto';
import pg from 'pg';
import { type Database, poolDatabase } from '../../server/src/store/database.ts';
import { insertInvitations, invitationWriter, type NewInvitation } from '../../server/src/store/invitations.ts';
import type { BurstResult } from '../load/burst.ts';
import { Latencies } from '../load/latencies.ts';

/**
 * The floor under an invitation: the store's own statement from loops that do nothing else, over as many connections as the server has.
 * There is no HTTP, no key to look up, no body to check; what is left is PostgreSQL, its driver and the commit.
 */
export interface FloorBurst {
  connection: pg.ClientConfig;
  /** Whether those under way together are written together, as the server does, or each by a statement of its own. */
  inGroups: boolean;
  /** Size of the pool, and how many invitations are under way at once. */
  pool: number;
  connections: number;
  seconds: number;
  organizationId: string;
  /** The api key that the invitations are said to come from. */
  keyId: string;
  /** E-mail addresses count up from here. */
  countFrom: number;
}

process.on('message', async (burst: FloorBurst) => process.send?.(await runBurst(burst)));
process.on('disconnect', () => process.exit());

async function runBurst({
  connection,
  pool: size,
  inGroups,
  connections,
  seconds,
  organizationId,
  keyId,
  countFrom,
}: FloorBurst): Promise<BurstResult> {
  const pool = new pg.Pool({ ...connection, max: size });
  const database = poolDatabase(pool);
  const latencies = new Latencies();
  let next = countFrom;
  const write = inGroups
    ? invitationWriter(database, mailLimits)
    : async (_: Database, invitation: NewInvitation) =>
        (await insertInvitations(database, mailLimits, [invitation]))[0];
  const statuses: Record<string, number> = {};
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const deadline = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let sent = performance.now(); sent < deadline; sent = performance.now()) {
        const written = await write(database, invitationOf(organizationId, keyId, `floor${next++}@bench.test`));
        latencies.add(performance.now() - sent);
        const status = written?.outcome === 'inserted' ? '200' : String(written?.outcome);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  await pool.end();
  return {
    seconds: took,
    replies: latencies.count,
    perSecond: latencies.count / took,
    bytes: 0,
    statuses,
    brokenConnections: 0,
    latency: latencies.summary(),
    generatorCpu: (cpu.user + cpu.system) / 1000,
  };
}

const mailLimits = { recipient: 5, organization: null };

/** As the use case makes it from the request that Latchkey is sent. */
const invitationOf = (organizationId: string, keyId: string, email: string): NewInvitation => ({
  organizationId,
  memberId: randomUUIDv7(),
  invitationId: randomUUIDv7(),
  deliveryId: randomUUIDv7(),
  email,
  externalId: null,
  locale: 'en',
  holdings: { owner: false, everything: false, permissions: new Set(['contacts:view', 'contacts:export'] as const) },
  grantor: { kind: 'api_key', id: keyId },
  lifetimeSeconds: 72 * 3600,
  event: {
    id: randomUUIDv7(),
    organizationId,
    partnerId: null,
    action: 'member.invited',
    outcome: 'done',
    actorKind: 'api_key',
    actorId: keyId,
    actorName: 'owner@bench.test',
    targetKind: 'member',
    targetId: null,
    targetEmail: email,
    details: { all_features_access: false, permissions: ['contacts:view', 'contacts:export'] },
    requestId: randomUUID(),
    ip: '127.0.0.1',
    userAgent: null,
  },
});

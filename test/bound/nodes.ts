import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import { Latchkey } from '../../client/src/index.ts';
import { type Client, client } from '../client.ts';
import { createDatabase, type TestDatabase } from '../database.ts';

/** A server in a process of its own, one of several on one database. */
export interface Node {
  /** Without /v3. */
  url: string;
  port: number;
  child: ChildProcess;
  owner: Client;
  api: Latchkey;
  output(): string;
}

export interface Nodes {
  nodes: [Node, Node, Node];
  database: TestDatabase;
  key: string;
  organizationId: string;
  /** The operator, who may change the organization's plan. */
  partner: Client;
  /** Invites somebody and answers for them. */
  join(email: string, permissions?: readonly string[]): Promise<void>;
  /** Ends one as a power cut would, and starts it again at the same address. */
  restart(which: 0 | 1 | 2): Promise<void>;
  stop(): Promise<void>;
}

/** The built-in catalogue, with a plan that has next to nothing of it. */
const withSmallPlan: CatalogueFile = {
  ...builtInCatalogue,
  plans: { ...builtInCatalogue.plans, small: { label: 'Small', seats: null, features: { contacts: ['view'] } } },
};
const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const key = `owner-key-${'0'.repeat(30)}`;
const partnerKey = `partner-key-${'0'.repeat(30)}`;

/**
 * Three servers on one database of their own.
 * @param settings by node, beyond those that all have
 */
export async function startNodes(
  common: Record<string, string> = {},
  settings: (which: number, database: TestDatabase) => Promise<Record<string, string>> = async () => ({}),
): Promise<Nodes> {
  const database = await createDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-nodes-'));
  const catalogue = join(folder, 'catalogue.json');
  writeFileSync(catalogue, JSON.stringify(withSmallPlan));
  const start = async (which: number, port: number): Promise<Node> => {
    const environment = {
      PATH: process.env.PATH,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: folder,
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      DATABASE_POOL: '8',
      LATCHKEY_SECRET: 'a-secret-for-tests-of-32-characters-and-more',
      LATCHKEY_API_KEY: key,
      LATCHKEY_PARTNER_KEY: partnerKey,
      LOG_LEVEL: 'warn',
      MAIL_RATE_RECIPIENT: '1000',
      LATCHKEY_CATALOGUE: catalogue,
      ...common,
      ...(await settings(which, database)),
    };
    return startNode(environment, port);
  };
  // One after the other: the first makes the organization.
  const nodes = [] as unknown as Nodes['nodes'];
  for (const which of [0, 1, 2] as const) nodes[which] = await start(which, await freePort());
  const [first] = nodes;
  const organizationId: string = (await first.owner.get('/account')).body.organization_id;
  return {
    nodes,
    database,
    key,
    organizationId,
    partner: client(`${first.url}/v3`, { 'partner-key': partnerKey }),
    join: (email, permissions) => joinBy(first, email, permissions),
    async restart(which) {
      const { child, port } = nodes[which];
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'close');
      }
      nodes[which] = await start(which, port);
    },
    async stop() {
      await Promise.all(nodes.map((node) => ended(node.child)));
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startNode(environment: NodeJS.ProcessEnv, port: number): Promise<Node> {
  const child = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (output += String(bytes)));
  while (!output.includes('Latchkey listens on')) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${output}`);
    await sleep(20);
  }
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    child,
    owner: client(`${url}/v3`, { 'api-key': key }),
    api: new Latchkey({ url, apiKey: key }),
    output: () => output,
  };
}

async function joinBy({ owner, url }: Node, email: string, permissions: readonly string[] = ['contacts:view']) {
  const features = Map.groupBy(permissions, (name) => name.split(':')[0] as string);
  const invited = await owner.post('/organization/user/invitation/send', {
    email,
    all_features_access: false,
    privileges: [...features].map(([feature, names]) => ({
      feature,
      permissions: names.map((name) => name.split(':')[1]),
    })),
  });
  if (invited.status !== 200) throw new Error(`inviting ${email}: ${invited.status} ${JSON.stringify(invited.body)}`);
  const { body } = await owner.post(`/organization/user/invitation/link/${encodeURIComponent(email)}`);
  const token = body.link.slice(body.link.indexOf('#') + 1);
  const joined = await client(`${url}/v3`, {}).post('/organization/user/invitation/accept', { token });
  if (joined.status !== 200) throw new Error(`joining ${email}: ${joined.status} ${JSON.stringify(joined.body)}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await once(child, 'close');
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

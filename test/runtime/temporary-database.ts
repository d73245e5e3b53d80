import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { beforeAll, onTestFinished, vi } from 'vitest';
import type { Connection } from '../../server/src/postgres/connection.ts';
import {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/src/postgres/embedded.ts';
import { SUPERUSER } from '../../server/src/postgres/embedded-cluster.ts';

// A new database takes a second, on a busy machine several.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

export const isRoot = process.getuid?.() === 0;

/** A new folder with a short path, which others may enter; it goes with the test, and so does data that root's database keeps elsewhere. */
export function temporaryFolder(): string {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** Starts the database of a folder in this process; it is stopped with the test, before the folder goes. */
export async function startDatabase(
  dataDir: string,
  options: Partial<EmbeddedOptions> = {},
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: quiet, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

/** One running database for all tests of a file; each takes an empty one in it with emptyDatabase(). */
export function sharedPostgres(options: Partial<EmbeddedOptions> = {}): () => EmbeddedPostgres {
  let postgres: EmbeddedPostgres | undefined;
  beforeAll(async () => {
    const folder = makeFolder();
    postgres = await startEmbeddedPostgres({ dataDir: folder, log: quiet, ...options });
    return async () => {
      await postgres?.stop();
      removeFolder(folder);
    };
  });
  return () => {
    if (!postgres) throw new Error('The database has not been started');
    return postgres;
  };
}

let databases = 0;

/** An empty database, UTF-8 unless said otherwise. */
export async function emptyDatabase({ owner, serving }: EmbeddedPostgres, encoding = 'UTF8') {
  databases += 1;
  const database = `empty_${databases}`;
  await query(
    { ...owner, user: SUPERUSER },
    `create database ${database} owner ${owner.user} template template0 encoding '${encoding}'`,
  );
  return {
    owner: { ...owner, database },
    serving: { ...serving, database },
    superuser: { ...owner, database, user: SUPERUSER },
  };
}

export async function query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
  connection: Connection,
  sql: string,
): Promise<Row[]> {
  const client = new pg.Client(typeof connection === 'string' ? connection : { ...connection });
  client.on('error', () => {});
  await client.connect();
  try {
    const result = await client.query<Row>(sql);
    return [result].flat().at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}

/** A process of its own that runs the database of a folder, as a server does; see hold-database.ts. */
export interface Holder {
  child: ChildProcess;
  postgres: Pick<EmbeddedPostgres, 'owner' | 'serving' | 'folder'>;
  /** The next line that it prints. */
  said(): Promise<string>;
  exited: Promise<unknown>;
}

export async function holdDatabase(dataDir: string, how: HolderOptions = {}): Promise<Holder> {
  const child = spawnHolder(dataDir, how);
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const said = async () => (await lines.next()).value as string;
  return { child, postgres: JSON.parse(await said()), said, exited };
}

/** Such a process, without waiting for anything. */
export function spawnHolder(dataDir: string, how: HolderOptions = {}): ChildProcess {
  const { script = holder, program = process.execPath, ...options } = how;
  return spawn(program, [script, dataDir], { stdio: ['pipe', 'pipe', 'inherit'], ...options });
}

const holder = fileURLToPath(new URL('hold-database.ts', import.meta.url));

type HolderOptions = SpawnOptions & { script?: string; program?: string };

/** The id of the postmaster that runs a data folder. */
export function postmasterOf(data: string): number {
  return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A log that can be looked at. */
export function rememberingLog() {
  const lines: string[] = [];
  const remember = (line: string) => void lines.push(line);
  return { lines, debug() {}, info: remember, warn: remember, error: remember };
}

export async function eventually(condition: () => boolean | Promise<boolean>, patience = 10_000): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${patience} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-runtime-')));
  chmodSync(folder, 0o711);
  return folder;
}

function removeFolder(folder: string): void {
  for (const data of elsewhere(folder)) rmSync(dirname(data), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  try {
    rmdirSync('/var/lib/latchkey');
  } catch {
    // It was never there, or somebody else's data is.
  }
}

function elsewhere(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /postgres-\d+\.location$/.test(name))
    .map((name) => readlinkSync(join(folder, name)));
}

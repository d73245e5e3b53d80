import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { type Client, client } from '../client.ts';

/** The server as its operator runs it: a process of its own, with its database in a data folder. */
export interface ServerProcess {
  child: ChildProcess;
  base: string;
  /** With the key that the first start left in the data folder. */
  owner: Client;
  /** What it wrote so far, to the person who started it and to the log. */
  output(): string;
  /** What it ended with: an exit code, or a signal's name. */
  ended: Promise<number | string>;
}

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));

/** Spawns the server without waiting for anything. Whatever is left of it goes with the test. */
export function spawnServer(
  dataDir: string,
  settings: Record<string, string> = {},
): Omit<ServerProcess, 'base' | 'owner'> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (output += String(bytes)));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return { child, ended, output: () => output };
}

/** Starts the server and waits until it says where it listens. Fails with what it said when it ends instead. */
export async function startServerProcess(
  dataDir: string,
  settings: Record<string, string> = {},
): Promise<ServerProcess> {
  const server = spawnServer(dataDir, settings);
  const listening = /Latchkey listens on (\S+)/;
  while (!listening.test(server.output())) {
    const end = await Promise.race([server.ended, sleep(10)]);
    if (end !== undefined) throw new Error(`The server ended with ${end}:\n${server.output()}`);
  }
  const base = `${listening.exec(server.output())?.[1]}/v3`;
  return { ...server, base, owner: client(base, { 'api-key': apiKeyIn(dataDir) }) };
}

export const apiKeyIn = (dataDir: string): string => readFileSync(join(dataDir, 'api-key'), 'utf8').trim();

export const dataFolderIn = (dataDir: string): string => join(dataDir, 'postgres-18');

/** A way into the running database of a data folder behind the server's back; not connected yet. */
export function connectionTo(dataDir: string, user: string): pg.Client {
  const [, , , port, host] = readFileSync(join(dataFolderIn(dataDir), 'postmaster.pid'), 'utf8').split('\n');
  const connection = new pg.Client({ host, port: Number(port), user, database: 'latchkey', ssl: false });
  connection.on('error', () => {});
  return connection;
}

/** Asks the running database of a data folder one thing. */
export async function askDatabase<R extends pg.QueryResultRow>(
  dataDir: string,
  sql: string,
  user = 'latchkey_owner',
): Promise<R[]> {
  const connection = connectionTo(dataDir, user);
  await connection.connect();
  try {
    return (await connection.query<R>(sql)).rows;
  } finally {
    await connection.end();
  }
}

export const sleep = (milliseconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

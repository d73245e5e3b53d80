import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeKeySecret } from '../../core/src/key-secret.ts';

/** A Latchkey as anybody would start it, on a data folder of its own. */
export interface Latchkey {
  pid: number;
  port: number;
  apiKey: string;
  dataFolder: string;
  /** Milliseconds from the start of the process to its first answer. */
  startTook: number;
  /** Ends it with SIGTERM and waits; the data folder stays. */
  stop(): Promise<void>;
}

export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** A new folder below the system's temporary one, which PostgreSQL's own user may enter too. */
export function makeDataFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  chmodSync(path, 0o711);
  const remove = () => {
    leftovers.delete(remove);
    rmSync(path, { recursive: true, force: true });
  };
  leftovers.add(remove);
  return { path, remove };
}

const leftovers = new Set<() => void | Promise<void>>();

/** For a benchmark that is interrupted: ends the servers that still run, and removes their folders. */
export async function stopEverything(): Promise<void> {
  for (const clear of [...leftovers].toReversed()) await clear();
}

/** What of it can be chosen; the rest are the settings that it has by itself. */
export interface StartOptions {
  dataFolder: string;
  apiKey?: string;
  command?: [string, ...string[]];
  env?: NodeJS.ProcessEnv;
}

/** Starts it and waits until it has answered an authenticated request. What it prints goes to `server.log` in its folder. */
export async function startLatchkey({
  dataFolder,
  apiKey = makeKeySecret('api_key', randomBytes(32)),
  command = [process.execPath, 'server/src/main.ts'],
  env = {},
}: StartOptions): Promise<Latchkey> {
  const port = await freePort();
  const log = openSync(join(dataFolder, 'server.log'), 'a');
  const started = performance.now();
  const child = spawn(command[0], command.slice(1), {
    cwd: repository,
    stdio: ['ignore', log, log],
    env: {
      ...withoutNpm(process.env),
      NODE_ENV: 'production',
      PORT: String(port),
      DATA_DIR: dataFolder,
      LATCHKEY_API_KEY: apiKey,
      LATCHKEY_OWNER_EMAIL: 'owner@bench.test',
      ...env,
    },
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.join(' ')} could not be started`);
  const stop = () => {
    leftovers.delete(stop);
    return end(child);
  };
  leftovers.add(stop);
  await firstAnswer(child, port, apiKey, dataFolder).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    pid,
    port,
    apiKey,
    dataFolder,
    startTook: performance.now() - started,
    stop,
  };
}

/** What `npm run bench` tells its scripts would tell the `npm start` below it that it runs in this package. */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(npm_|INIT_CWD$)/.test(name)));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function firstAnswer(child: ChildProcess, port: number, apiKey: string, dataFolder: string): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}: ${logIn(dataFolder)}`);
    const status = await statusOf(port, apiKey);
    if (status === 200) return;
    if (status === 401) throw new Error('the server does not know the key that it was started with');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`the server did not answer within two minutes: ${logIn(dataFolder)}`);
}

const logIn = (dataFolder: string): string => readFileSync(join(dataFolder, 'server.log'), 'utf8').slice(-2000);

async function statusOf(port: number, apiKey: string): Promise<number | undefined> {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/v3/account`, { headers: { 'api-key': apiKey } });
    await reply.arrayBuffer();
    return reply.status;
  } catch {
    return undefined;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../product/latchkey.ts';

/**
 * The Cerbos policy decision point, its own binary as npm ships it: policies from a folder, no audit, no telemetry. It has no
 * keys and no members: who asks is not looked up, and the role of whoever is asked about comes with the question.
 */
export async function startCerbos(): Promise<{ port: number; pid: number; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'cerbos-'));
  const port = await freePort();
  const grpcPort = await freePort();
  mkdirSync(join(folder, 'policies'));
  writeFileSync(join(folder, 'policies', 'contacts.yaml'), policy);
  writeFileSync(
    join(folder, 'cerbos.yaml'),
    JSON.stringify({
      server: {
        httpListenAddr: `127.0.0.1:${port}`,
        grpcListenAddr: `127.0.0.1:${grpcPort}`,
        logRequestPayloads: false,
      },
      storage: { driver: 'disk', disk: { directory: join(folder, 'policies'), watchForChanges: false } },
      telemetry: { disabled: true },
      audit: { enabled: false },
    }),
  );
  const child = spawn(binary, ['server', `--config=${join(folder, 'cerbos.yaml')}`, '--log-level=error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, GOMAXPROCS: '1', CERBOS_NO_TELEMETRY: '1' },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the Cerbos binary could not be started');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await healthy(port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, pid, stop };
}

/** Asks whether a user may view a contact, as Cerbos is asked; `{x}` is the user. */
export const cerbosQuestion = {
  path: '/api/check/resources',
  body: JSON.stringify({
    principal: { id: '{x}', roles: ['user'] },
    resources: [{ resource: { kind: 'contacts', id: '1' }, actions: ['view'] }],
  }),
};

const binary = fileURLToPath(new URL('../node_modules/@cerbos/cerbos-linux-x64/cerbos-linux-x64', import.meta.url));

const policy = `apiVersion: api.cerbos.dev/v1
resourcePolicy:
  resource: contacts
  version: default
  rules:
    - actions: [view, export]
      effect: EFFECT_ALLOW
      roles: [user]
`;

async function healthy(port: number): Promise<void> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; ) {
    const reply = await fetch(`http://127.0.0.1:${port}/_cerbos/health`).catch(() => undefined);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('Cerbos did not answer within half a minute');
}

import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Starts a peer server as a process of its own, hands it an order, and waits for the port it answers on. */
export async function startPeer<Reply extends { port: number }>(
  script: string,
  order: object,
): Promise<Reply & { pid: number; stop(): Promise<void> }> {
  const child = fork(new URL(script, import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  child.send(order);
  const ended = new AbortController();
  const [reply] = await Promise.race([
    once(child, 'message', { signal: ended.signal }),
    once(child, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`${script} ended with code ${code} before it listened`);
    }),
  ]).finally(() => ended.abort());
  return {
    ...reply,
    pid: child.pid,
    async stop() {
      if (!child.connected) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

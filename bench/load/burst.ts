import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { LatencySummary } from './latencies.ts';

/** One timed burst of equal requests; `{x}` in path and body is replaced by the next filling. */
export interface Burst {
  port: number;
  connections: number;
  seconds: number;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** Counting up from a number makes every request its own; a list is gone through again and again. */
  filling?: { countFrom: number } | { list: string[] };
}

export interface BurstResult {
  seconds: number;
  replies: number;
  perSecond: number;
  bytes: number;
  statuses: Record<string, number>;
  /** The end of the first reply that was not a 2xx, to see what went wrong. */
  firstRefusal?: string;
  brokenConnections: number;
  latency: LatencySummary;
  /** Processor time this load generator itself used, in milliseconds. */
  generatorCpu: number;
}

/** A load generator in a process of its own, so that it shares no event loop with what it measures. */
export class LoadGenerator {
  #process: ChildProcess;

  constructor(script: URL = new URL('./generator.ts', import.meta.url), env: NodeJS.ProcessEnv = {}) {
    this.#process = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, ...env } });
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  async run<Order extends object = Burst>(order: Order): Promise<BurstResult> {
    this.#process.send(order);
    const ended = new AbortController();
    const [result] = await Promise.race([
      once(this.#process, 'message', { signal: ended.signal }),
      once(this.#process, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`the load generator ended with code ${code}`);
      }),
    ]).finally(() => ended.abort());
    return result;
  }

  async stop(): Promise<void> {
    if (!this.#process.connected) return;
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }
}

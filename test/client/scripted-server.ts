import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What to answer a request with; `silence` answers nothing and keeps the connection, `hang_up` closes it. */
export type Scripted =
  | { status: number; headers?: Record<string, string>; body?: unknown; text?: string }
  | 'silence'
  | 'hang_up';

export interface ScriptedServer {
  url: string;
  /** Every request, with the moment it came in milliseconds. */
  asked: { at: number; method: string; url: string; headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

/** A server that answers each request as the script says, and once it is through, always as its last line. */
export async function startScriptedServer(script: Scripted[]): Promise<ScriptedServer> {
  const asked: ScriptedServer['asked'] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push({ at: performance.now(), method, url, headers });
    request.resume();
    const line = script[Math.min(asked.length, script.length) - 1];
    if (line === undefined || line === 'silence') return;
    if (line === 'hang_up') {
      response.destroy();
      return;
    }
    response.writeHead(line.status, { 'content-type': 'application/json', ...line.headers });
    response.end(line.text ?? JSON.stringify(line.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

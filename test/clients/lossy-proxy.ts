import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * How a reply is lost. The server has answered in full each time, so its effect stands: `hang_up` closes the connection
 * instead of the reply, `cut_short` closes it in the middle of the reply, a number is answered in its place.
 */
export type Loss = 'hang_up' | 'cut_short' | 502 | 503;

export interface LossyProxy {
  /** With /v3. */
  base: string;
  /** Every request that came by, with the server's own answer to it. */
  passed: { method: string; path: string; headers: IncomingMessage['headers']; status: number }[];
  /** The reply to the next request gets lost; those after it pass. */
  loseNext(loss: Loss): void;
  close(): Promise<void>;
}

/** A network that is not to be trusted, between a client and a server that never hears of its trouble. */
export async function startLossyProxy(server: { port: number }): Promise<LossyProxy> {
  const passed: LossyProxy['passed'] = [];
  let waiting: Loss | undefined;
  const pass = async (asked: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const loss = waiting;
    waiting = undefined;
    const answer = await answered(asked, server.port);
    const body = await buffer(answer);
    const { method = '', url: path = '', headers } = asked;
    passed.push({ method, path, headers, status: answer.statusCode ?? 0 });
    if (loss === undefined) reply.writeHead(answer.statusCode ?? 0, answer.headers).end(body);
    else lose(loss, reply, body);
  };
  const proxy = createServer((asked, reply) => void pass(asked, reply).catch(() => reply.destroy()));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/v3`,
    passed,
    loseNext: (loss) => {
      waiting = loss;
    },
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}

function answered(asked: IncomingMessage, port: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', url = '/', headers } = asked;
    const forwarded: ClientRequest = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false });
    forwarded.on('response', resolve);
    forwarded.on('error', reject);
    asked.pipe(forwarded);
  });
}

function lose(loss: Loss, reply: ServerResponse, body: Buffer): void {
  switch (loss) {
    case 'hang_up':
      reply.destroy();
      return;
    case 'cut_short':
      reply.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      reply.write(body.subarray(0, body.length >> 1), () => reply.destroy());
      return;
    default:
      reply.writeHead(loss, { 'content-type': 'text/html' }).end('<html><body>Bad gateway</body></html>');
  }
}

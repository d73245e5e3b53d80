import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ForeignSite {
  /** Another site altogether. */
  origin: string;
  /** Another origin of the same site as ours, to which browsers give our cookies: ports make no difference to them. */
  sameSite: string;
  /** What was asked of it. */
  requests: { url: string; headers: IncomingHttpHeaders }[];
}

/** A page of somebody else, on a server of theirs. It ends with the test. */
export async function openForeignSite(page: string): Promise<ForeignSite> {
  const requests: ForeignSite['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', headers: request.headers });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, sameSite: `http://localhost:${port}`, requests };
}

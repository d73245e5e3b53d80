import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port, tells the parent process which, and ends with it. */
export function listenAndTell(server: Server, more: object = {}): void {
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port, ...more });
  });
  process.on('disconnect', () => process.exit());
}

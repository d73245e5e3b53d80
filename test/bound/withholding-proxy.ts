import { once } from 'node:events';
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

export interface WithholdingProxy {
  port: number;
  /** By how many milliseconds whatever the server says arrives late. */
  delay(milliseconds: number): void;
  /** From now on, nothing more arrives of the connections that said this to the server; without a text, of none at all. */
  withhold(said?: string): void;
  /** What was withheld arrives, and all that follows. */
  release(): void;
  /** Ends all connections, and takes no more before `release`. */
  cut(): void;
  close(): Promise<void>;
}

/** A network between a client and a server whose bytes arrive late, in part or never, on connections that stay open. */
export async function startWithholdingProxy(server: NetConnectOpts): Promise<WithholdingProxy> {
  const sockets = new Set<Socket>();
  let late = 0;
  let withheld: string | undefined;
  let refusing = false;
  let releases: (() => void)[] = [];

  const proxy = createServer({ noDelay: true }, (client) => {
    if (refusing) return void client.destroy();
    const upstream = connect(server);
    let said = '';
    let before: Promise<unknown> = Promise.resolve();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      said = (said + bytes.toString('latin1')).slice(-4_000);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      const arrives = new Promise<void>((resolve) => setTimeout(resolve, late));
      before = Promise.all([before, arrives]).then(async () => {
        if (withheld !== undefined && said.includes(withheld))
          await new Promise<void>((resolve) => releases.push(resolve));
        client.write(bytes);
      });
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const release = (): void => {
    [withheld, refusing] = [undefined, false];
    for (const resolve of releases) resolve();
    releases = [];
  };
  return {
    port: (proxy.address() as { port: number }).port,
    delay: (milliseconds) => {
      late = milliseconds;
    },
    withhold: (said = '') => {
      withheld = said;
    },
    release,
    cut() {
      refusing = true;
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      release();
      proxy.close();
      for (const socket of sockets) socket.destroy();
      await once(proxy, 'close');
    },
  };
}

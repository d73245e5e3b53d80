import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Latchkey, LatchkeyError } from '../../client/src/index.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  for (let count = 0; count < 20; count++)
    await world.join(`member-${count}@example.com`, { permissions: ['contacts:view'] });
});
afterAll(() => world?.stop());

/** What a proxy makes of a reply's body; undefined lets it through as it comes. */
type Meddling = (path: string, body: Buffer) => { body: Buffer; whole: boolean } | undefined;

/** A proxy that changes replies on their way. */
async function meddle(meddling: Meddling): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const pass = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = from;
    asked.push(path);
    const forwarded = request({ host: '127.0.0.1', port: world.server.port, method, path, headers, agent: false });
    from.pipe(forwarded);
    to.on('close', () => forwarded.destroy());
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
    if (answer.headers['content-type'] === 'text/event-stream') {
      to.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(to);
      return;
    }
    const body = await buffer(answer);
    const meddled = meddling(path, body);
    delete answer.headers['content-length'];
    to.writeHead(answer.statusCode ?? 0, answer.headers);
    to.write(meddled?.body ?? body, () => (meddled?.whole === false ? to.destroy() : to.end()));
  };
  const proxy = createServer((from, to) => void pass(from, to).catch(() => to.destroy()));
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

const open = (url: string, timeout = 1_500) =>
  new Latchkey({ url, apiKey: world.ownerKey }).access.replica({ timeout });

test.each([
  { how: 'in the middle, by a broken connection', share: 0.5, whole: false },
  { how: 'in the middle of a line, by an end that looks like one', share: 0.51, whole: true },
  { how: 'before its last line', share: -1, whole: true },
  { how: 'before everything', share: 0, whole: true },
])('a snapshot that is cut off $how opens no replica', async ({ share, whole }) => {
  const { url } = await meddle((path, body) => {
    if (!path.endsWith('/snapshot')) return undefined;
    const lastLine = body.lastIndexOf('\n', body.length - 2) + 1;
    return { body: body.subarray(0, share < 0 ? lastLine : Math.floor(body.length * share)), whole };
  });
  const opening = open(url);
  await expect(opening).rejects.toBeInstanceOf(LatchkeyError);
  await expect(opening).rejects.toMatchObject({ code: 'unreachable' });
});

test('a snapshot whose lines arrive in crumbs is whole', async () => {
  const replica = await open(world.base);
  const { url } = await meddle(() => undefined);
  const crumbs = await new Latchkey({
    url,
    apiKey: world.ownerKey,
    fetch: async (address, init) => {
      const response = await fetch(address, init);
      if (!address.endsWith('/snapshot')) return response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      let at = 0;
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at >= bytes.length) controller.close();
          else controller.enqueue(bytes.subarray(at, at + 7));
          at += 7;
        },
      });
      return new Response(stream, response);
    },
  }).access.replica();
  onTestFinished(() => {
    for (const one of [replica, crumbs]) one.close();
  });
  expect(crumbs.bytes).toBe(replica.bytes);
  expect(crumbs.can('member-19@example.com', 'contacts', 'view')).toBe(true);
});

test('a server that is not there, or says nothing, is given up in time', async () => {
  const begun = performance.now();
  await expect(open('http://127.0.0.1:1')).rejects.toBeInstanceOf(LatchkeyError);
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const opening = open(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, 300);
  await expect(opening).rejects.toMatchObject({ code: 'timeout' });
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('a replica that is closed says nothing any more, whatever of it was kept', async () => {
  const replica = await open(world.base);
  const handle = replica.member('member-1@example.com');
  expect(handle.can('contacts', 'view')).toBe(true);
  replica.close();
  replica.close();
  const closed = expect.objectContaining({ code: 'stale', message: expect.stringContaining('closed') });
  expect(() => handle.can('contacts', 'view')).toThrow(closed);
  expect(() => replica.can('member-1@example.com', 'contacts', 'view')).toThrow(closed);
  expect(replica.isCurrent()).toBe(false);
  await expect(replica.current()).rejects.toMatchObject({ code: 'stale' });
});

test('fifty replicas, opened and closed, leave no timer, no connection and no request behind', async () => {
  const { url, asked } = await meddle(() => undefined);
  const resources = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = resources();
  for (let round = 0; round < 5; round++) {
    const replicas = await Promise.all(Array.from({ length: 10 }, () => open(url, 10_000)));
    expect(replicas.every((one) => one.can('member-3@example.com', 'contacts', 'view'))).toBe(true);
    for (const one of replicas) one.close();
  }
  // One that is closed while it opens, too.
  await expect(open(url, 1)).rejects.toBeInstanceOf(LatchkeyError);
  await sleep(300);
  const sofar = asked.length;
  await sleep(1_200);
  expect(asked.length).toBe(sofar);
  // The platform keeps a few for connections that it may use again.
  expect(resources()).toBeLessThan(before + 15);
});

test('what is no lease is refused', async () => {
  const { access } = new Latchkey({ url: world.base, apiKey: world.ownerKey });
  for (const lease of [0, -1, 99, Number.NaN, Number.POSITIVE_INFINITY, 3_600_001])
    await expect(access.replica({ lease }), String(lease)).rejects.toBeInstanceOf(TypeError);
});

import type { Burst, BurstResult } from './burst.ts';
import { Latencies } from './latencies.ts';
import { RawConnection } from './raw-connection.ts';

process.on('message', async (burst: Burst) => process.send?.(await runBurst(burst)));
process.on('disconnect', () => process.exit());

/** Keeps every connection busy with one request at a time (a closed loop) until the time is over. */
async function runBurst(burst: Burst): Promise<BurstResult> {
  const nextRequest = requestWriter(burst);
  const latencies = new Latencies();
  const statuses: Record<string, number> = {};
  let bytes = 0;
  let brokenConnections = 0;
  let firstRefusal: string | undefined;
  const connections = await Promise.all(Array.from({ length: burst.connections }, () => openConnection(burst.port)));
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const deadline = started + burst.seconds * 1000;

  await Promise.all(
    connections.map(
      (connection) =>
        new Promise<void>((resolve) => {
          connection.onBroken = () => {
            brokenConnections++;
            resolve();
          };
          const sendNext = () => {
            const sent = performance.now();
            if (sent >= deadline) return resolve();
            connection.raw.send(nextRequest(), (status, size, lastPiece) => {
              latencies.add(performance.now() - sent);
              statuses[status] = (statuses[status] ?? 0) + 1;
              bytes += size;
              if (status >= 300) firstRefusal ??= lastPiece.toString().slice(-500);
              sendNext();
            });
          };
          sendNext();
        }),
    ),
  );

  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  for (const connection of connections) connection.raw.close();
  return {
    seconds,
    replies: latencies.count,
    perSecond: latencies.count / seconds,
    bytes,
    statuses,
    ...(firstRefusal === undefined ? {} : { firstRefusal }),
    brokenConnections,
    latency: latencies.summary(),
    generatorCpu: (cpu.user + cpu.system) / 1000,
  };
}

interface OpenConnection {
  raw: RawConnection;
  onBroken: (reason: Error) => void;
}

function openConnection(port: number): Promise<OpenConnection> {
  return new Promise((resolve, reject) => {
    const connection: OpenConnection = {
      onBroken: reject,
      raw: new RawConnection(
        port,
        () => resolve(connection),
        (reason) => connection.onBroken(reason),
      ),
    };
  });
}

/** Prepares everything that stays the same, so that a request costs one concatenation. */
function requestWriter({ method, path, headers, body, port, filling }: Burst): () => string {
  const fixedHeaders = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const [pathBefore = '', pathAfter] = path.split('{x}');
  const [bodyBefore = '', bodyAfter] = (body ?? '').split('{x}');
  const start = `${method} ${pathBefore}`;
  const middle = `${pathAfter ?? ''} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${fixedHeaders}`;
  const nextFilling = fillings(filling);
  if (body === undefined) {
    return () => `${start}${pathAfter === undefined ? '' : nextFilling()}${middle}\r\n`;
  }
  const fixedLength = bodyBefore.length + (bodyAfter?.length ?? 0);
  return () => {
    const filled = nextFilling();
    const inPath = pathAfter === undefined ? '' : filled;
    const inBody = bodyAfter === undefined ? '' : filled;
    const length = fixedLength + inBody.length;
    return `${start}${inPath}${middle}content-length: ${length}\r\n\r\n${bodyBefore}${inBody}${bodyAfter ?? ''}`;
  };
}

function fillings(filling: Burst['filling']): () => string {
  if (filling === undefined) return () => '';
  if ('countFrom' in filling) {
    let next = filling.countFrom;
    return () => String(next++);
  }
  let index = 0;
  return () => filling.list[index++ % filling.list.length] ?? '';
}

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf, ownMemoryOf, residentOf, watchMemory } from '../machine/process-use.ts';
import { untilQuiet } from '../machine/quiet.ts';
import type { Latchkey } from './latchkey.ts';

export interface FullListRead {
  reader: string;
  members: number;
  megabytes: number;
  /** Milliseconds from asking to the first piece of the body. */
  firstByte: number;
  seconds: number;
  megabytesPerSecond: number;
  /** The server's resident memory in MiB: before, at its highest, and two seconds after the end. */
  resident: { before: number; peak: number; after: number };
  /** Memory of its own (not the shared cache) of the largest of PostgreSQL's processes, at its highest, in MiB. */
  connectionPeak: number;
}

/** Reads the list of all members, at full speed or at so many megabytes a second, and watches the server's memory meanwhile. */
export async function readFullList(
  { pid, port, apiKey }: Latchkey,
  postmaster: number,
  slowTo?: number,
): Promise<FullListRead> {
  await untilQuiet();
  const server = watchMemory(() => residentOf(pid));
  const connections = watchMemory(() => Math.max(...childrenOf(postmaster).map(ownMemoryOf)));
  const started = performance.now();
  const reply = await requestList(port, apiKey);
  const read = await readAll(reply, started, slowTo);
  const seconds = (performance.now() - started) / 1000;
  const { peak: connectionPeak } = connections.stop();
  const { before, peak } = server.stop();
  await sleep(2000);
  return {
    reader: slowTo === undefined ? 'as fast as it can' : `${slowTo} MB/s`,
    members: read.members,
    megabytes: read.bytes / 1e6,
    firstByte: read.firstByte,
    seconds,
    megabytesPerSecond: read.bytes / 1e6 / seconds,
    resident: { before, peak, after: residentOf(pid) },
    connectionPeak,
  };
}

async function requestList(port: number, apiKey: string): Promise<IncomingMessage> {
  const request = get({
    host: '127.0.0.1',
    port,
    path: '/v3/organization/invited/users',
    headers: { 'api-key': apiKey },
  });
  const [reply] = (await once(request, 'response')) as [IncomingMessage];
  if (reply.statusCode !== 200) throw new Error(`the full list was refused: ${reply.statusCode}`);
  return reply;
}

/** Counts bytes and members (each has one `"is_owner"`) without parsing, which would be the reader's memory and time. */
async function readAll(reply: IncomingMessage, started: number, slowTo: number | undefined) {
  const mark = Buffer.from('"is_owner"');
  let bytes = 0;
  let members = 0;
  let firstByte = Number.NaN;
  let tail = Buffer.alloc(0);
  for await (const piece of reply as AsyncIterable<Buffer>) {
    if (bytes === 0) firstByte = performance.now() - started;
    bytes += piece.length;
    const text = Buffer.concat([tail, piece]);
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) members++;
    tail = text.subarray(Math.max(0, text.length - mark.length + 1));
    const ahead = slowTo === undefined ? 0 : bytes / slowTo / 1000 - (performance.now() - started);
    if (ahead > 5) await sleep(ahead);
  }
  return { bytes, members, firstByte };
}

import { connect } from 'node:net';
import type { Refused } from './refusal.ts';

/** What came back over a connection that was written to byte by byte. */
export interface Exchange {
  answers: Refused[];
  /** Whether the server ended the connection. */
  closed: boolean;
  milliseconds: number;
}

export interface RawOptions {
  /** Answers to wait for; the connection is then let go. */
  answers?: number;
  /** Milliseconds after which nobody waits any longer. */
  patience?: number;
  /** Closes our side for writing once everything is written. */
  end?: boolean;
}

/** Writes bytes as they are to the server and reads its answers: for what no HTTP client would send. */
export function rawExchange(
  port: number,
  bytes: string | Uint8Array,
  { answers: wanted = 1, patience = 5000, end = false }: RawOptions = {},
): Promise<Exchange> {
  return new Promise((resolve) => {
    const started = performance.now();
    const received: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    let closed = false;
    const done = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({
        answers: readAnswers(Buffer.concat(received)),
        closed,
        milliseconds: performance.now() - started,
      });
    };
    const timer = setTimeout(done, patience);
    socket.on('data', (data: Buffer) => {
      received.push(data);
      if (readAnswers(Buffer.concat(received)).length >= wanted) done();
    });
    socket.on('close', () => {
      closed = true;
      done();
    });
    // A reset says the same as an end: the answer, if there is one, was read before.
    socket.on('error', () => {});
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    if (end) socket.end();
  });
}

/** A request line with the headers that every request needs, and a body where there is one. */
export function rawRequest(
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body = '',
  version = 'HTTP/1.1',
): string {
  const all = { Host: 'localhost', ...headers, ...(body && { 'Content-Length': String(Buffer.byteLength(body)) }) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${target} ${version}`, ...lines].join('\r\n')}\r\n\r\n${Buffer.from(body).toString('latin1')}`;
}

/** The complete answers in a stream; those with `content-length` or in chunks, as this server sends them. */
function readAnswers(bytes: Buffer): Refused[] {
  const answers: Refused[] = [];
  let rest = bytes.toString('latin1');
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return answers;
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = new Headers(
      lines.map((line): [string, string] => [
        line.slice(0, line.indexOf(':')),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    const body = bodyOf(headers, rest.slice(end + 4));
    if (!body) return answers;
    answers.push({
      status: Number(statusLine.split(' ')[1]),
      headers,
      text: Buffer.from(body.text, 'latin1').toString('utf8'),
    });
    rest = body.rest;
  }
}

function bodyOf(headers: Headers, rest: string): { text: string; rest: string } | undefined {
  if (headers.get('transfer-encoding') !== 'chunked') {
    const length = Number(headers.get('content-length') ?? 0);
    return rest.length < length ? undefined : { text: rest.slice(0, length), rest: rest.slice(length) };
  }
  let text = '';
  let left = rest;
  for (;;) {
    const line = left.indexOf('\r\n');
    const size = Number.parseInt(left.slice(0, line), 16);
    if (line < 0 || left.length < line + 4 + size) return undefined;
    text += left.slice(line + 2, line + 2 + size);
    left = left.slice(line + 4 + size);
    if (size === 0) return { text, rest: left };
  }
}

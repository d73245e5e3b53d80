import { Readable } from 'node:stream';
import type { ChangeSignal } from '../usecases/access/follow-access-changes.ts';
import type { Streamed } from './streamed-list.ts';

/** One JSON object a line. Should one fail, the connection is cut: the last line is what says that it is whole. */
export async function jsonLines(lines: AsyncGenerator<object>): Promise<Streamed> {
  // The first is fetched before the reply begins, so that what fails at once is still answered as an error.
  const first = await lines.next();
  return {
    type: 'application/x-ndjson',
    stream: Readable.from(inChunks(first, lines), { objectMode: false, highWaterMark: 65_536 }),
  };
}

async function* inChunks(first: IteratorResult<object>, lines: AsyncGenerator<object>): AsyncGenerator<string> {
  let chunk = '';
  for (let next = first; !next.done; next = await lines.next()) {
    chunk += `${JSON.stringify(next.value)}\n`;
    if (chunk.length < 32_768) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** Server-sent events (HTML standard, §9.2); a comment where nothing happened, so that a dead connection shows. */
export async function eventStream(signals: AsyncGenerator<ChangeSignal>): Promise<Streamed> {
  return {
    type: 'text/event-stream',
    stream: Readable.from(events(signals), { objectMode: false, highWaterMark: 65_536 }),
  };
}

async function* events(signals: AsyncGenerator<ChangeSignal>): AsyncGenerator<string> {
  // Says at once that the stream is open: followers begin to count on it.
  yield ':\n\n';
  for await (const signal of signals) {
    if (signal.kind === 'change')
      yield `id: ${signal.event.revision}\nevent: change\ndata: ${JSON.stringify(signal.event)}\n\n`;
    else if (signal.kind === 'reset') yield 'event: reset\ndata: {}\n\n';
    else yield ':\n\n';
  }
}

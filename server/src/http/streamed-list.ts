import { Readable } from 'node:stream';

/** A reply that is written while it is read: a list of any length takes the memory of one chunk. */
export interface Streamed {
  stream: Readable;
  type: 'application/json' | 'application/x-ndjson' | 'text/event-stream' | 'text/csv; charset=utf-8';
  /** Under which a browser is to save it. */
  filename?: string;
}

/** `{"<name>": [ … ]}`. Should a chunk fail, the connection is cut, so that a part is never taken for the whole. */
export async function streamedList(name: string, chunks: AsyncGenerator<unknown[]>): Promise<Streamed> {
  // The first chunk is fetched before the reply begins, so that what fails at once is still answered as an error.
  const first = await chunks.next();
  return {
    type: 'application/json',
    stream: Readable.from(json(name, first, chunks), { objectMode: false, highWaterMark: 65_536 }),
  };
}

async function* json(
  name: string,
  first: IteratorResult<unknown[]>,
  chunks: AsyncGenerator<unknown[]>,
): AsyncGenerator<string> {
  let separator = `{"${name}":[`;
  for (let next = first; !next.done; next = await chunks.next()) {
    const items = next.value.map((item) => JSON.stringify(item)).join(',');
    if (items === '') continue;
    yield separator + items;
    separator = ',';
  }
  yield separator === ',' ? ']}' : `${separator}]}`;
}

import { Readable } from 'node:stream';
import type { Streamed } from './streamed-list.ts';

type Cell = string | null;

/**
 * A table as CSV (RFC 4180), with the names of its columns as its first row. Should a row fail, the connection is cut, so
 * that a part is never taken for the whole.
 */
export async function csv<R>(columns: Record<string, (row: R) => Cell>, rows: AsyncGenerator<R>): Promise<Streamed> {
  // The first is fetched before the reply begins, so that what fails at once is still answered as an error.
  const first = await rows.next();
  return {
    type: 'text/csv; charset=utf-8',
    stream: Readable.from(inChunks(columns, first, rows), { objectMode: false, highWaterMark: 65_536 }),
  };
}

async function* inChunks<R>(
  columns: Record<string, (row: R) => Cell>,
  first: IteratorResult<R>,
  rows: AsyncGenerator<R>,
): AsyncGenerator<string> {
  const cells = Object.values(columns);
  let chunk = line(Object.keys(columns));
  for (let next = first; !next.done; next = await rows.next()) {
    const { value } = next;
    chunk += line(cells.map((cell) => cell(value)));
    if (chunk.length < 32_768) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

const line = (cells: Cell[]): string => `${cells.map((cell) => quoted(harmless(cell ?? ''))).join(',')}\r\n`;

/** What spreadsheets take for the beginning of a formula, also where they pass over what stands before it. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** Likewise where a spreadsheet begins a cell that we did not: in languages whose lists have semicolons, as French and German. */
const formulaWithin = /([;\t\r\n][\s"']*)(?=[=+\-@＝＋－＠])/g;

/** As OWASP advises against CSV injection: an apostrophe before it makes it a text. */
const harmless = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell).replaceAll(formulaWithin, "$1'");

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

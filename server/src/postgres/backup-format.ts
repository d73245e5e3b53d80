import { createHash } from 'node:crypto';
import { OperatorError } from '../operator-error.ts';
import type { Partition } from './backup-partitions.ts';
import type { AppliedMigration } from './migrate.ts';

/**
 * A backup is gzipped text, so that it outlives us and our database:
 *   a Start and a Header, each one line of JSON
 *   for each table a TableStart, its rows in PostgreSQL's COPY text format, a line with \. alone, a TableEnd
 *   an End, whose digest is over all that came before.
 */
export const FORMAT = 1;

export interface Start {
  latchkey: 'backup';
  format: number;
  /** SHA-256 of the next line, the header: it decides what is done, before anything else could be checked. */
  sha256: string;
}

export interface Header {
  made_at: string;
  /** The PostgreSQL it comes from; it can be restored into another. */
  postgres: string;
  migrations: AppliedMigration[];
  partitions: Partition[];
  sequences: Sequence[];
}

export interface Sequence {
  name: string;
  value: string;
  called: boolean;
}

export interface TableStart {
  table: string;
  columns: string[];
}

export interface TableEnd {
  rows: number;
  /** SHA-256 of the rows as text. */
  sha256: string;
}

export interface End {
  end: true;
  tables: number;
  sha256: string;
}

export const END_OF_ROWS = Buffer.from('\\.\n');

/** Turns chunks into lines (each with its line end), and keeps the digest of all lines handed out. */
export class BackupLines {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #digest = createHash('sha256');
  #buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next line. Throws OperatorError when the file ends in the middle. */
  async line(): Promise<Buffer> {
    for (;;) {
      const end = this.#buffer.indexOf(10);
      if (end >= 0) return this.#take(end + 1);
      const { value, done } = await this.#chunks.next();
      if (done) throw new OperatorError('The backup is truncated: it ends before its end.');
      this.#buffer = Buffer.concat([this.#buffer, value]);
    }
  }

  /** The next line as JSON; `isIt` says whether it is what should stand there. */
  async json<T>(isIt: (value: Record<string, unknown>) => boolean): Promise<T> {
    const value = parse(await this.line());
    if (!isIt(value)) throw new OperatorError('The backup is corrupt: a line is not what should stand there.');
    return value as T;
  }

  /** The rows of one table, many at a time, up to the line that ends them. */
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const line = await this.line();
      if (line.equals(END_OF_ROWS)) return;
      yield Buffer.concat([line, this.#wholeRows()]);
    }
  }

  /** SHA-256 of everything handed out so far. */
  digest(): string {
    return this.#digest.copy().digest('hex');
  }

  async expectEnd(): Promise<void> {
    const { done } = await this.#chunks.next();
    if (!done || this.#buffer.length > 0) throw new OperatorError('The backup is corrupt: something follows its end.');
  }

  /** What is in the buffer already, up to its last line end or to the line that ends the rows, whichever comes first. */
  #wholeRows(): Buffer {
    if (this.#startsWithEnd()) return Buffer.alloc(0);
    const end = this.#buffer.indexOf('\n\\.\n');
    return this.#take((end >= 0 ? end : this.#buffer.lastIndexOf(10)) + 1);
  }

  #startsWithEnd(): boolean {
    return this.#buffer.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS);
  }

  #take(length: number): Buffer {
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    this.#digest.update(taken);
    return taken;
  }
}

export function sha256Of(line: Buffer): string {
  return createHash('sha256').update(line).digest('hex');
}

function parse(line: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(line.toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

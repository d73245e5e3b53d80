declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  /** Reads what `copy … to stdout` sends; rowCount is known when it has ended. */
  export function to(sql: string): Readable & Submittable & { rowCount: number };
  /** Takes what `copy … from stdin` reads; it has finished when PostgreSQL has taken it all. */
  export function from(sql: string): Writable & Submittable & { rowCount: number };
}

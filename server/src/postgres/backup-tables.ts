import { createHash } from 'node:crypto';
import type pg from 'pg';
import { to } from 'pg-copy-streams';
import type { TableEnd } from './backup-format.ts';

/** A table as a backup holds it; a partitioned one stands for its partitions. */
export interface Table {
  name: string;
  /** Those that hold data of their own: generated columns follow by themselves. Quoted where need be. */
  columns: string[];
  /** What gives the rows one order, whatever they lie in and however the database sorts text. */
  order: string;
  /** The tables that its foreign keys point to. */
  refersTo: string[];
}

/** All tables of the schema but the history of migrations, each after those it refers to. */
export async function tablesInOrder(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select class.oid::regclass::text as name,
      array(select quote_ident(attname) from pg_attribute
            where attrelid = class.oid and attnum > 0 and not attisdropped and attgenerated = '' order by attnum) as columns,
      coalesce((select string_agg(quote_ident(attname) || case when attcollation <> 0 then ' collate "C"' else '' end, ', '
                                  order by array_position(indkey, attnum))
                from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
                where indrelid = class.oid and indisprimary),
               quote_ident(relname) || '::text collate "C"') as "order",
      array(select distinct coalesce(pg_partition_root(confrelid), confrelid)::regclass::text from pg_constraint
            where contype = 'f' and conparentid = 0 and coalesce(pg_partition_root(conrelid), conrelid) = class.oid) as "refersTo"
    from pg_class class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migration'
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = class.oid and deptype = 'e')
    order by 1`);
  return inOrder(rows);
}

/** The rows of one table as COPY text, in chunks; the generator's result is what a backup says of them. */
export async function* rowsOf(client: pg.Client, { name, columns, order }: Table): AsyncGenerator<Buffer, TableEnd> {
  const digest = createHash('sha256');
  const rows = client.query(to(`copy (select ${columns.join(', ')} from ${name} order by ${order}) to stdout`));
  for await (const chunk of rows as AsyncIterable<Buffer>) {
    digest.update(chunk);
    yield chunk;
  }
  return { rows: rows.rowCount, sha256: digest.digest('hex') };
}

/** The same without the rows: what the table holds now. */
export async function summaryOf(client: pg.Client, table: Table): Promise<TableEnd> {
  const rows = rowsOf(client, table);
  for (;;) {
    const { done, value } = await rows.next();
    if (done) return value;
  }
}

/** Text must mean the same wherever it is read, and nothing may be left out silently. For the transaction that is open. */
export async function sayEverythingExactly(client: pg.Client): Promise<void> {
  await client.query(`
    set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local bytea_output = 'hex';
    set local extra_float_digits = 1; set local client_encoding = 'UTF8'; set local statement_timeout = 0;
    -- With a policy in the way, an error is right and a part of the rows would be wrong.
    set local row_security = off`);
}

/** Where tables refer to each other in a circle, the first by name comes first; restoring checks such references at the end. */
function inOrder(tables: Table[]): Table[] {
  const ordered: Table[] = [];
  const visited = new Set<Table>();
  const visit = (table: Table) => {
    if (visited.has(table)) return;
    visited.add(table);
    for (const name of table.refersTo.toSorted()) {
      const other = tables.find((candidate) => candidate.name === name);
      if (other) visit(other);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}

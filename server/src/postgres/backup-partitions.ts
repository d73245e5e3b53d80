import type pg from 'pg';

/**
 * A partition by range. Those of times to come are made while the server runs, so migrations alone do not bring them back.
 * It is described, not kept as a statement, so that a backup can never make a restore run what somebody wrote into it.
 */
export interface Partition {
  table: string;
  name: string;
  from: string;
  to: string;
  triggers: StatementTrigger[];
}

/** A trigger that a partition has of its own; those for each row it gets from its table. */
export interface StatementTrigger {
  name: string;
  when: 'before' | 'after';
  events: string[];
  calls: string;
}

export async function partitions(client: pg.Client): Promise<Partition[]> {
  const { rows } = await client.query<{ table: string; name: string; bound: string; triggers: StatementTrigger[] }>(`
    select parent.relname as table, class.relname as name, pg_get_expr(class.relpartbound, class.oid) as bound,
      coalesce((select json_agg(json_build_object(
          'name', tgname, 'when', case when tgtype & 2 <> 0 then 'before' else 'after' end, 'calls', proname,
          'events', array_remove(array[case when tgtype & 4 <> 0 then 'insert' end, case when tgtype & 8 <> 0 then 'delete' end,
                                       case when tgtype & 16 <> 0 then 'update' end, case when tgtype & 32 <> 0 then 'truncate' end], null))
          order by tgname)
        from pg_trigger join pg_proc on pg_proc.oid = tgfoid
        where tgrelid = class.oid and not tgisinternal and tgparentid = 0 and tgtype & 1 = 0), '[]') as triggers
    from pg_class class
    join pg_inherits on inhrelid = class.oid
    join pg_class parent on parent.oid = inhparent
    where class.relnamespace = current_schema()::regnamespace and class.relispartition and class.relkind = 'r'
    order by 1, 2`);
  return rows.flatMap(({ table, name, bound, triggers }) => {
    const [, from, to] = /^FOR VALUES FROM \('([^']*)'\) TO \('([^']*)'\)$/.exec(bound) ?? [];
    return from !== undefined && to !== undefined ? [{ table, name, from, to, triggers }] : [];
  });
}

/** Makes those of the wanted partitions that are not there. */
export async function makePartitions(client: pg.Client, wanted: Partition[]): Promise<void> {
  const there = new Set((await partitions(client)).map(({ name }) => name));
  for (const { table, name, from, to, triggers } of wanted) {
    if (there.has(name)) continue;
    await client.query(
      `create table ${quoted(client, name)} partition of ${quoted(client, table)} ` +
        `for values from (${client.escapeLiteral(from)}) to (${client.escapeLiteral(to)})`,
    );
    for (const trigger of triggers) await client.query(triggerStatement(client, name, trigger));
  }
}

function triggerStatement(
  client: pg.Client,
  partition: string,
  { name, when, events, calls }: StatementTrigger,
): string {
  const known = events.filter((event) => ['insert', 'delete', 'update', 'truncate'].includes(event));
  return (
    `create trigger ${quoted(client, name)} ${when === 'before' ? 'before' : 'after'} ${known.join(' or ')} ` +
    `on ${quoted(client, partition)} for each statement execute function ${quoted(client, calls)}()`
  );
}

function quoted(client: pg.Client, name: string): string {
  return client.escapeIdentifier(name);
}

import type pg from 'pg';

/**
 * While rows come back as they were, nothing may be done to them again: the schema's own triggers rest. And tables that refer to each
 * other in a circle can only be checked when both are there. `order` names the tables as they are loaded. Returns what puts everything back as it was.
 */
export async function suspendChecks(client: pg.Client, order: string[]): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ suspend: string; resume: string }>(
    `
    select format('alter table %s disable trigger %I', tgrelid::regclass, tgname) as suspend,
           format('alter table %s enable %s trigger %I', tgrelid::regclass, case tgenabled when 'A' then 'always' when 'R' then 'replica' end, tgname) as resume
    from pg_trigger join pg_class on pg_class.oid = tgrelid
    where relnamespace = current_schema()::regnamespace and not tgisinternal and tgparentid = 0 and tgenabled <> 'D'
    union all
    select format('alter table %s alter constraint %I deferrable initially deferred', conrelid::regclass, conname),
           format('alter table %s alter constraint %I %s', conrelid::regclass, conname,
                  case when not condeferrable then 'not deferrable' when condeferred then 'deferrable initially deferred'
                       else 'deferrable initially immediate' end)
    from pg_constraint
    where connamespace = current_schema()::regnamespace and contype = 'f' and conparentid = 0
      and array_position($1, coalesce(pg_partition_root(conrelid), conrelid)::regclass::text)
        < array_position($1, coalesce(pg_partition_root(confrelid), confrelid)::regclass::text)`,
    [order],
  );
  await runAll(
    client,
    rows.map(({ suspend }) => suspend),
  );
  return async () => {
    // First the check itself: a table with references still to be checked cannot be altered.
    await client.query('set constraints all immediate');
    await runAll(
      client,
      rows.map(({ resume }) => resume),
    );
  };
}

async function runAll(client: pg.Client, statements: string[]): Promise<void> {
  if (statements.length > 0) await client.query(statements.join('; '));
}

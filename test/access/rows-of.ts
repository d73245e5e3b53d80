import type { World } from '../world.ts';

/**
 * Every row that belongs to an organization, table by table, as text: for comparing before with after. Tables are found
 * by their column organization_id, so a new one is looked at by itself. When a key was last used is left out: it changes
 * by looking.
 */
export async function rowsOf(
  database: Pick<World['database'], 'sql'>,
  organizationId: string,
): Promise<Record<string, string[]>> {
  const tables = await database.sql<{ name: string }>(
    `select c.relname as name from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  const dump: Record<string, string[]> = {};
  for (const [name, column] of [['organization', 'id'], ...tables.map((table) => [table.name, 'organization_id'])]) {
    const rows = await database.sql<{ row: string }>(
      `select (to_jsonb(t) - 'last_used_at')::text as row from "${name}" t where ${column} = $1 order by 1`,
      [organizationId],
    );
    dump[name ?? ''] = rows.map(({ row }) => row);
  }
  return dump;
}

/** Everything that the database holds, besides when keys were last used. */
export async function allRows(database: Pick<World['database'], 'sql'>): Promise<Record<string, string[]>> {
  const tables = await database.sql<{ name: string }>(
    `select relname as name from pg_class
     where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace order by 1`,
  );
  const dump: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await database.sql<{ row: string }>(
      `select (to_jsonb(t) - 'last_used_at')::text as row from "${name}" t order by 1`,
    );
    dump[name] = rows.map(({ row }) => row);
  }
  return dump;
}

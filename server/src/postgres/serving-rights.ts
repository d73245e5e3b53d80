import type pg from 'pg';

type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';

const ALL_ROWS: Right[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/**
 * Tables where the serving role may do less, so that neither a mistake nor an injected statement rewrites the past. Personal data of the
 * audit may be deleted, since people may demand it.
 */
const APPEND_ONLY: Record<string, Right[]> = {
  audit_event: ['SELECT', 'INSERT'],
  access_change: ['SELECT', 'INSERT'],
  audit_person: ['SELECT', 'INSERT', 'DELETE'],
};
const OWNERS_ALONE: Record<string, Right[]> = { migration: ['SELECT'] };

interface Relation {
  name: string;
  /** The partitioned table it is a part of, or itself. */
  root: string;
  held: Right[];
}

/**
 * Gives the serving role what it needs and takes what it must not have, for every table of the schema and every partition; does nothing
 * when all is as it should be. Where the role owns the tables itself, it gives up changing the append-only ones.
 * Returns warnings about rights that could not be taken away.
 */
export async function grantServingRole(client: pg.Client, role: string): Promise<string[]> {
  const { rows } = await client.query<{ same: boolean; quoted: string }>(
    'select current_user = $1 as same, quote_ident($1) as quoted',
    [role],
  );
  const { same = false, quoted = '' } = rows[0] ?? {};
  const wanted = (relation: Relation) => wantedRights(relation, same);
  const statements = [
    ...(same ? [] : await missingBesidesTables(client, role, quoted)),
    ...(await relations(client, role)).flatMap((relation) => changes(relation, wanted(relation), quoted)),
  ];
  if (statements.length === 0) return [];
  // Sent as one query they are one transaction, or a part of the one that is open.
  await client.query(statements.join('; '));
  return (await relations(client, role)).flatMap((relation) => tooMuch(relation, wanted(relation), role));
}

/** An owner keeps its rights on everything else: it has them by owning. */
function wantedRights({ root, held }: Relation, ownsThem: boolean): Right[] {
  const limited = APPEND_ONLY[root];
  if (ownsThem) return limited ?? held;
  return limited ?? OWNERS_ALONE[root] ?? ALL_ROWS;
}

function changes({ name, held }: Relation, wanted: Right[], role: string): string[] {
  const missing = wanted.filter((right) => !held.includes(right));
  const excess = held.filter((right) => !wanted.includes(right));
  return [
    ...(missing.length > 0 ? [`grant ${missing.join(', ')} on ${name} to ${role}`] : []),
    ...(excess.length > 0 ? [`revoke ${excess.join(', ')} on ${name} from ${role}`] : []),
  ];
}

function tooMuch({ name, held }: Relation, wanted: Right[], role: string): string[] {
  const excess = held.filter((right) => !wanted.includes(right));
  if (excess.length === 0) return [];
  return [
    `The role ${role} can still ${excess.join(', ')} on ${name}: it is a superuser, or has that right through another role. ` +
      'Let DATABASE_URL name a plain role, and DATABASE_OWNER_URL the one that owns the tables.',
  ];
}

async function relations(client: pg.Client, role: string): Promise<Relation[]> {
  const { rows } = await client.query<Relation>(
    `select relation.oid::regclass::text as name,
            coalesce(pg_partition_root(relation.oid), relation.oid)::regclass::text as root,
            array(select r from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) r
                  where has_table_privilege($1, relation.oid, r)) as held
     from pg_class relation
     where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm') and ${notOfAnExtension('pg_class')}
     order by 1`,
    [role],
  );
  return rows;
}

async function missingBesidesTables(client: pg.Client, role: string, quoted: string): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('grant usage on schema %I to %s', current_schema(), $2::text) as statement
     where not has_schema_privilege($1, current_schema(), 'usage')
     union all
     select format('grant usage, select, update on sequence %s to %s', relation.oid::regclass, $2::text)
     from pg_class relation
     where relnamespace = current_schema()::regnamespace and ${notOfAnExtension('pg_class')}
       -- In a case, since PostgreSQL may otherwise ask this of tables first, which is an error.
       and case when relkind = 'S' then not has_sequence_privilege($1, relation.oid, 'usage') else false end
     union all
     select format('grant execute on routine %s to %s', relation.oid::regprocedure, $2::text)
     from pg_proc relation
     where pronamespace = current_schema()::regnamespace and ${notOfAnExtension('pg_proc')}
       and not has_function_privilege($1, relation.oid, 'execute')`,
    [role, quoted],
  );
  return rows.map(({ statement }) => statement);
}

/** What an extension brought belongs to whoever installed it. */
function notOfAnExtension(catalogue: 'pg_class' | 'pg_proc'): string {
  return `not exists (select from pg_depend where classid = '${catalogue}'::regclass and objid = relation.oid and deptype = 'e')`;
}

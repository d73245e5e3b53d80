import { type Database, first } from '../database.ts';

/**
 * What PostgreSQL knows of its tables since it last analysed them: near enough to choose a way by, never to answer from. It is asked
 * again after a minute, since PostgreSQL itself learns no faster. Where it may not be asked, nothing is known.
 */
const keptMilliseconds = 60_000;
const kept = new WeakMap<Database, Map<string, { until: number; answer: Promise<unknown> }>>();

/** Ids or addresses that cut all organizations' members into parts of equal size, usually a hundred, in their order; none where little is known. */
export function equalParts(db: Database, column: 'id' | 'email'): Promise<string[]> {
  return keep(db, column, [], async () => {
    const rows = await db.rows<{ bounds: string[] }>(
      `select histogram_bounds::text::text[] as bounds from pg_stats
       where schemaname = current_schema() and tablename = 'member' and attname = $1 and histogram_bounds is not null`,
      [column],
    );
    // The outer ones are the first and the last that were seen, and cut nothing.
    return first(rows)?.bounds.slice(1, -1) ?? [];
  });
}

/**
 * About how many members of all organizations were given one of these permissions, of how many; a permission that is too rare to be
 * known counts as one that nobody has.
 */
export async function expectedHolders(
  db: Database,
  permissions: readonly string[],
): Promise<{ holders: number; members: number }> {
  const nothing = { members: 0, shares: new Map<string, number>() };
  const { members, shares } = await keep(db, 'permissions', nothing, () => sharesOfPermissions(db));
  const share = permissions.reduce((sum, permission) => sum + (shares.get(permission) ?? 0), 0);
  return { holders: share * members, members };
}

async function sharesOfPermissions(db: Database): Promise<{ members: number; shares: Map<string, number> }> {
  const rows = await db.rows<{ members: number; permissions: string[]; shares: number[] }>(
    `select greatest(c.reltuples, 0)::float8 as members, s.most_common_elems::text::text[] as permissions, s.most_common_elem_freqs as shares
     from pg_stats s join pg_class c on c.oid = 'member_grant'::regclass
     where s.schemaname = current_schema() and s.tablename = 'member_grant' and s.attname = 'permissions' and s.most_common_elems is not null`,
  );
  const { members = 0, permissions = [], shares = [] } = first(rows) ?? {};
  return { members, shares: new Map(permissions.map((permission, n) => [permission, shares[n] ?? 0])) };
}

function keep<T>(db: Database, name: string, nothing: T, ask: () => Promise<T>): Promise<T> {
  const answers = kept.get(db) ?? new Map<string, { until: number; answer: Promise<unknown> }>();
  kept.set(db, answers);
  const former = answers.get(name);
  if (former && performance.now() < former.until) return former.answer as Promise<T>;
  const answer = ask().catch(() => nothing);
  answers.set(name, { until: performance.now() + keptMilliseconds, answer });
  return answer;
}

import { type Database, first } from '../database.ts';

/**
 * What PostgreSQL knows of its tables since it last analysed them: near enough to choose a way by, never to answer from. It is asked
 * again after a minute, since PostgreSQL itself learns no faster. Where it may not be asked, nothing is known.
 */
const keptMilliseconds = 60_000;
const kept = new WeakMap<Database, Map<string, Answer>>();

interface Answer {
  until: number;
  answer: Promise<unknown>;
}

/** About how many members an organization has, removed ones too; none where it is too small to be known. */
export async function expectedMembers(db: Database, organizationId: string): Promise<number> {
  const { rows, shares } = await sharesOf(db, 'member', 'organization_id');
  return rows * (shares.get(organizationId) ?? 0);
}

/**
 * About how many members of all organizations were given one of these permissions, and which share of all they are; a permission that is
 * too rare to be known counts as one that nobody has.
 */
export async function expectedHolders(
  db: Database,
  permissions: readonly string[],
): Promise<{ holders: number; share: number }> {
  const { rows, shares } = await sharesOf(db, 'member_grant', 'permissions');
  const share = permissions.reduce((sum, permission) => sum + (shares.get(permission) ?? 0), 0);
  return { holders: share * rows, share };
}

interface Shares {
  /** How many rows the table has. */
  rows: number;
  /** The share of them that has a value, or an element where it is an array, for those that most have. */
  shares: Map<string, number>;
}

const nothing: Shares = { rows: 0, shares: new Map() };

function sharesOf(db: Database, table: string, column: string): Promise<Shares> {
  return keep(db, `${table}.${column}`, nothing, async () => {
    const found = await db.rows<{ rows: number; values: string[] | null; shares: number[] | null }>(
      `select greatest(c.reltuples, 0)::float8 as rows, coalesce(s.most_common_elems::text, s.most_common_vals::text)::text[] as values,
         coalesce(s.most_common_elem_freqs, s.most_common_freqs) as shares
       from pg_stats s join pg_class c on c.oid = to_regclass(s.tablename)
       where s.schemaname = current_schema() and s.tablename = $1 and s.attname = $2`,
      [table, column],
    );
    const { rows = 0, values, shares } = first(found) ?? {};
    return { rows, shares: new Map(values?.map((value, n) => [value, shares?.[n] ?? 0])) };
  });
}

/** What was known is answered while it is asked again; whoever asks first waits, and whoever asks long after. */
export function keep<T>(db: Database, name: string, nothing: T, ask: () => Promise<T>): Promise<T> {
  const answers = kept.get(db) ?? new Map<string, Answer>();
  kept.set(db, answers);
  const former = answers.get(name);
  const now = performance.now();
  if (former && now < former.until) return former.answer as Promise<T>;
  const until = now + keptMilliseconds;
  if (former && now < former.until + 10 * keptMilliseconds) {
    former.until = until;
    ask().then(
      (newer) => answers.set(name, { until, answer: Promise.resolve(newer) }),
      () => {},
    );
    return former.answer as Promise<T>;
  }
  const answer = ask().catch(() => nothing);
  answers.set(name, { until, answer });
  return answer;
}

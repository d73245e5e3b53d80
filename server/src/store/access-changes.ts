import { type Database, only } from './database.ts';

/** One change of access: whose it was, and by what names they are asked for. */
export interface AccessChange {
  organization_id: string;
  revision: number;
  /** The organization's plan now. */
  plan: string;
  member_id: string | null;
  email: string | null;
  external_id: string | null;
  former_external_id: string | null;
  api_key_id: string | null;
}

export interface FeedAnswer {
  /** What this question saw; the next asks for what it did not. */
  snapshot: string;
  /** The database's clock, in milliseconds since 1970. */
  now: number;
  /** Another one after the database was restarted, restored or replaced: commits may be gone that were seen before. */
  epoch: string;
  /** The catalogue that the nodes agreed on last. */
  catalogue: string | null;
  /** None where there were more than could be told. */
  changes: AccessChange[];
  /** Whether there were more than `changesAtOnce`: then everything may have changed. */
  tooMany: boolean;
}

/** A backlog of more is not told change by change: it could take longer than an answer may, and then could never be caught up. */
export const changesAtOnce = 5_000;

/**
 * All changes that were committed since an earlier question, of all organizations. Transactions become visible in another
 * order than they began, so the question names what was seen, and not how far: nothing is missed and nothing comes twice.
 * Rows restored from another cluster carry transaction ids from there; what claims to be of the future is one of those.
 * @param since the `snapshot` of the answer before; null to begin with none
 */
export async function readAccessFeed(db: Database, since: string | null): Promise<FeedAnswer> {
  const { changes, ...row } = only(
    await db.rows<Omit<FeedAnswer, 'tooMany'>>(
      `select pg_current_snapshot()::text as snapshot, (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
         md5(extract(epoch from pg_postmaster_start_time())::text || (select oid from pg_database where datname = current_database())::text) as epoch,
         (select catalogue_fingerprint from installation) as catalogue,
         coalesce((
           select json_agg(json_build_object(
             'organization_id', c.organization_id, 'revision', c.revision, 'plan', o.plan, 'member_id', c.member_id, 'email', m.email,
             'external_id', m.external_id, 'former_external_id', c.former_external_id, 'api_key_id', c.api_key_id)
             order by c.organization_id, c.revision)
           from (
             select * from access_change
             where transaction_id >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(transaction_id, $1::pg_snapshot)
               and transaction_id < pg_snapshot_xmax(pg_current_snapshot())
             limit $2) c
           join organization o on o.id = c.organization_id
           left join member m on m.organization_id = c.organization_id and m.id = c.member_id), '[]') as changes`,
      [since, changesAtOnce + 1],
    ),
  );
  const tooMany = changes.length > changesAtOnce;
  return { ...row, changes: tooMany ? [] : changes, tooMany };
}

export interface Backlog {
  /** The organization's newest revision. */
  revision: number;
  plan: string;
  /** Whether the plan is among what changed. */
  planChanged: boolean;
  members: string[];
  /** External ids that no longer name who they named. */
  formerExternalIds: string[];
  /** Whether every revision in between is told of; not beyond `changesAtOnce`, nor after a restored database went back. */
  complete: boolean;
}

/** What changed in one organization after a revision, for whoever resumes there. */
export async function accessBacklog(db: Database, organizationId: string, after: number): Promise<Backlog> {
  return only(
    await db.rows<Backlog>(
      `select o.access_revision as revision, o.plan, coalesce(bool_or(c.member_id is null and c.api_key_id is null), false) as "planChanged",
         coalesce(array_agg(distinct c.member_id) filter (where c.member_id is not null), '{}') as members,
         coalesce(array_agg(distinct c.former_external_id) filter (where c.former_external_id is not null), '{}') as "formerExternalIds",
         $2 <= o.access_revision and count(c.revision) = o.access_revision - $2 as complete
       from organization o left join access_change c
         on c.organization_id = o.id and c.revision > $2 and o.access_revision - $2 <= $3
       where o.id = $1 group by o.id`,
      [organizationId, after, changesAtOnce],
    ),
  );
}

/** Wakes the nodes that listen. After the commit and on its own: inside a transaction it would make commits wait for each other. */
export async function notifyAccessChange(db: Database): Promise<void> {
  await db.rows(`select pg_notify('${accessChannel}', '')`);
}

export const accessChannel = 'latchkey_access';

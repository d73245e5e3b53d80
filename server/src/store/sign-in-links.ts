import { type Database, first, only } from './database.ts';

export interface NewSignInLink {
  id: string;
  email: string;
  locale: string;
  lifetimeSeconds: number;
}

/**
 * Writes down that somebody asked for a link, and queues its message where the address signs somebody in. Both take the
 * same writing, so the answer's time tells nobody which it was.
 * @param mailsAnHour to one address at most, asked for by whomever; null for any number
 * @returns seconds until another one may be asked for, null where this one was taken
 */
export async function requestSignInLink(
  db: Database,
  link: NewSignInLink,
  mailsAnHour: number | null,
): Promise<number | null> {
  return db.transaction(async (transaction) => {
    await transaction.rows('select pg_advisory_xact_lock(hashtextextended($1, 4))', [link.email]);
    const { wait } = only(
      await transaction.rows<{ wait: number | null }>(
        `select ceil(extract(epoch from created_at + interval '1 hour' - now()))::integer as wait
         from (select created_at from sign_in_link where email = $1 and purpose = 'mailed' and created_at > now() - interval '1 hour'
               order by created_at desc offset greatest($2::integer - 1, 0) limit 1) oldest
         union all select null order by wait nulls last limit 1`,
        [link.email, mailsAnHour ?? 1_000_000],
      ),
    );
    if (wait !== null) return wait;
    await transaction.rows(
      `insert into sign_in_link (id, email, identity_id, purpose, locale, state, expires_at)
       select $1, $2, i.id, 'mailed', $3, case when i.id is null then 'none' else 'queued' end, now() + make_interval(secs => $4)
       from (select) one left join identity i on i.email = $2
         and exists (select from member m where m.identity_id = i.id and m.status = 'active')`,
      [link.id, link.email, link.locale, link.lifetimeSeconds],
    );
    return null;
  });
}

/** A link by the operator's word, for a member who need not be bound yet. */
export async function insertOperatorLink(
  db: Database,
  link: NewSignInLink & { organizationId: string; memberId: string },
): Promise<void> {
  await db.rows(
    `insert into sign_in_link (id, email, purpose, organization_id, member_id, locale, state, expires_at)
     values ($1, $2, 'operator', $3, $4, $5, 'none', now() + make_interval(secs => $6))`,
    [link.id, link.email, link.organizationId, link.memberId, link.locale, link.lifetimeSeconds],
  );
}

export interface SignInLink {
  id: string;
  email: string;
  identity_id: string | null;
  purpose: 'mailed' | 'operator';
  organization_id: string | null;
  member_id: string | null;
  used: boolean;
  expired: boolean;
  expires_at: Date;
}

const columns = `id, email, identity_id, purpose, organization_id, member_id, used_at is not null as used,
  expires_at <= clock_timestamp() as expired, expires_at`;

export async function findSignInLink(db: Database, id: string): Promise<SignInLink | undefined> {
  return first(await db.rows<SignInLink>(`select ${columns} from sign_in_link where id = $1`, [id]));
}

/** For using it up: of many at once each finds what the one before left. */
export async function lockSignInLink(db: Database, id: string): Promise<SignInLink | undefined> {
  return first(await db.rows<SignInLink>(`select ${columns} from sign_in_link where id = $1 for update`, [id]));
}

/** Uses a link up, and with it every other that was mailed to the same address before. */
export async function markSignInLinkUsed(db: Database, id: string): Promise<void> {
  await db.rows(
    `update sign_in_link l set used_at = clock_timestamp() from sign_in_link used
     where used.id = $1 and l.email = used.email and l.purpose = used.purpose and l.used_at is null
       and (l.id = used.id or (l.created_at <= used.created_at and l.purpose = 'mailed'))`,
    [id],
  );
}

export async function deleteOldSignInLinks(db: Database): Promise<void> {
  await db.rows(`delete from sign_in_link where created_at < now() - interval '7 days' and expires_at < now()`);
}

import { createHash } from 'node:crypto';
import type { TestDatabase } from '../database.ts';

const tables: Record<string, string> = {
  organization: 't',
  member: 't',
  member_grant: 't',
  invitation: 't',
  delivery: 't',
  // When a key was last used is noted even where the request is refused.
  api_key: `(to_jsonb(t) - 'last_used_at')`,
  partner_key: `(to_jsonb(t) - 'last_used_at')`,
  key_secret: 't',
  access_change: 't',
  audit_event: 't',
  audit_person: 't',
  idempotency_record: 't',
  identity: 't',
  session: `(to_jsonb(t) - 'last_used_at')`,
  passkey: `(to_jsonb(t) - 'last_used_at')`,
  sign_in_link: 't',
};

/** A digest of every row of every table that a request could change, table by table, so that a difference names its table. */
export async function pictureOf(database: TestDatabase): Promise<Record<string, string>> {
  const picture: Record<string, string> = {};
  for (const [table, row] of Object.entries(tables)) {
    const rows = await database.sql<{ row: string }>(`select ${row}::text as row from ${table} t order by 1`);
    const digest = createHash('sha256');
    for (const { row: text } of rows) digest.update(text).update('\n');
    picture[table] = `${rows.length} rows, ${digest.digest('hex').slice(0, 16)}`;
  }
  return picture;
}

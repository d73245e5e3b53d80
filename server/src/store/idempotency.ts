import { type Database, only } from './database.ts';

export interface IdempotencyRecord {
  request_digest: Buffer;
  status: number | null;
  reply: Buffer | null;
}

/**
 * Claims a key for this transaction. A second request with the same key waits here until the first has committed, then
 * gets its record; undefined means that the key is ours.
 */
export async function claimIdempotencyKey(
  db: Database,
  credentialId: string,
  key: string,
  digest: Buffer,
): Promise<IdempotencyRecord | undefined> {
  const inserted = await db.rows(
    'insert into idempotency_record (credential_id, key, request_digest) values ($1, $2, $3) on conflict do nothing returning 1 as one',
    [credentialId, key, digest],
  );
  if (inserted.length > 0) return undefined;
  return only(
    await db.rows<IdempotencyRecord>(
      'select request_digest, status, reply from idempotency_record where credential_id = $1 and key = $2',
      [credentialId, key],
    ),
  );
}

export async function keepReply(
  db: Database,
  credentialId: string,
  key: string,
  status: number,
  reply: Buffer,
): Promise<void> {
  await db.rows('update idempotency_record set status = $3, reply = $4 where credential_id = $1 and key = $2', [
    credentialId,
    key,
    status,
    reply,
  ]);
}

export async function deleteOldIdempotencyRecords(db: Database, olderThanSeconds: number): Promise<void> {
  await db.rows('delete from idempotency_record where created_at < now() - make_interval(secs => $1)', [
    olderThanSeconds,
  ]);
}

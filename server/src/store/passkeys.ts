import { type Database, first } from './database.ts';

/** @param challenge.identityId who adds a passkey; null for signing in */
export async function insertChallenge(
  db: Database,
  challenge: { bytes: Uint8Array; identityId: string | null; lifetimeSeconds: number },
): Promise<void> {
  await db.rows(
    `insert into passkey_challenge (challenge, identity_id, expires_at) values ($1, $2, now() + make_interval(secs => $3))`,
    [challenge.bytes, challenge.identityId, challenge.lifetimeSeconds],
  );
}

/** Uses a challenge up: of many answers at once exactly one finds it. @returns whether it was there, for them, and in time */
export async function useChallenge(db: Database, bytes: Uint8Array, identityId: string | null): Promise<boolean> {
  const used = first(
    await db.rows<{ in_time: boolean }>(
      `delete from passkey_challenge where challenge = $1 and identity_id is not distinct from $2::uuid
       returning expires_at > clock_timestamp() as in_time`,
      [bytes, identityId],
    ),
  );
  return used?.in_time ?? false;
}

export async function deleteOldChallenges(db: Database): Promise<void> {
  await db.rows('delete from passkey_challenge where expires_at < now()');
}

export interface ListedPasskey {
  id: string;
  credential_id: Buffer;
  transports: string[];
  name: string;
  backed_up: boolean;
  created_at: Date;
  last_used_at: Date | null;
}

/** Oldest first. */
export function listPasskeyRows(db: Database, identityId: string): Promise<ListedPasskey[]> {
  return db.rows<ListedPasskey>(
    `select id, credential_id, transports, name, backed_up, created_at, last_used_at from passkey
     where identity_id = $1 order by created_at, id`,
    [identityId],
  );
}

/** For adding one: of many at once each counts what the one before left. */
export async function countPasskeysLocked(db: Database, identityId: string): Promise<number> {
  await db.rows('select id from identity where id = $1 for no key update', [identityId]);
  return (await db.rows('select id from passkey where identity_id = $1', [identityId])).length;
}

export interface NewPasskey {
  identityId: string;
  id: string;
  credentialId: Uint8Array;
  publicKey: Uint8Array;
  counter: number;
  transports: readonly string[];
  name: string;
  backedUp: boolean;
}

/** @returns when it was added; undefined where somebody has it already */
export async function insertPasskey(db: Database, passkey: NewPasskey): Promise<Date | undefined> {
  const row = first(
    await db.rows<{ created_at: Date }>(
      `insert into passkey (identity_id, id, credential_id, public_key, counter, transports, name, backed_up)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing returning created_at`,
      [
        passkey.identityId,
        passkey.id,
        passkey.credentialId,
        passkey.publicKey,
        passkey.counter,
        passkey.transports,
        passkey.name,
        passkey.backedUp,
      ],
    ),
  );
  return row?.created_at;
}

/** A passkey, and whom it signs in. */
export interface PasskeyRow {
  id: string;
  identity_id: string;
  identity_email: string;
  name: string;
  public_key: Buffer;
}

export async function findPasskeyByCredential(db: Database, credentialId: Uint8Array): Promise<PasskeyRow | undefined> {
  return first(
    await db.rows<PasskeyRow>(
      `select p.id, p.identity_id, i.email as identity_email, p.name, p.public_key
       from passkey p join identity i on i.id = p.identity_id where p.credential_id = $1`,
      [credentialId],
    ),
  );
}

/** For noting a use: of many at once each finds what the one before left. */
export async function lockPasskeyCounter(db: Database, identityId: string, id: string): Promise<number | undefined> {
  const row = first(
    await db.rows<{ counter: number }>(
      'select counter from passkey where identity_id = $1 and id = $2 for no key update',
      [identityId, id],
    ),
  );
  return row?.counter;
}

export async function notePasskeyUse(
  db: Database,
  identityId: string,
  id: string,
  shown: { counter: number; backedUp: boolean },
): Promise<void> {
  await db.rows(
    `update passkey set counter = $3, backed_up = $4, last_used_at = clock_timestamp()
     where identity_id = $1 and id = $2`,
    [identityId, id, shown.counter, shown.backedUp],
  );
}

/** @returns its name, where there was one */
export async function deletePasskey(db: Database, identityId: string, id: string): Promise<string | undefined> {
  const row = first(
    await db.rows<{ name: string }>('delete from passkey where identity_id = $1 and id = $2 returning name', [
      identityId,
      id,
    ]),
  );
  return row?.name;
}

/** Of somebody who is about to be removed, unless they are an active member of another organization. */
export async function deletePasskeysOfLastMembership(
  db: Database,
  organizationId: string,
  memberId: string,
): Promise<void> {
  await db.rows(
    `delete from passkey p using member going
     where going.organization_id = $1 and going.id = $2 and p.identity_id = going.identity_id
       and not exists (select from member other where other.identity_id = going.identity_id and other.id <> going.id
         and other.status = 'active')`,
    [organizationId, memberId],
  );
}

import { type Database, only } from './database.ts';
import { accessRevision } from './organizations.ts';

/** Active members, counted no further than `atMost`: enough to know whether a seat is left. */
export async function countActiveMembers(db: Database, id: string, atMost: number): Promise<number> {
  const row = only(
    await db.rows<{ count: number }>(
      `select count(*)::int as count from (select from member where organization_id = $1 and status = 'active' limit $2) counted`,
      [id, atMost],
    ),
  );
  return row.count;
}

export interface SeatsTaken {
  active: number;
  /** The organization's access revision that this is true of. */
  revision: number;
}

/** By database and organization, the last count of each. */
const counted = new WeakMap<Database, Map<string, SeatsTaken>>();
const mostCounted = 10_000;

/**
 * All active members. Nobody becomes one, or ceases to be, without raising the revision, so a count holds for as long as its revision is the last. Among a million
 * members it takes 80 ms, and clients ask for the account to see whether their key works.
 */
export async function seatsTaken(db: Database, id: string): Promise<SeatsTaken> {
  const counts = counted.get(db) ?? new Map<string, SeatsTaken>();
  counted.set(db, counts);
  const known = counts.get(id);
  if (known?.revision === (await accessRevision(db, id))) return known;
  const taken = only(
    await db.rows<SeatsTaken>(
      `select o.access_revision as revision, (
         select count(*) from member m where m.organization_id = o.id and m.status = 'active') as active
       from organization o where o.id = $1`,
      [id],
    ),
  );
  if (counts.size >= mostCounted) counts.clear();
  counts.set(id, taken);
  return taken;
}

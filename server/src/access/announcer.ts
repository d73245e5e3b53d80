import { notifyAccessChange } from '../store/access-changes.ts';
import type { Database } from '../store/database.ts';

/**
 * Tells the other nodes that access has changed: one notification for all changes that were committed while the one before
 * was on its way.
 */
export function announcer(db: Database, failed: (error: unknown) => void): () => void {
  let underWay = false;
  let again = false;
  const announce = async (): Promise<void> => {
    underWay = true;
    do {
      again = false;
      await notifyAccessChange(db).catch(failed);
    } while (again);
    underWay = false;
  };
  return () => {
    if (underWay) again = true;
    else void announce();
  };
}

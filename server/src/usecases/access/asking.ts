import type { AccessChecks } from '../../access/access-checks.ts';
import type { Database } from '../../store/database.ts';

/** Who is asked for access, where, and from which revision on. */
export interface Asking {
  checks: AccessChecks;
  db: Database;
  organizationId: string;
  /** 0 for any. */
  revision: number;
}

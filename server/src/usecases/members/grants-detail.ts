import type { Holdings } from '@latchkey/core/holdings.ts';

/** Grants as the audit log's details name them. */
export const grantsDetail = (holdings: Holdings): { all_features_access: boolean; permissions: string[] } => ({
  all_features_access: holdings.everything,
  permissions: [...holdings.permissions].sort(),
});

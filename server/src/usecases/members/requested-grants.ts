import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import type { Holdings } from '@latchkey/core/holdings.ts';
import { type Privilege, type PrivilegeChange, permissionsOf, readPrivileges } from '@latchkey/core/privilege.ts';
import { problem } from '@latchkey/core/problem.ts';

export interface RequestedGrants {
  all_features_access: boolean;
  privileges?: Privilege[];
}

/**
 * The privileges a request asks for. With `all_features_access` they say nothing more, so the empty ones that generated
 * clients send along are let pass; a wrong name is still an error.
 * @throws Problem `missing_parameter` where access is neither everything nor chosen
 */
export function readRequestedGrants(catalogue: Catalogue, request: RequestedGrants): PrivilegeChange {
  const privileges = request.privileges ?? [];
  const change = readPrivileges(
    catalogue,
    request.all_features_access
      ? privileges.filter(({ feature, permissions }) => feature !== undefined && permissions !== undefined)
      : privileges,
  );
  if (!request.all_features_access && privileges.length === 0) throw noPrivileges();
  return change;
}

/** What somebody new would hold, who has nothing yet. */
export function newHoldings(request: RequestedGrants, change: PrivilegeChange): Holdings {
  if (request.all_features_access) return { owner: false, everything: true, permissions: new Set() };
  const permissions = permissionsOf(change);
  if (permissions.size === 0) throw noPrivileges();
  return { owner: false, everything: false, permissions };
}

const noPrivileges = () =>
  problem(
    'missing_parameter',
    'privileges',
    'missing',
    'privileges are missing: name at least one permission, or set all_features_access to true',
  );

import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { storedPermissions } from '@latchkey/core/holdings.ts';
import { privilegesOf } from '@latchkey/core/privilege.ts';
import { type KeyRow, listApiKeyRows } from '../../store/keys.ts';
import type { Call, Outcome } from '../call.ts';

/** Every api key of the organization, without its secret. */
export async function listApiKeys({ db, catalogue, actor }: Call): Promise<Outcome<Reply<Api['listApiKeys']>>> {
  const rows = await listApiKeyRows(db, actor.organization.id);
  return {
    body: {
      api_keys: rows.map((row) => ({
        ...shownKey(row),
        all_features_access: row.all_features_access,
        privileges: privilegesOf(catalogue, {
          owner: false,
          everything: row.all_features_access,
          permissions: storedPermissions(catalogue, row.permissions),
        }),
        member:
          row.member_id !== null && row.member_email !== null ? { id: row.member_id, email: row.member_email } : null,
        bound: row.bound,
      })),
    },
  };
}

/** What api keys and partner keys have in common, as the API shows it. */
export const shownKey = (row: KeyRow) => ({
  id: row.id,
  name: row.name,
  hint: row.hint,
  expires_at: row.expires_at?.toISOString() ?? null,
  allowed_ips: row.allowed_ips,
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
});

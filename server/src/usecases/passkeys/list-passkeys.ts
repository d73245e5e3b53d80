import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { listPasskeyRows } from '../../store/passkeys.ts';
import type { Outcome, SessionCall } from '../call.ts';

export async function listPasskeys({ db, signedIn }: SessionCall): Promise<Outcome<Reply<Api['listPasskeys']>>> {
  const rows = await listPasskeyRows(db, signedIn.identityId);
  return {
    body: {
      passkeys: rows.map(({ id, name, created_at, last_used_at, backed_up }) => ({
        id,
        name,
        created_at: created_at.toISOString(),
        last_used_at: last_used_at?.toISOString() ?? null,
        backed_up,
      })),
    },
  };
}

import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import type { Call, Outcome } from '../call.ts';
import { anyForbidden, countOf, rowByRow, shownRow } from '../row-by-row.ts';
import { invite, requestedOffer } from './invite-member.ts';

type Operation = Api['inviteMembers'];

/** Makes the same offer to many people: each row as `inviteMember` would, with a result of its own. */
export async function inviteMembers(
  call: Call,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { emails, locale, dry_run: dryRun = false } = body;
  requestedOffer(call, body);
  // Judged again under the lock, for which many at once wait long enough to lose what they would give.
  const rows = await rowByRow(call, { emails, mails: true, dryRun }, (locked, address) =>
    invite(locked, address, requestedOffer(locked, body), { locale, externalId: undefined }),
  );
  const results = rows.map((row) =>
    // Whom a dry run would invite has no id yet.
    shownRow(row, ({ outcome, id }) => ({ outcome, ...(!(dryRun && outcome === 'invited') && { id }) })),
  );
  return {
    body: {
      dry_run: dryRun,
      invited: countOf(results, 'invited'),
      unchanged: countOf(results, 'unchanged'),
      refused: countOf(results, 'refused'),
      results,
    },
    refused: !dryRun && anyForbidden(rows),
  };
}

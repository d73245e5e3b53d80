import { requireCeiling } from '@latchkey/core/actor.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { gained } from '@latchkey/core/holdings.ts';
import { permissionsOf } from '@latchkey/core/privilege.ts';
import { problem } from '@latchkey/core/problem.ts';
import type { Call, Outcome } from '../call.ts';
import { cancelInvitation } from '../invitations/cancel-invitation.ts';
import { resendInvitation } from '../invitations/resend-invitation.ts';
import { anyForbidden, countOf, rowByRow, shownRow } from '../row-by-row.ts';
import type { Change } from './change.ts';
import { revoke } from './revoke-member.ts';
import {
  type ChangedGrants,
  type GrantsChange,
  readGrantsChange,
  updateGrantsOf,
} from './update-member-permissions.ts';

type Operation = Api['changeMembers'];

/** Does the same to many members: each row as the operation for one would, with a result of its own. */
export async function changeMembers(
  call: Call,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { emails, action, dry_run: dryRun = false } = body;
  const change = readAction(call, body);
  const rows = await rowByRow(call, { emails, mails: action === 'resend', dryRun }, change);
  const results = rows.map((row) =>
    shownRow(row, (done) => ({ outcome: done.outcome, ...difference(call.catalogue, done) })),
  );
  const revisions = rows.flatMap((row) => ('done' in row ? (row.done.revision ?? []) : []));
  return {
    body: {
      dry_run: dryRun,
      done: countOf(results, 'done'),
      unchanged: countOf(results, 'unchanged'),
      refused: countOf(results, 'refused'),
      results,
    },
    refused: !dryRun && anyForbidden(rows),
    ...(!dryRun && revisions.length > 0 && { revision: Math.max(...revisions) }),
  };
}

type Action = (call: Call, address: string) => Promise<Change | ChangedGrants>;

const actions: Record<'resend' | 'cancel' | 'revoke', Action> = {
  resend: resendInvitation,
  cancel: cancelInvitation,
  revoke,
};

/** @throws Problem for what is wrong with it, whoever it is for */
function readAction(call: Call, { action, all_features_access, privileges }: Body<Operation>): Action {
  if (action !== 'update') {
    for (const [name, value] of Object.entries({ all_features_access, privileges }))
      if (value !== undefined)
        throw problem(
          'invalid_parameter',
          name,
          'unexpected',
          `${name} belongs to the action update, not to ${action}.`,
        );
    return actions[action];
  }
  if (all_features_access === undefined)
    throw problem('missing_parameter', 'all_features_access', 'missing', 'all_features_access is missing');
  const asked = readGrantsChange(call, { all_features_access, ...(privileges && { privileges }) });
  requireCeiling(call.actor, offered(asked), 'privileges');
  return (locked, address) => updateGrantsOf(locked, address, asked);
}

/** What the change gives to whoever has nothing. */
const offered = ({ everything, change }: GrantsChange) => ({
  owner: false,
  everything,
  permissions: everything ? new Set<never>() : permissionsOf(change),
});

function difference(catalogue: Catalogue, done: Change | ChangedGrants): { gains?: string[]; loses?: string[] } {
  if (!('before' in done)) return {};
  const { before, after } = done;
  return { gains: gained(catalogue, before, after), loses: gained(catalogue, after, before) };
}

import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { requireAnotherOwner } from '@latchkey/core/ownership.ts';
import { removeMember } from '../../store/members.ts';
import { countOtherActiveOwners, recordAccessChange } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { underLock } from '../under-lock.ts';
import { memberBehind } from './member-behind.ts';

type Operation = Api['leaveOrganization'];

/** The member behind the key leaves; the last active owner cannot. */
export function leaveOrganization(call: Call): Promise<Outcome<Reply<Operation>>> {
  return underLock(call, async (locked) => {
    const { actor, db } = locked;
    const member = memberBehind(actor);
    if (member.isOwner) requireAnotherOwner(await countOtherActiveOwners(db, actor.organization.id, member.id));

    await removeMember(db, actor.organization.id, member.id, 'left', actor.id);
    await record(locked, {
      action: 'member.left',
      target: { kind: 'member', id: member.id, email: member.email },
      details: { was_owner: member.isOwner },
    });
    return {
      body: { status: 'OK', email: member.email },
      revision: await recordAccessChange(db, actor.organization.id, { memberId: member.id }),
    };
  });
}

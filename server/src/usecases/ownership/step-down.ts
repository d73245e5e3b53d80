import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { requireAnotherOwner } from '@latchkey/core/ownership.ts';
import { problem } from '@latchkey/core/problem.ts';
import { updateOwnership } from '../../store/members.ts';
import { countOtherActiveOwners, recordAccessChange } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { underLock } from '../under-lock.ts';
import { memberBehind } from './member-behind.ts';

type Operation = Api['stepDown'];

/** The owner behind the key becomes an ordinary member with the permissions they were given. */
export function stepDown(call: Call): Promise<Outcome<Reply<Operation>>> {
  return underLock(call, async (locked) => {
    const { actor, db } = locked;
    const member = memberBehind(actor);
    if (!member.isOwner)
      throw problem(
        'invalid_parameter',
        'owner',
        'not_an_owner',
        'The member to whom this key belongs is not an owner.',
      );
    requireAnotherOwner(await countOtherActiveOwners(db, actor.organization.id, member.id));

    await updateOwnership(db, actor.organization.id, member.id, false);
    await record(locked, {
      action: 'ownership.stepped_down',
      target: { kind: 'member', id: member.id, email: member.email },
    });
    return {
      body: { status: 'OK', email: member.email },
      revision: await recordAccessChange(db, actor.organization.id, { memberId: member.id }),
    };
  });
}

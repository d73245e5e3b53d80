import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { memberNotFound } from '@latchkey/core/member.ts';
import { notAnActiveMember, timeLimitedMember } from '@latchkey/core/ownership.ts';
import { findMember, updateOwnership } from '../../store/members.ts';
import { accessRevision, recordAccessChange } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { underLock } from '../under-lock.ts';

type Operation = Api['giveOwnership'];

/** Makes an active member one of the owners. Somebody who is one already stays one. */
export function giveOwnership(call: Call, { body }: { body: Body<Operation> }): Promise<Outcome<Reply<Operation>>> {
  const email = canonicalEmail(body.email);
  const reply: Reply<Operation> = { status: 'OK', email: body.email };
  return underLock(call, async (locked) => {
    const { actor, catalogue, db } = locked;
    const organizationId = actor.organization.id;
    const member = await findMember(db, catalogue, organizationId, email);
    if (!member) throw memberNotFound();
    if (member.status !== 'active' || member.barred) throw notAnActiveMember();
    if (member.holdings.owner) return { body: reply, revision: await accessRevision(db, organizationId) };
    if (member.accessExpiresAt !== null) throw timeLimitedMember();

    await updateOwnership(db, organizationId, member.id, true);
    await record(locked, { action: 'ownership.given', target: { kind: 'member', id: member.id, email } });
    return { body: reply, revision: await recordAccessChange(db, organizationId, { memberId: member.id }) };
  });
}

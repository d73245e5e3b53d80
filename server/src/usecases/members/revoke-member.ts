import { requireCeiling } from '@latchkey/core/actor.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Params, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { requireRevocable } from '@latchkey/core/invitation.ts';
import { findMember, removeMember, wasJustRemoved } from '../../store/members.ts';
import { accessRevision, recordAccessChange } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { underLock } from '../under-lock.ts';
import type { Change } from './change.ts';
import { grantsDetail } from './grants-detail.ts';

type Operation = Api['revokeMember'];

/** Removes any member but an owner, joined or not. Repeated by the same credential within 10 minutes it answers the same again. */
export async function revokeMember(
  call: Call,
  { params }: { params: Params<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { outcome, ...revision } = await revoke(call, params.email);
  return { body: { status: 'OK', email: params.email }, ...revision };
}

export async function revoke(call: Call, address: string): Promise<Change> {
  const email = canonicalEmail(address);
  return underLock(call, async (locked) => {
    const { actor, catalogue, db } = locked;
    const organizationId = actor.organization.id;
    const member = await findMember(db, catalogue, organizationId, email);
    if (!member && (await wasJustRemoved(db, organizationId, email, 'revoked', actor.id)))
      return { outcome: 'unchanged', revision: await accessRevision(db, organizationId) };
    requireRevocable(member);
    requireCeiling(actor, member.holdings, 'email');

    await removeMember(db, organizationId, member.id, 'revoked', actor.id);
    await record(locked, {
      action: 'member.revoked',
      target: { kind: 'member', id: member.id, email },
      details: { was: member.status, ...grantsDetail(member.holdings) },
    });
    if (member.status !== 'active') return { outcome: 'done' };
    return { outcome: 'done', revision: await recordAccessChange(db, organizationId, { memberId: member.id }) };
  });
}

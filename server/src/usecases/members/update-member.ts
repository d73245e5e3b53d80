import { requireCeiling } from '@latchkey/core/actor.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Headers, Params, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import {
  type Member,
  type MemberFields,
  memberNotFound,
  ownerProtected,
  requireNoAddress,
  requireNoLonger,
} from '@latchkey/core/member.ts';
import { problem } from '@latchkey/core/problem.ts';
import { findMember, isInTheFuture, updateMemberFields } from '../../store/members.ts';
import { accessRevision } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { underLock } from '../under-lock.ts';
import { memberFields } from './member-fields.ts';
import { requireNobodysId } from './require-nobodys-id.ts';
import { requireVersion } from './update-member-permissions.ts';

type Operation = Api['updateMember'];

/** Suspends a member, limits their time, or gives them the product's own id; joined or not. */
export async function updateMember(
  call: Call,
  { params, body, headers }: { params: Params<Operation>; body: Body<Operation>; headers: Headers<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const email = canonicalEmail(params.email);
  const change = readChange(body);

  return underLock(call, async (locked) => {
    const { actor, catalogue, db } = locked;
    const organizationId = actor.organization.id;
    const member = await findMember(db, catalogue, organizationId, email);
    if (!member) throw memberNotFound();
    if (member.holdings.owner && takesAccess(change)) throw ownerProtected();
    requireVersion(member, headers['if-match']);
    requireCeiling(actor, member.holdings, 'email');
    await requireNobodysId(locked, change.externalId, member.id);
    const fields: MemberFields = { ...member, ...change };
    const changed = changedNames(member, fields);
    if (changed.includes('access_expires_at')) {
      if (actor.member?.id === member.id) requireNoLonger(member.accessExpiresAt, fields.accessExpiresAt);
      await requireFuture(locked, fields.accessExpiresAt);
    }
    if (changed.length === 0) return outcome(locked, member);

    await updateMemberFields(db, organizationId, member.id, fields);
    await record(locked, {
      action: 'member.updated',
      target: { kind: 'member', id: member.id, email },
      details: { changed, before: limits(member), after: limits(fields) },
    });
    return outcome(locked, { ...member, ...fields, version: member.version + 1 });
  });
}

/** What is named, and nothing else. */
function readChange({ external_id, suspended, access_expires_at }: Body<Operation>): Partial<MemberFields> {
  if (external_id === undefined && suspended === undefined && access_expires_at === undefined)
    throw problem(
      'missing_parameter',
      'body',
      'missing',
      'Nothing to change: name at least one of external_id, suspended and access_expires_at.',
    );
  if (typeof external_id === 'string') requireNoAddress(external_id);
  return {
    ...(external_id !== undefined && { externalId: external_id }),
    ...(suspended !== undefined && { suspended }),
    ...(access_expires_at !== undefined && { accessExpiresAt: readMoment(access_expires_at) }),
  };
}

function readMoment(written: string | null): Date | null {
  if (written === null) return null;
  const moment = new Date(written);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw problem(
    'invalid_parameter',
    'access_expires_at',
    'invalid_date',
    'access_expires_at is a moment with its zone, as in 2030-01-31T00:00:00Z, or null.',
  );
}

const takesAccess = (change: Partial<MemberFields>): boolean =>
  change.suspended !== undefined || change.accessExpiresAt !== undefined;

/** In the words of the wire. */
function changedNames(before: MemberFields, after: MemberFields): string[] {
  const [was, is] = [memberFields(before), memberFields(after)];
  return (Object.keys(is) as (keyof typeof is)[]).filter((name) => was[name] !== is[name]);
}

/** For the audit log, whose details hold nothing about a person: the product's id would be. */
function limits(fields: MemberFields): object {
  const { suspended, access_expires_at } = memberFields(fields);
  return { suspended, access_expires_at };
}

async function requireFuture({ db }: Call, moment: Date | null): Promise<void> {
  if (moment === null || (await isInTheFuture(db, moment))) return;
  throw problem(
    'out_of_range',
    'access_expires_at',
    'not_in_the_future',
    'access_expires_at is a moment in the future; to end access now, suspend the member or revoke them.',
  );
}

async function outcome({ db, actor }: Call, member: Member): Promise<Outcome<Reply<Operation>>> {
  const { id, email, version } = member;
  return {
    body: { status: 'OK', id, email, ...memberFields(member), version },
    version,
    // The database counts a change of somebody who has joined.
    ...(member.status === 'active' && { revision: await accessRevision(db, actor.organization.id) }),
  };
}

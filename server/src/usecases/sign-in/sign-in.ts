import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { requireOpenLink, signInLinkState, unknownSignInLink } from '@latchkey/core/sign-in-link.ts';
import { bindMember, establishIdentity, findIdentity, type Identity } from '../../store/identities.ts';
import { findMemberById } from '../../store/members.ts';
import { lockSignInLink, markSignInLinkUsed, type SignInLink } from '../../store/sign-in-links.ts';
import type { Outcome, PublicCall } from '../call.ts';
import { startSession } from './start-session.ts';

type Operation = Api['signIn'];

/** Uses a link up and begins a session: of many at once exactly one does it. */
export function signIn(call: PublicCall, { body }: { body: Body<Operation> }): Promise<Outcome<Reply<Operation>>> {
  const id = call.signIn.read(body.token);
  if (id === undefined) throw unknownSignInLink();
  return call.db.transaction(async (db) => {
    const locked = { ...call, db };
    const link = await lockSignInLink(db, id);
    const identity = link && (await identityBehind(locked, link));
    if (!link || !identity) throw unknownSignInLink();
    requireOpenLink(signInLinkState(link));

    await markSignInLinkUsed(db, id);
    const session = await startSession(locked, identity, link.purpose === 'mailed' ? 'mailed_link' : 'operator_link');
    return {
      body: { status: 'OK', email: identity.email, expires_at: session.expiresAt.toISOString() },
      session,
    };
  });
}

/** Whom a link signs in. The operator's word binds the member whom it names to the identity of their address. */
async function identityBehind(call: PublicCall, link: SignInLink): Promise<Identity | undefined> {
  if (link.purpose === 'mailed') return link.identity_id === null ? undefined : findIdentity(call.db, link.identity_id);
  const { organization_id: organizationId, member_id: memberId } = link;
  if (organizationId === null || memberId === null) return undefined;
  const member = await findMemberById(call.db, call.catalogue, organizationId, memberId);
  if (member?.status !== 'active') return undefined;
  const identity = await establishIdentity(call.db, { id: call.newId(), email: member.email });
  return (await bindMember(call.db, organizationId, memberId, identity.id)) ? identity : undefined;
}

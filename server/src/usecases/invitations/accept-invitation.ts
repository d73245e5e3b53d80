import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { deadLink, requireEntitledGrantor, requireSeat } from '@latchkey/core/invitation.ts';
import { planOf } from '@latchkey/core/plan.ts';
import { bindMember, establishIdentity, type Identity } from '../../store/identities.ts';
import { markAnswered } from '../../store/invitations.ts';
import { updateStatus } from '../../store/members.ts';
import { accessRevision, recordAccessChange } from '../../store/organizations.ts';
import { countActiveMembers } from '../../store/seats.ts';
import { holdSession } from '../../store/sessions.ts';
import { type Outcome, type PublicCall, recordAnswer } from '../call.ts';
import { startSession } from '../sign-in/start-session.ts';
import { grantorHoldings } from './grantor.ts';
import { answerUnderLock, type LinkedInvitation, linkedInvitation } from './linked-invitation.ts';
import { SignedInAsAnother } from './signed-in-as-another.ts';

type Operation = Api['acceptInvitation'];

/**
 * Makes the pending member active: the one place where anybody joins. Of many at once exactly one does it, and the others
 * get the same answer. Whoever invited must still be entitled to; a seat is taken here, counted under the lock.
 *
 * A mailed link proves the mailbox: it binds the member to the identity of that address, and signs its holder in where a
 * page of ours asks for that, with the acceptance itself and never again. A revealed link does neither.
 */
export async function acceptInvitation(
  call: PublicCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  await requireOwnBrowser(call, body.token);
  return answerUnderLock(call, body.token, async (locked, linked, organization) => {
    const { catalogue, db } = locked;
    const { link, invitation, state } = linked;
    const { member } = invitation;
    const reply: Reply<Operation> = {
      status: 'OK',
      state: 'joined',
      email: member.email,
      organization: { name: organization.name },
      redirect_url: organization.redirectUrl,
      signed_in: false,
    };
    if (state === 'joined') return { body: reply, revision: await accessRevision(db, organization.id) };
    if (state !== 'pending') throw deadLink(state);

    requireEntitledGrantor(
      catalogue,
      await grantorHoldings(db, catalogue, organization, invitation.grantor),
      member.holdings,
    );
    const { seats } = planOf(catalogue, organization);
    if (seats !== null) requireSeat(seats, await countActiveMembers(db, organization.id, seats));

    await updateStatus(db, organization.id, member.id, 'active');
    await markAnswered(db, organization.id, invitation.id);
    const revision = await recordAccessChange(db, organization.id, { memberId: member.id });
    await recordAnswer(locked, organization.id, member, {
      action: 'invitation.accepted',
      target: { kind: 'member', id: member.id, email: member.email },
      details: { link: link.purpose },
    });
    const { identity, signedIn } = await bindToIdentity(locked, linked);
    const signedInNow = { body: { ...reply, signed_in: true }, repeated: reply, revision };
    // Whoever is signed in already, as this very person, goes on in the session they have.
    if (signedIn) return signedInNow;
    if (!identity || !body.sign_in || !call.page) return { body: reply, revision };
    return { ...signedInNow, session: await startSession(locked, identity, 'invitation') };
  });
}

/**
 * A browser in which somebody else is signed in does not answer for them: nothing is bound to the wrong person, and whose
 * session it is stays plain (threat T3). The attempt is written down.
 * @throws SignedInAsAnother
 */
async function requireOwnBrowser(call: PublicCall, token: string): Promise<void> {
  const signedIn = call.page?.signedIn;
  if (!signedIn) return;
  const { invitation } = await linkedInvitation(call, token);
  const { member, organization } = invitation;
  if (signedIn.email === member.email) return;
  throw new SignedInAsAnother(signedIn.email, {
    id: member.id,
    email: member.email,
    organizationId: organization.id,
  });
}

/**
 * Binds the member to whoever has joined: proven by the mailed link, or by being signed in with the very address already. A
 * session that has ended since it was read proves nothing; one that is ended now waits for what is written here.
 * @returns the identity that the link proves, and whether they are signed in still
 */
async function bindToIdentity(
  call: PublicCall,
  { link, invitation }: LinkedInvitation,
): Promise<{ identity: Identity | undefined; signedIn: boolean }> {
  const { member, organization } = invitation;
  const session = call.page?.signedIn;
  const mailed = link.purpose === 'mailed';
  if (!mailed && !session) return { identity: undefined, signedIn: false };
  // The identity before its session: whoever ends sessions by removing a member takes them in this order.
  const identity = await establishIdentity(call.db, { id: call.newId(), email: member.email });
  const signedIn = session !== undefined && (await holdSession(call.db, session.identityId, session.sessionId));
  if (mailed || signedIn) await bindMember(call.db, organization.id, member.id, identity.id);
  return { identity: mailed ? identity : undefined, signedIn };
}

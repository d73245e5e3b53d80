import { type LinkState, linkState, unknownLink } from '@latchkey/core/invitation.ts';
import type { InvitationLink } from '@latchkey/core/invitation-link.ts';
import type { Organization } from '@latchkey/core/organization.ts';
import { findInvitation, type InvitationRecord } from '../../store/invitations.ts';
import { lockOrganization } from '../../store/organizations.ts';
import type { PublicCall } from '../call.ts';

export interface LinkedInvitation {
  link: InvitationLink;
  invitation: InvitationRecord;
  state: LinkState;
}

/** The invitation a token leads to. @throws Problem `document_not_found`, reason `invitation_unknown`, for any other token */
export async function linkedInvitation(call: PublicCall, token: string): Promise<LinkedInvitation> {
  const link = call.links.read(token);
  const invitation = link && (await findInvitation(call.db, call.catalogue, link.organizationId, link.invitationId));
  if (!link || !invitation) throw unknownLink();
  return {
    link,
    invitation,
    state: linkState(invitation, invitation.removed ? 'removed' : invitation.member.status, link.generation),
  };
}

/** Runs an answer to an invitation in one transaction, under the organization's lock. */
export function answerUnderLock<T>(
  call: PublicCall,
  token: string,
  answer: (call: PublicCall, linked: LinkedInvitation, organization: Organization) => Promise<T>,
): Promise<T> {
  const link = call.links.read(token);
  if (!link) throw unknownLink();
  return call.db.transaction(async (db) => {
    const locked = { ...call, db };
    const organization = await lockOrganization(db, link.organizationId);
    if (!organization) throw unknownLink();
    return answer(locked, await linkedInvitation(locked, token), organization);
  });
}

import { canonicalEmail } from '@latchkey/core/email.ts';
import { OperatorError } from '../../operator-error.ts';
import { findActiveMembersByEmail } from '../../store/identities.ts';
import { insertOperatorLink } from '../../store/sign-in-links.ts';
import type { Foundation, SignInRules } from '../call.ts';

/** An operator hands a link over by other means than mail, which takes longer than opening one's mailbox. */
export const operatorLinkSeconds = 3600;

/**
 * A one-time link by the word of whoever runs the server, for an active member who need not have joined by mail.
 * @param organizationId needed only for somebody who is a member of several organizations and bound in none
 * @throws OperatorError for an address that no active member has
 */
export async function makeOperatorLink(
  { db, newId, signIn }: Pick<Foundation, 'db' | 'newId'> & { signIn: Pick<SignInRules, 'url'> },
  address: string,
  organizationId?: string,
): Promise<string> {
  const email = canonicalEmail(address);
  const members = await findActiveMembersByEmail(db, email);
  const member = members.find(
    ({ organization_id }) => organizationId === undefined || organization_id === organizationId,
  );
  if (!member) throw new OperatorError(`Nobody has joined with the address ${email}.`);
  const id = newId();
  await insertOperatorLink(db, {
    id,
    email,
    locale: member.locale,
    lifetimeSeconds: operatorLinkSeconds,
    organizationId: member.organization_id,
    memberId: member.member_id,
  });
  return signIn.url(id);
}

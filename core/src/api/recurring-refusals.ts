import type { ProblemDetail } from '../problem.ts';

/** One reason as it is answered. */
export function refused(path: string, reason: string, message: string, suggestion?: string): ProblemDetail {
  return { path, reason, message, ...(suggestion !== undefined && { suggestion }) };
}

export const missing = (path: string): ProblemDetail => refused(path, 'missing', `${path} is missing`);

export const mayNotGive = (path: string): ProblemDetail =>
  refused(path, 'grant_ceiling', 'this key does not hold contacts:export');

export const invalidEmail = refused('email', 'invalid_email', 'Invalid email address');
export const unknownMember = refused('email', 'unknown_member', 'No such member in this organization');
export const ownerProtected = refused(
  'email',
  'owner_protected',
  'An owner can only be changed by giving up ownership: step down or leave first.',
);
export const externalIdTaken = refused(
  'external_id',
  'external_id_taken',
  'Another member of this organization has this external_id.',
);
export const looksLikeAnAddress = refused(
  'external_id',
  'looks_like_an_address',
  'external_id is the product’s own id for this person; it has no @, so that it is never taken for an e-mail address.',
);
export const invalidCursor = refused(
  'cursor',
  'invalid_cursor',
  'This is not a cursor of this list in this order; begin again without it.',
);
export const changedMeanwhile = refused(
  'if-match',
  'changed_meanwhile',
  'The member has changed since: it is at version 2 now. Read it again.',
);
export const seatLimit = refused('seats', 'seat_limit', 'The plan has 1 seat, and all are taken.');
export const signInAgain = refused(
  'latchkey-session',
  'sign_in_again',
  'This needs a sign-in of the last hour. Sign in again, then repeat it.',
);
export const mailRate = refused(
  'email',
  'mail_rate',
  'Too many invitations were sent to this address, or by this organization, within an hour; try again in 3600 seconds.',
);
export const mistakenPrivileges = [
  refused('privileges[0].permissions', 'none_with_others', 'none cannot stand beside other permissions of contacts'),
  refused('privileges', 'not_in_plan', 'delete_deals of sales_platform is not in the plan free'),
  refused(
    'privileges[0].permissions[0]',
    'permission_of_another_feature',
    '"dedicated_ips_management" is not a permission of contacts; it belongs to senders_domains_dedicated_ips',
  ),
  refused(
    'privileges[0].feature',
    'unknown_feature',
    'unknown feature: "contact" (did you mean contacts?)',
    'contacts',
  ),
  refused(
    'privileges[0].permissions[0]',
    'unknown_permission',
    'unknown permission of phone: "everything"; it has all',
  ),
];

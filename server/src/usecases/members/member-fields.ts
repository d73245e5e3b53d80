import type { MemberFields } from '@latchkey/core/member.ts';

/** As they are answered, wherever a member is described. */
export const memberFields = ({ externalId, suspended, accessExpiresAt }: MemberFields) => ({
  external_id: externalId,
  suspended,
  access_expires_at: accessExpiresAt?.toISOString() ?? null,
});

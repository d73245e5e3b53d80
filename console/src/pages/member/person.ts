import type { Answer, GetMemberPermissionsReply, Member } from '@latchkey/client';
import { canonicalEmail } from '@latchkey/core/email.ts';
import type { UseQueryResult } from '@tanstack/react-query';
import { useRead } from '../../api.ts';

export type GrantsAnswer = Answer<GetMemberPermissionsReply>;

/** The address as it identifies a person; undefined where it is none. */
export function readEmail(written: string): string | undefined {
  try {
    return canonicalEmail(written);
  } catch {
    return undefined;
  }
}

/** What a member was given, with the version of it. */
export const useGrants = (email: string): UseQueryResult<GrantsAnswer> =>
  useRead(['member', email, 'permissions'], (latchkey, signal) =>
    latchkey.getMemberPermissions({ email }, { signal }).withResponse(),
  );

/** A member as the list has them: whether they are suspended, and what became of their invitation. */
export const useListed = (email: string): UseQueryResult<Member | null> =>
  useRead(['member', email, 'listed'], async (latchkey, signal) => {
    // The list is searched for a part of the address, which others may have in theirs.
    const members = latchkey.members({ search: email, include: 'delivery,invitation', pageSize: 100 }, { signal });
    for await (const member of members) if (member.email === email) return member;
    return null;
  });

/** When they joined, or were invited; only for readers of the audit log, and as long as it remembers. */
export const useSince = (email: string, joined: boolean, enabled: boolean): UseQueryResult<string | null> =>
  useRead(
    ['member', email, 'since', joined],
    async (latchkey, signal) => {
      const action = joined ? 'invitation.accepted' : 'member.invited';
      const { logs } = await latchkey.listActivities({ email, action, outcome: 'done', limit: 1 }, { signal });
      return logs[0]?.date ?? null;
    },
    { enabled },
  );

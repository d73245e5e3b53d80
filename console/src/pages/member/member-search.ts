export const memberTabs = ['permissions', 'access', 'history'] as const;
export type MemberTab = (typeof memberTabs)[number];

/** What the address of this page says besides its path. */
export interface MemberSearch {
  /** The part that is looked at; the permissions where absent. */
  tab?: Exclude<MemberTab, 'permissions'>;
}

/** Takes from an address what this page understands, and passes over the rest. */
export function readMemberSearch({ tab }: Record<string, unknown>): MemberSearch {
  return tab === 'access' || tab === 'history' ? { tab } : {};
}

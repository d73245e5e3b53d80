/** What the address of this page says besides its path. */
export type InviteSearch = Record<never, never>;

/** Takes from an address what this page understands, and passes over the rest. */
export function readInviteSearch(_search: Record<string, unknown>): InviteSearch {
  return {};
}

/** What the address of this page says besides its path. */
export type OrganizationSearch = Record<never, never>;

/** Takes from an address what this page understands, and passes over the rest. */
export function readOrganizationSearch(_search: Record<string, unknown>): OrganizationSearch {
  return {};
}

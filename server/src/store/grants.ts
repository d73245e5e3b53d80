/** What was given directly to the member that `alias` names; other sources of grants will join it here. */
export const grantsOf = (alias: string): string => `coalesce((
  select g.permissions from member_grant g
  where g.organization_id = ${alias}.organization_id and g.member_id = ${alias}.id and g.source = 'direct'), '{}')`;

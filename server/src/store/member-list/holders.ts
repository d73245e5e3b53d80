import type { Database } from '../database.ts';
import type { MemberRow } from '../members.ts';
import type { Page } from './conditions.ts';
import { readAmong } from './read.ts';

/** Those who hold everything and those who were given one of these permissions, each by an index of just them. */
export function readHolders(db: Database, page: Page, permissions: readonly string[]): Promise<MemberRow[]> {
  const others = { ...page, filter: { ...page.filter, permissions: undefined } };
  return readAmong(
    db,
    others,
    ({ range, wanted, order, value, limit }) =>
      `(select m.id, m.email from member m where ${range} and m.all_features_access and ${wanted} order by ${order} limit ${limit})
       union all
       select m.* from (
         select g.member_id from member_grant g where g.organization_id = $1 and g.permissions && ${value(permissions)}::text[] offset 0) g
       cross join lateral (
         select m.id, m.email from member m where m.id = g.member_id and ${range} and not m.all_features_access and ${wanted} limit 1) m`,
  );
}

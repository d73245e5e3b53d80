import type { Api } from '@latchkey/core/api/index.ts';
import type { Query, Reply } from '@latchkey/core/api/operation.ts';
import type { Catalogue, Plan } from '@latchkey/core/catalogue/catalogue.ts';
import { accessByFeature, featureAccess } from '@latchkey/core/member.ts';
import { type PermissionName, permissionName } from '@latchkey/core/permission.ts';
import { planOf } from '@latchkey/core/plan.ts';
import { problem } from '@latchkey/core/problem.ts';
import { nearest } from '@latchkey/core/suggestion.ts';
import { findInvitationFates, type InvitationFate } from '../../store/deliveries.ts';
import {
  listEveryRow,
  listMemberRows,
  listOwnerRows,
  type MemberFilter,
  type MemberPosition,
} from '../../store/member-list.ts';
import { type MemberRow, memberOf } from '../../store/members.ts';
import type { Call, Outcome } from '../call.ts';
import { readCursor, readLimit, writeCursor } from '../cursor.ts';

type Operation = Api['listMembers'];
type ListedMember = Reply<Operation>['users'][number];

const chunk = 1000;

/** A page of members, owners first. */
export async function listMembers(
  call: Call,
  { query }: { query: Query<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const limit = readLimit(query.limit, 100, 1000);
  const sort = query.sort ?? 'created';
  const permissions = wantedPermissions(call, query);
  if (permissions?.length === 0) return { body: { users: [] } };
  const filter: MemberFilter = {
    sort,
    status: query.status,
    search: query.search?.trim().normalize('NFC').toLowerCase().normalize('NFC') || undefined,
    permissions,
  };
  const included = query.include?.split(',') ?? [];
  const present = presenter(
    call.catalogue,
    planOf(call.catalogue, call.actor.organization),
    included.includes('features'),
  );

  const from = query.cursor === undefined ? { owners: true, after: null } : readPosition(sort, query.cursor);
  const read = (position: MemberPosition): Promise<MemberRow[]> =>
    listMemberRows(call.db, call.actor.organization.id, filter, position, limit + 1);
  // Few are owners, so the others are asked for in the same moment; who changes sides in it may be among both.
  const [first, second] = await Promise.all([read(from), from.owners ? read({ owners: false, after: null }) : []]);
  const shown = new Set(first.map(({ id }) => id));
  const rows = [...first, ...second.filter(({ id }) => !shown.has(id))];

  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const users = await withFates(call, page.map(present), included);
  return {
    body: { users, ...(last && { cursor: writeCursor(`members/${sort}`, positionOf(last, sort)) }) },
  };
}

/** What became of their invitations, where that was asked for, in one question for the page. */
async function withFates(
  { db, actor }: Call,
  users: ListedMember[],
  included: readonly string[],
): Promise<ListedMember[]> {
  const wanted = included.includes('delivery') || included.includes('invitation');
  if (!wanted || users.length === 0) return users;
  const ids = users.map(({ id }) => id);
  const fates = new Map((await findInvitationFates(db, actor.organization.id, ids)).map((row) => [row.member_id, row]));
  return users.map((user) => {
    const fate = fates.get(user.id);
    return {
      ...user,
      ...(included.includes('delivery') && { delivery: shownDelivery(fate) }),
      ...(included.includes('invitation') && {
        invitation: fate && user.status !== 'active' ? { expires_at: fate.expires_at.toISOString() } : null,
      }),
    };
  });
}

function shownDelivery(fate: InvitationFate | undefined): NonNullable<ListedMember['delivery']> | null {
  if (!fate?.state) return null;
  const { state, reason, created_at, sent_at } = fate;
  return { state, reason, created_at: created_at.toISOString(), sent_at: sent_at?.toISOString() ?? null };
}

/**
 * All members, in chunks: a list of any length takes the memory of one, and a slow reader holds nothing of the
 * database's. Whoever changes sides while it is read is in it once.
 */
export async function* everyMember(call: Call): AsyncGenerator<ListedMember[]> {
  const { db, catalogue, actor } = call;
  const present = presenter(catalogue, planOf(catalogue, actor.organization));
  const owners = await listOwnerRows(db, actor.organization.id);
  const listed = new Set(owners.map(({ id }) => id));
  yield owners.map(present);
  let after: string | null = null;
  for (;;) {
    const rows: MemberRow[] = await listEveryRow(db, actor.organization.id, after, chunk);
    yield rows.filter(({ id }) => !listed.has(id)).map(present);
    if (rows.length < chunk) return;
    after = rows.at(-1)?.id ?? null;
  }
}

/** Most members of an organization hold one of a few sets of grants, so a summary is made once for each set. */
function presenter(catalogue: Catalogue, plan: Plan, withFeatures = false): (row: MemberRow) => ListedMember {
  const summaries = new Map<string, Pick<ListedMember, 'feature_access' | 'features'>>();
  return (row) => {
    const grants = `${row.is_owner}/${row.all_features_access}/${row.permissions.join()}`;
    let summary = summaries.get(grants);
    if (!summary) {
      if (summaries.size >= 1000) summaries.clear();
      const { holdings } = memberOf(catalogue, row);
      summary = {
        feature_access: featureAccess(catalogue, holdings, plan),
        ...(withFeatures && { features: accessByFeature(catalogue, holdings, plan) }),
      };
      summaries.set(grants, summary);
    }
    return {
      id: row.id,
      email: row.email,
      is_owner: row.is_owner,
      status: row.status,
      feature_access: summary.feature_access,
      locale: row.locale,
      external_id: row.external_id,
      suspended: row.suspended,
      access_expires_at: row.access_expires_at?.toISOString() ?? null,
      ...(summary.features && { features: summary.features }),
    };
  };
}

/**
 * Stored names of which whoever is listed holds one; undefined for everybody.
 * @throws Problem `invalid_parameter`, reasons `unknown_permission`, `several_permissions`, `unknown_feature` and `other_feature`
 */
function wantedPermissions(call: Call, { permission, feature }: Query<Operation>): PermissionName[] | undefined {
  const ofFeature = feature === undefined ? undefined : permissionsOfFeature(call, feature);
  if (permission === undefined) return ofFeature?.flatMap((name) => namesThatGive(call, name));
  const names = namesThatGive(call, permission);
  const meant = call.catalogue.aliases.get(permission as PermissionName) ?? [permission];
  if (ofFeature && !ofFeature.some((name) => meant.includes(name)))
    throw problem('invalid_parameter', 'permission', 'other_feature', `${permission} is no permission of ${feature}.`);
  return names;
}

function permissionsOfFeature({ catalogue }: Call, name: string): PermissionName[] {
  const feature = catalogue.features.get(name);
  if (feature) return [...feature.permissions.keys()].map((permission) => permissionName(name, permission));
  throw problem(
    'invalid_parameter',
    'feature',
    'unknown_feature',
    'feature is one of the catalogue, as in contacts',
    nearest(name, catalogue.features.keys()),
  );
}

/** Stored names that come to this permission, older ones among them; none where the plan does not have it. */
function namesThatGive({ catalogue, actor }: Call, name: string): PermissionName[] {
  const wanted = catalogue.aliases.get(name as PermissionName) ?? [name as PermissionName];
  const [permission] = wanted;
  if (wanted.length > 1) {
    throw problem(
      'invalid_parameter',
      'permission',
      'several_permissions',
      `${name} stands for ${wanted.join(', ')}; filter by one of them`,
    );
  }
  if (permission === undefined || !catalogue.permissions.has(permission)) {
    const known = [...catalogue.permissions];
    throw problem(
      'invalid_parameter',
      'permission',
      'unknown_permission',
      'permission is one of the catalogue, as in contacts:export',
      nearest(name, known),
    );
  }
  const inPlan =
    planOf(catalogue, actor.organization).permissions.has(permission) ||
    Object.values(catalogue.administration).includes(permission);
  if (!inPlan) return [];
  return [
    permission,
    ...[...catalogue.aliases].filter(([, targets]) => targets.includes(permission)).map(([alias]) => alias),
  ];
}

const positionOf = (row: MemberRow, sort: MemberFilter['sort']): string[] => [
  row.is_owner ? 'owners' : 'others',
  sort.endsWith('email') ? row.email : row.id,
];

function readPosition(sort: MemberFilter['sort'], cursor: string): MemberPosition {
  const [group, after = ''] = readCursor(`members/${sort}`, 2, cursor);
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(after);
  if (sort.endsWith('email') ? after === '' : !isId)
    throw problem(
      'invalid_parameter',
      'cursor',
      'invalid_cursor',
      'This is not a cursor of this list; begin again without it.',
    );
  return { owners: group === 'owners', after };
}

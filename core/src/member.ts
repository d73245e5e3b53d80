import Type from 'typebox';
import type { Catalogue, Plan } from './catalogue/catalogue.ts';
import { type Holdings, nothing } from './holdings.ts';
import { permissionName } from './permission.ts';
import { effectivePermissions } from './plan.ts';
import { type Problem, problem } from './problem.ts';

export const memberStatuses = ['pending', 'active', 'declined', 'expired'] as const;
export const MemberStatus = Type.Enum([...memberStatuses]);
export type MemberStatus = (typeof memberStatuses)[number];

/** A person in an organization, as the rules see one. `expired` is `pending` past its time, by the database's clock. */
export interface Member {
  id: string;
  email: string;
  status: MemberStatus;
  holdings: Holdings;
  locale: string;
  version: number;
  /** The product's own id for this person: exact, and held by one member of an organization at a time. */
  externalId: string | null;
  suspended: boolean;
  accessExpiresAt: Date | null;
  /** Suspended, or past a time limit: holds nothing for now, and cannot be the last owner. */
  barred: boolean;
}

/** What is changed of a member besides what they were given. */
export type MemberFields = Pick<Member, 'externalId' | 'suspended' | 'accessExpiresAt'>;

/** What a member's word counts for now: all their grants while active and not barred, nothing otherwise. */
export const authorityOf = (member: Pick<Member, 'status' | 'holdings' | 'barred'>): Holdings =>
  member.status === 'active' && !member.barred ? member.holdings : nothing;

export type AreaAccess = 'owner' | 'full' | 'custom' | 'none';

/** The list's summary (wire.md §4): for each area what a member may do in it in the end. */
export function featureAccess(catalogue: Catalogue, holdings: Holdings, plan: Plan): Record<string, AreaAccess> {
  if (holdings.owner) return Object.fromEntries([...catalogue.areas.keys()].map((area) => [area, 'owner']));
  const held = effectivePermissions(catalogue, holdings, plan);
  const summary = new Map<string, AreaAccess>();
  for (const area of catalogue.areas.keys()) {
    const features = [...catalogue.features.values()].filter((feature) => feature.area === area);
    const names = features.flatMap((feature) =>
      [...feature.permissions.keys()].map((permission) => ({
        feature,
        name: permissionName(feature.name, permission),
      })),
    );
    const needed = names.filter(({ feature, name }) => !feature.deprecated && plan.permissions.has(name));
    const some = names.some(({ name }) => held.has(name));
    const full =
      needed.length > 0 ? needed.every(({ name }) => held.has(name)) : holdings.everything && features.length === 0;
    summary.set(area, full ? 'full' : some ? 'custom' : 'none');
  }
  return Object.fromEntries(summary);
}

/** For each feature of which somebody may do anything in the end, in the catalogue's order: all that the plan has of it, or some. */
export function accessByFeature(
  catalogue: Catalogue,
  holdings: Holdings,
  plan: Plan,
): Record<string, Exclude<AreaAccess, 'none'>> {
  const held = effectivePermissions(catalogue, holdings, plan);
  const most = effectivePermissions(catalogue, { ...nothing, everything: true }, plan);
  const levels = new Map<string, Exclude<AreaAccess, 'none'>>();
  for (const { name, permissions } of catalogue.features.values()) {
    const available = [...permissions.keys()]
      .map((permission) => permissionName(name, permission))
      .filter((one) => most.has(one));
    if (!available.some((one) => held.has(one))) continue;
    levels.set(name, holdings.owner ? 'owner' : available.every((one) => held.has(one)) ? 'full' : 'custom');
  }
  return Object.fromEntries(levels);
}

/** the refusal for whoever touches an owner by the ordinary operations */
export const ownerProtected = (): Problem =>
  problem(
    'permission_denied',
    'email',
    'owner_protected',
    'An owner can only be changed by giving up ownership: step down or leave first.',
  );

export const memberNotFound = (): Problem =>
  problem('document_not_found', 'email', 'unknown_member', 'No such member in this organization');

/**
 * E-mail addresses name members already, so nothing else that names one may look like one.
 * @throws Problem `invalid_parameter`, reason `looks_like_an_address`
 */
export function requireNoAddress(externalId: string): void {
  if (!externalId.includes('@')) return;
  throw problem(
    'invalid_parameter',
    'external_id',
    'looks_like_an_address',
    'external_id is the product’s own id for this person; it has no @, so that it is never taken for an e-mail address.',
  );
}

export const externalIdTaken = (): Problem =>
  problem(
    'duplicate_parameter',
    'external_id',
    'external_id_taken',
    'Another member of this organization has this external_id.',
  );

/**
 * Nobody gives themselves more time than they were given; somebody else may.
 * @throws Problem `permission_denied`, reason `own_limit`
 */
export function requireNoLonger(held: Date | null, wanted: Date | null): void {
  const longer = held !== null && (wanted === null || wanted > held);
  if (!longer) return;
  throw problem(
    'permission_denied',
    'access_expires_at',
    'own_limit',
    'Nobody lengthens their own access: somebody else who may manage members does.',
  );
}

import { beyond, type Holdings } from './holdings.ts';
import type { Organization } from './organization.ts';
import { Problem } from './problem.ts';

/** When and from where a credential may be used. Its own limits bind the keys that it makes too. */
export interface KeyLimits {
  expiresAt: Date | null;
  /** Addresses and CIDR ranges; none for anywhere. */
  allowedIps: readonly string[];
}

/**
 * Whoever acts, known by credential alone. `holdings` is what the credential may use and give in `organization`.
 */
export interface Actor {
  kind: 'api_key' | 'partner_key' | 'member';
  /** The credential's id; rotation keeps it. Of a person who is signed in, the member's. */
  id: string;
  /** The credential's name, for the audit log. */
  name: string;
  holdings: Holdings;
  limits: KeyLimits;
  /** Acts within what its member holds now, rather than standing by itself. */
  bound: boolean;
  /** The active member to whom the key belongs. The key may act as them where it holds all that they hold (`actsInFull`). */
  member: { id: string; email: string; isOwner: boolean; actsInFull: boolean } | undefined;
  partnerId: string | undefined;
  /** The session in which a member acts. */
  sessionId: string | undefined;
  organization: Organization;
}

/**
 * The grant ceiling: nobody gives, or takes from, more than they hold.
 * @throws Problem `permission_denied`, reason `grant_ceiling`
 */
export function requireCeiling(actor: Pick<Actor, 'kind' | 'holdings'>, given: Holdings, path: string): void {
  const excess = beyond(actor.holdings, given);
  if (excess.length === 0) return;
  throw new Problem(
    'permission_denied',
    `Nobody gives, or takes from, more than they hold: ${whose(actor)} lacks ${excess.slice(0, 5).join(', ')}${excess.length > 5 ? ', …' : ''}`,
    excess
      .slice(0, 20)
      .map((name) => ({ path, reason: 'grant_ceiling', message: `${whose(actor)} does not hold ${name}` })),
  );
}

const whose = ({ kind }: Pick<Actor, 'kind'>): string => (kind === 'member' ? 'whoever is signed in' : 'this key');

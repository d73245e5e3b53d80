import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '@latchkey/core/actor.ts';
import type { AccessFeed } from '../access/feed.ts';
import { type Authentication, presentedKey, requireAddress } from './authenticate.ts';

export interface KnownKey {
  actor: Actor;
  /** Until when it may be relied on at most, in milliseconds since 1970 by the database's clock. */
  until: number;
}

const keysAtMost = 10_000;
/** Stands among changed organizations for all of them. */
const everywhere = '*';

/**
 * The api keys that ask for access, kept while nothing changes in their organization, so that a check need not ask the
 * database who asks. Like everything that checks are answered by, they count only while the feed is current.
 */
export class KnownKeys {
  readonly #feed: AccessFeed;
  readonly #authentication: Authentication;
  readonly #keys = new Map<string, KnownKey>();
  readonly #secretsOf = new Map<string, Set<string>>();
  /** What changed since each look-up that is under way began. */
  readonly #underWay = new Set<Set<string>>();

  constructor(feed: AccessFeed, authentication: Authentication) {
    this.#feed = feed;
    this.#authentication = authentication;
    feed.onRestart(() => {
      for (const changed of this.#underWay) changed.add(everywhere);
      this.#forgetAll();
    });
    feed.onChange((changes) => {
      for (const { organization_id: id } of changes) {
        for (const changed of this.#underWay) changed.add(id);
        for (const secret of this.#secretsOf.get(id) ?? []) this.#keys.delete(secret);
        this.#secretsOf.delete(id);
      }
    });
  }

  /**
   * Who asks, if that is known already.
   * @throws Problem `unauthorized` where the key may not be used from this address
   */
  recall(headers: IncomingHttpHeaders, address: () => string): Actor | undefined {
    const known = this.#knownAs(headers['api-key']) ?? this.#knownAs(presentedKey(headers));
    if (!known || !this.#feed.isCurrent() || this.#feed.now() >= known.until) return undefined;
    const { allowedIps } = known.actor.limits;
    if (allowedIps.length > 0) requireAddress(allowedIps, address());
    return known.actor;
  }

  /**
   * Who asks, read from the database. A partner key or a session acts in the organization that it names, and is always read.
   * @throws Problem `unauthorized`, `permission_denied` or `missing_parameter`; DatabaseUnavailable
   */
  async identify(headers: IncomingHttpHeaders, address: string): Promise<Actor> {
    // A database that does not answer is found out sooner by the feed, which is not patient, and a check cannot do without it.
    await this.#feed.current();
    const changed = new Set<string>();
    this.#underWay.add(changed);
    try {
      const identity = await this.#authentication.identify(headers, address);
      if (identity.kind !== 'api_key') return this.#authentication.inOrganization(identity, headers);
      const { actor, usableUntil } = identity;
      const secret = presentedKey(headers);
      if (secret !== undefined && !changed.has(actor.organization.id) && !changed.has(everywhere))
        this.#keep(secret, { actor, until: usableUntil?.getTime() ?? Number.POSITIVE_INFINITY });
      return actor;
    } finally {
      this.#underWay.delete(changed);
    }
  }

  /** Most headers are nothing but the secret, which is then found without taking the header apart. */
  #knownAs(secret: string | string[] | undefined): KnownKey | undefined {
    return typeof secret === 'string' ? this.#keys.get(secret) : undefined;
  }

  #keep(secret: string, key: KnownKey): void {
    if (this.#keys.size >= keysAtMost) this.#forgetOldest();
    this.#keys.set(secret, key);
    const organization = key.actor.organization.id;
    this.#secretsOf.set(organization, (this.#secretsOf.get(organization) ?? new Set()).add(secret));
  }

  #forgetOldest(): void {
    for (const [secret, { actor }] of this.#keys) {
      this.#keys.delete(secret);
      this.#secretsOf.get(actor.organization.id)?.delete(secret);
      return;
    }
  }

  #forgetAll(): void {
    this.#keys.clear();
    this.#secretsOf.clear();
  }
}

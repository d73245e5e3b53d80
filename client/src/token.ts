import { type Bitset, decodeBitset } from '@latchkey/core/access/bitset.ts';
import { hasAll } from '@latchkey/core/access/decision.ts';
import { type AccessVocabulary, Vocabulary } from '@latchkey/core/access/vocabulary.ts';
import { LatchkeyError } from './error.ts';

export interface TokenSettings {
  /** Who must have signed: the server's PUBLIC_URL. Its keys are fetched from there. */
  issuer: string;
  /** For whom the tokens must be: the `audience` they were issued with. */
  audience: string;
  /**
   * The only organization whose tokens count, by its id. Where absent, every organization of the installation can have tokens
   * issued for this audience, about its own members: look at the token's `organizationId` before using it.
   */
  organization?: string | undefined;
  /** Another `fetch` than the one that is everywhere. */
  fetch?: ((url: string) => Promise<Response>) | undefined;
  /** Milliseconds since 1970; the platform's clock where absent. */
  now?: (() => number) | undefined;
}

interface Claims {
  iss: string;
  aud: string;
  sub: string;
  org: string;
  ext?: string;
  rev: number;
  voc: string;
  acc: string;
  iat: number;
  exp: number;
}

interface KeySet {
  keys: (JsonWebKey & { kid: string })[];
}

const longestFetch = 10_000;
/** How long a key set is kept, and how soon an unknown key may make it be fetched again, in milliseconds. */
const keysLast = 3_600_000;
const fetchAgainAfter = 10_000;
/** Clocks differ; a token that is issued a little in the future is no forgery. Its end is taken strictly. */
const skewSeconds = 10;

/**
 * Verifies access tokens without asking the server, but for its public keys and its vocabulary now and then. A token cannot
 * be taken back before it ends: where that matters use a replica, or insist on a revision.
 */
export class AccessTokens {
  readonly #settings: TokenSettings;
  readonly #fetch: (url: string) => Promise<Response>;
  readonly #now: () => number;
  #keys: { byId: Map<string, CryptoKey>; fetchedAt: number } | undefined;
  #fetchingKeys: Promise<KeySet> | undefined;
  #vocabulary: Vocabulary | undefined;

  /** @throws TypeError without an issuer and an audience: a token for somebody else must never be taken */
  constructor(settings: TokenSettings) {
    const { issuer, audience, fetch, now = Date.now } = settings;
    if (typeof issuer !== 'string' || issuer === '')
      throw new TypeError('issuer: the PUBLIC_URL of the Latchkey server');
    if (typeof audience !== 'string' || audience === '')
      throw new TypeError('audience: for whom tokens must be issued');
    this.#settings = { ...settings, issuer: issuer.replace(/\/+$/, '') };
    this.#fetch = fetch ?? ((url) => globalThis.fetch(url, { signal: AbortSignal.timeout(longestFetch) }));
    this.#now = now;
  }

  /**
   * @param required `revision`: refuse what was issued before that change of access
   * @throws LatchkeyError `unauthorized` for whatever is not a valid token; `unreachable` where keys cannot be fetched
   */
  async verify(token: string, required: { revision?: number | undefined } = {}): Promise<AccessToken> {
    const { signed, header, claims, signature } = parse(token);
    if (header.alg !== 'ES256' || header.typ !== 'access+jwt' || typeof header.kid !== 'string')
      throw invalid('not of our kind');
    const key = await this.#keyOf(header.kid);
    const genuine = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, signed);
    if (!genuine) throw invalid('not signed by its issuer');
    requireClaims(claims);
    if (claims.iss !== this.#settings.issuer) throw invalid('of another issuer');
    if (claims.aud !== this.#settings.audience) throw invalid('for another audience');
    if (claims.org !== (this.#settings.organization ?? claims.org)) throw invalid('of another organization');
    if (claims.iat > this.#now() / 1000 + skewSeconds) throw invalid('of the future');
    if (this.#now() >= claims.exp * 1000) throw invalid('no longer valid');
    if (claims.rev < (required.revision ?? 0)) throw invalid('from before the revision');
    const vocabulary = await this.#vocabularyOf(claims.voc);
    return new AccessToken(claims, vocabulary, this.#now);
  }

  async #keyOf(id: string): Promise<CryptoKey> {
    const now = this.#now();
    const known = this.#keys;
    const fresh = known && now - known.fetchedAt < keysLast && now >= known.fetchedAt;
    const key = fresh ? known.byId.get(id) : undefined;
    if (key) return key;
    if (fresh && now - known.fetchedAt < fetchAgainAfter) throw invalid('signed with an unknown key');
    // Whoever needs them while they are on their way takes the same ones.
    this.#fetchingKeys ??= this.#get<KeySet>('/v3/access/jwks').finally(() => {
      this.#fetchingKeys = undefined;
    });
    const { keys } = await this.#fetchingKeys;
    const byId = new Map<string, CryptoKey>();
    for (const jwk of keys) {
      const { kty, crv, x, y } = jwk;
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
      byId.set(
        jwk.kid,
        await crypto.subtle.importKey('jwk', { kty, crv, x, y } as JsonWebKey, algorithm, false, ['verify']),
      );
    }
    this.#keys = { byId, fetchedAt: now };
    const found = byId.get(id);
    if (!found) throw invalid('signed with an unknown key');
    return found;
  }

  async #vocabularyOf(fingerprint: string): Promise<Vocabulary> {
    if (this.#vocabulary?.fingerprint !== fingerprint)
      this.#vocabulary = new Vocabulary(await this.#get<AccessVocabulary>('/v3/access/vocabulary'));
    if (this.#vocabulary.fingerprint !== fingerprint) throw invalid('of another catalogue');
    return this.#vocabulary;
  }

  async #get<T>(path: string): Promise<T> {
    try {
      const response = await this.#fetch(this.#settings.issuer + path);
      if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
      return (await response.json()) as T;
    } catch (cause) {
      const message = `GET ${path}: the issuer cannot be reached.`;
      throw new LatchkeyError({ code: 'unreachable', message, attempts: 1, cause });
    }
  }
}

/** What a verified token says, until it ends. */
export class AccessToken {
  /** The member's id. */
  readonly member: string;
  /** The product's own id for the member. */
  readonly externalId: string | undefined;
  readonly organizationId: string;
  /** The organization's revision when it was issued. */
  readonly revision: number;
  readonly expiresAt: Date;
  readonly #allowed: Bitset;
  readonly #vocabulary: Vocabulary;
  readonly #now: () => number;
  /** On a clock that only goes forward: setting the other one back must not make the token last longer. */
  readonly #end: number;

  /** @internal AccessTokens.verify makes them. */
  constructor(claims: Claims, vocabulary: Vocabulary, now: () => number) {
    this.member = claims.sub;
    this.externalId = claims.ext;
    this.organizationId = claims.org;
    this.revision = claims.rev;
    this.expiresAt = new Date(claims.exp * 1000);
    this.#allowed = decodeBitset(claims.acc, vocabulary.words);
    this.#vocabulary = vocabulary;
    this.#now = now;
    this.#end = performance.now() + this.expiresAt.getTime() - now();
  }

  /** @throws LatchkeyError `stale` once the token has ended */
  can(feature: string, permission: string): boolean {
    if (this.#now() >= this.expiresAt.getTime() || performance.now() >= this.#end)
      throw new LatchkeyError({ code: 'stale', message: 'The access token has ended; have another one issued.' });
    const question = this.#vocabulary.question(feature, permission);
    if (typeof question === 'string') return false;
    return hasAll(this.#allowed, question);
  }
}

function parse(token: string): {
  signed: Uint8Array<ArrayBuffer>;
  header: { alg?: unknown; typ?: unknown; kid?: unknown };
  claims: Claims;
  signature: Uint8Array<ArrayBuffer>;
} {
  const parts = token.split('.');
  const [head = '', body = '', mark = ''] = parts;
  try {
    if (parts.length !== 3 || token.length > 16_384) throw new Error('not three parts');
    return {
      signed: new TextEncoder().encode(`${head}.${body}`),
      header: objectIn(head) as { alg?: unknown },
      claims: objectIn(body) as Claims,
      signature: bytesIn(mark),
    };
  } catch {
    throw invalid('malformed');
  }
}

function objectIn(part: string): unknown {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesIn(part)));
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  return value;
}

function bytesIn(part: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) throw new Error('not base64url');
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function requireClaims(claims: Claims): void {
  const texts = [claims.iss, claims.aud, claims.sub, claims.org, claims.voc, claims.acc, claims.ext ?? ''];
  const numbers = [claims.rev, claims.iat, claims.exp];
  if (texts.every((text) => typeof text === 'string') && numbers.every(Number.isSafeInteger)) return;
  throw invalid('without what it needs');
}

const invalid = (why: string): LatchkeyError =>
  new LatchkeyError({ code: 'unauthorized', message: `The access token is ${why}.` });

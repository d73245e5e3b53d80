import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '@latchkey/core/actor.ts';
import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { hashKeySecret, isWellFormedKeySecret } from '@latchkey/core/key-secret.ts';
import { Problem, problem } from '@latchkey/core/problem.ts';
import { hashSessionSecret } from '@latchkey/core/session-secret.ts';
import { findApiKeysBySecret, findPartnerKeyBySecret, type PartnerKeyCredential } from '../store/credentials.ts';
import type { Database } from '../store/database.ts';
import { grouped } from '../store/grouped.ts';
import { findOrganizationOfPartner } from '../store/organizations.ts';
import { findSessionsBySecret, isMember, type SessionRow } from '../store/sessions.ts';
import type { SignedIn } from '../usecases/call.ts';
import { apiKeyActor, partnerKeyActor, sessionActor } from '../usecases/credential-actor.ts';
import { inRanges, plainAddress } from '../usecases/keys/address-ranges.ts';
import { sessionEnded } from '../usecases/sign-in/session-ended.ts';
import { accessForbidden } from '../usecases/under-lock.ts';
import type { SessionCookie } from './session-cookie.ts';

/** Who asks: an api key, a partner key that has yet to say in which organization, or somebody who is signed in. */
export type Identity =
  | {
      kind: 'api_key';
      actor: Actor;
      /** When the key, its secret or its member's access ends, whichever is first. */
      usableUntil: Date | null;
    }
  | { kind: 'partner_key'; partnerKey: PartnerKeyCredential }
  | {
      kind: 'session';
      signedIn: SignedIn;
      /** The member they are in the organization that the request names; null where it names none, or none of theirs. */
      actor: Actor | null;
    };

export interface Authentication {
  identify(headers: IncomingHttpHeaders, address: string): Promise<Identity>;
  /** Who is signed in where the request comes from; undefined for nobody. Only for pages of ours. */
  signedIn(headers: IncomingHttpHeaders): Promise<SignedIn | undefined>;
  cookie: SessionCookie;
  /** The actor a partner key, or a session, is in the organization that the header `organization-id` names. */
  inOrganization(identity: Exclude<Identity, { kind: 'api_key' }>, headers: IncomingHttpHeaders): Promise<Actor>;
}

/**
 * Reads credentials anew for every request (one question for all that arrive together), so a deleted or weakened key is
 * refused from the next request on. 401 bodies are those of the live wire (wire.md §3).
 */
export function authentication(
  db: Database,
  catalogue: Catalogue,
  { cookie, idleSeconds }: { cookie: SessionCookie; idleSeconds: number },
): Authentication {
  const findApiKey = grouped((hashes: string[]) => findApiKeysBySecret(db, hashes), { atOnce: 2, largest: 1000 });
  const findSession = grouped(
    (asked: { hash: string; organizationId: string | null }[]) => findSessionsBySecret(db, asked, idleSeconds),
    { atOnce: 2, largest: 1000 },
  );
  const sessionOf = async (secret: string, headers: IncomingHttpHeaders) =>
    findSession({
      hash: hashSessionSecret(secret).toString('hex'),
      organizationId: namedOrganization(headers) ?? null,
    });
  return {
    cookie,
    async signedIn(headers) {
      const secret = cookie.secretIn(headers);
      const session = secret === undefined ? undefined : await sessionOf(secret, headers);
      return session && signedInBy(session);
    },

    async identify(headers, address) {
      const apiKey = presentedKey(headers);
      const partnerKey = keyIn(headers['partner-key']);
      if (apiKey !== undefined) {
        const credential = isWellFormedKeySecret(apiKey) ? await findApiKey(digest(apiKey)) : undefined;
        if (!credential) throw unauthorized('Key not found');
        requireUsable(credential, address);
        return { kind: 'api_key', actor: apiKeyActor(catalogue, credential), usableUntil: credential.usable_until };
      }
      const secret = partnerKey === undefined ? cookie.secretIn(headers) : undefined;
      if (secret !== undefined) {
        const session = await sessionOf(secret, headers);
        if (!session) throw sessionEnded();
        const actor = isMember(session) ? sessionActor(catalogue, session) : null;
        return { kind: 'session', signedIn: signedInBy(session), actor };
      }
      if (partnerKey === undefined) throw unauthorized('authentication not found in headers');
      const credential = isWellFormedKeySecret(partnerKey)
        ? await findPartnerKeyBySecret(db, digest(partnerKey))
        : undefined;
      if (!credential) throw unauthorized('Key not found');
      requireUsable(credential, address);
      return { kind: 'partner_key', partnerKey: credential };
    },

    async inOrganization(identity, headers) {
      if ((headers['organization-id'] ?? '').toString().trim() === '') throw organizationMissing(identity.kind);
      if (identity.kind === 'session') {
        if (!identity.actor) throw accessForbidden();
        return identity.actor;
      }
      // The same answer for an organization of others, for none, and for what cannot be an id.
      const { partnerKey } = identity;
      const id = namedOrganization(headers);
      const own = id === undefined ? undefined : await findOrganizationOfPartner(db, partnerKey.partner_id, id);
      if (!own) throw accessForbidden();
      return partnerKeyActor(partnerKey, own.organization, own.hasActiveOwner);
    },
  };
}

const signedInBy = (session: SessionRow): SignedIn => ({
  sessionId: session.session_id,
  identityId: session.identity_id,
  email: session.identity_email,
  method: session.method,
  signedInAt: session.signed_in_at,
  fresh: session.fresh,
  expiresAt: session.session_expires_at,
});

/** The organization that a request names, if that can be one. */
function namedOrganization(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['organization-id'];
  return typeof id === 'string' && isUuid(id.trim()) ? id.trim().toLowerCase() : undefined;
}

const organizationMissing = (kind: 'partner_key' | 'session'): Problem =>
  problem(
    'missing_parameter',
    'organization-id',
    'missing',
    `A ${kind === 'session' ? 'session' : 'partner key'} acts in the organization that the header organization-id names; it is missing.`,
  );

/** The api key of a request: in its own header, or as a bearer token. */
export const presentedKey = (headers: IncomingHttpHeaders): string | undefined =>
  keyIn(headers['api-key']) ?? bearerIn(headers.authorization);

const digest = (secret: string): string => hashKeySecret(secret).toString('hex');

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/**
 * The key in a header, after the prefix that clients may put before it. Empty is absent. A header that stands twice
 * arrives as one with a comma, and whoever read the request before us may have taken the other key: it is then none.
 */
function keyIn(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  const words = header.trim().split(/\s+/);
  return words.length > 2 || words.at(-2)?.endsWith(',') ? header : words.at(-1);
}

const bearerIn = (header: string | undefined): string | undefined =>
  /^bearer\s/i.test(header ?? '') ? keyIn(header?.slice(7)) : undefined;

function requireUsable(credential: { expired: boolean; allowed_ips: string[] }, address: string): void {
  if (credential.expired) throw unauthorized('Key has expired');
  if (credential.allowed_ips.length > 0) requireAddress(credential.allowed_ips, address);
}

/** @throws Problem `unauthorized` for an address that none of the ranges has */
export function requireAddress(allowedIps: readonly string[], address: string): void {
  if (inRanges(allowedIps, address)) return;
  throw unauthorized(
    `We have detected you are using an unrecognised IP address ${plainAddress(address)}. If you performed this action make sure to add the new IP address to the key's allowed_ips.`,
  );
}

const unauthorized = (message: string): Problem => new Problem('unauthorized', message);

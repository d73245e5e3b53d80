import type { Actor } from '@latchkey/core/actor.ts';
import { actsInFull, keyHoldings, partnerHoldings } from '@latchkey/core/authority.ts';
import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { type Holdings, storedPermissions } from '@latchkey/core/holdings.ts';
import { authorityOf } from '@latchkey/core/member.ts';
import type { Organization } from '@latchkey/core/organization.ts';
import type { ApiKeyCredential, PartnerKeyCredential } from '../store/credentials.ts';
import { organizationOf } from '../store/organizations.ts';
import type { MembershipRow, SessionRow } from '../store/sessions.ts';

/** The actor that an api key makes of its request, from what is stored of key and member at this moment. */
export function apiKeyActor(catalogue: Catalogue, credential: ApiKeyCredential): Actor {
  const memberAuthority = authorityOfMember(catalogue, credential);
  const holdings = apiKeyHoldings(catalogue, credential);
  const active = credential.member_id !== null && credential.member_status === 'active' && !credential.member_barred;
  return {
    kind: 'api_key',
    id: credential.key_id,
    name: credential.key_name,
    holdings,
    limits: { expiresAt: credential.expires_at, allowedIps: credential.allowed_ips },
    bound: credential.bound,
    member:
      active && memberAuthority
        ? {
            id: credential.member_id as string,
            email: credential.member_email as string,
            isOwner: memberAuthority.owner,
            actsInFull: actsInFull(holdings, memberAuthority),
          }
        : undefined,
    partnerId: credential.key_partner_id ?? undefined,
    sessionId: undefined,
    organization: organizationOf(credential),
  };
}

/** What an api key holds now: for its own requests, and when it is asked for as a grantor or as the thing changed. */
export function apiKeyHoldings(catalogue: Catalogue, credential: ApiKeyCredential): Holdings {
  return keyHoldings({
    everything: credential.key_everything,
    permissions: storedPermissions(catalogue, credential.key_permissions),
    bound: credential.bound,
    memberAuthority: authorityOfMember(catalogue, credential),
  });
}

function authorityOfMember(catalogue: Catalogue, credential: ApiKeyCredential): Holdings | undefined {
  if (credential.member_id === null) return undefined;
  return authorityOf({
    // A removed member counts as one who never joined: their word is worth nothing.
    status: credential.member_status === 'active' ? 'active' : 'pending',
    barred: credential.member_barred,
    holdings: {
      owner: credential.member_is_owner,
      everything: credential.member_everything,
      permissions: storedPermissions(catalogue, credential.member_permissions),
    },
  });
}

export function partnerKeyActor(
  credential: PartnerKeyCredential,
  organization: Organization,
  hasActiveOwner: boolean,
): Actor {
  return {
    kind: 'partner_key',
    id: credential.key_id,
    name: credential.partner_name,
    holdings: partnerHoldings(hasActiveOwner),
    limits: { expiresAt: credential.expires_at, allowedIps: credential.allowed_ips },
    bound: false,
    member: undefined,
    partnerId: credential.partner_id,
    sessionId: undefined,
    organization,
  };
}

/**
 * The actor that a session is in one organization: its member, with exactly what they hold. The keys they make are bound
 * to them, save an owner's, as with the keys of members.
 */
export function sessionActor(catalogue: Catalogue, session: SessionRow & MembershipRow): Actor {
  const holdings = authorityOf({
    status: 'active',
    barred: session.member_barred,
    holdings: {
      owner: session.member_is_owner,
      everything: session.member_everything,
      permissions: storedPermissions(catalogue, session.member_permissions),
    },
  });
  return {
    kind: 'member',
    id: session.member_id,
    name: session.member_email,
    holdings,
    limits: { expiresAt: null, allowedIps: [] },
    bound: true,
    member: session.member_barred
      ? undefined
      : { id: session.member_id, email: session.member_email, isOwner: holdings.owner, actsInFull: true },
    partnerId: undefined,
    sessionId: session.session_id,
    organization: organizationOf(session),
  };
}

import type { Actor } from '@latchkey/core/actor.ts';
import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import type { Holdings } from '@latchkey/core/holdings.ts';
import { authorityOf } from '@latchkey/core/member.ts';
import type { Organization } from '@latchkey/core/organization.ts';
import { findApiKeyCredential } from '../../store/credentials.ts';
import type { Database } from '../../store/database.ts';
import type { Grantor } from '../../store/invitations.ts';
import { findMemberById } from '../../store/members.ts';
import { apiKeyHoldings } from '../credential-actor.ts';

/** On whose authority an invitation by this actor stands: the key's, the member's, or the partner's, whichever of its keys was used. */
export const grantorOf = ({ kind, id, partnerId = '' }: Actor): Grantor =>
  kind === 'partner_key' ? { kind: 'partner', id: partnerId } : { kind, id };

/**
 * What a grantor holds now; undefined for one who is gone. A key that was rotated is the same key; a partner counts while
 * the organization is its own.
 */
export async function grantorHoldings(
  db: Database,
  catalogue: Catalogue,
  organization: Organization,
  grantor: Grantor,
): Promise<Holdings | undefined> {
  switch (grantor.kind) {
    case 'partner':
      return organization.partnerId === grantor.id
        ? { owner: true, everything: true, permissions: new Set() }
        : undefined;
    case 'api_key': {
      const credential = await findApiKeyCredential(db, organization.id, grantor.id);
      return credential && !credential.expired ? apiKeyHoldings(catalogue, credential) : undefined;
    }
    case 'member': {
      const member = await findMemberById(db, catalogue, organization.id, grantor.id);
      return member && authorityOf(member);
    }
  }
}

import type { Organization } from '@latchkey/core/organization.ts';
import { findPartnerKeyCredential } from '../../store/credentials.ts';
import { findOrganizationOfPartner, lockOrganization } from '../../store/organizations.ts';
import type { PartnerCall } from '../call.ts';
import { accessForbidden } from '../under-lock.ts';

/**
 * Runs a change to one of the partner's organizations under that organization's lock.
 * @throws Problem `permission_denied`, the same for an organization of others and for none
 */
export function underSubAccountLock<T>(
  call: PartnerCall,
  organizationId: string,
  change: (call: PartnerCall, organization: Organization) => Promise<T>,
): Promise<T> {
  return call.db.transaction(async (db) => {
    if (!(await findOrganizationOfPartner(db, call.partner.id, organizationId))) throw accessForbidden();
    await lockOrganization(db, organizationId);
    const asking = await findPartnerKeyCredential(db, call.partner.id, call.partner.keyId);
    const own = await findOrganizationOfPartner(db, call.partner.id, organizationId);
    if (!own || !asking || asking.expired) throw accessForbidden();
    return change({ ...call, db }, own.organization);
  });
}

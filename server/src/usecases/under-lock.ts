import type { Actor } from '@latchkey/core/actor.ts';
import { mayCall } from '@latchkey/core/authority.ts';
import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { Problem } from '@latchkey/core/problem.ts';
import { findApiKeyCredential, findPartnerKeyCredential } from '../store/credentials.ts';
import type { Database } from '../store/database.ts';
import { findOrganizationOfPartner, lockOrganization } from '../store/organizations.ts';
import { findSessionById } from '../store/sessions.ts';
import type { Call } from './call.ts';
import { apiKeyActor, partnerKeyActor, sessionActor } from './credential-actor.ts';

export const accessForbidden = (): Problem => new Problem('permission_denied', 'Access forbidden.');

/**
 * Runs a change to what is there already in one transaction, holding the organization's lock. What the caller holds is
 * read again under it: of two who take each other's access away at once, the second finds that they hold nothing.
 */
export function underLock<T>(call: Call, change: (call: Call) => Promise<T>): Promise<T> {
  return call.db.transaction(async (db) => {
    await lockOrganization(db, call.actor.organization.id);
    const actor = await actorNow(db, call.catalogue, call.actor);
    if (!actor || !mayCall(call.catalogue, actor, call.access)) throw accessForbidden();
    return change({ ...call, db, actor });
  });
}

async function actorNow(
  db: Database,
  catalogue: Catalogue,
  { kind, id, organization, partnerId = '', sessionId = '' }: Actor,
): Promise<Actor | undefined> {
  if (kind === 'api_key') {
    const credential = await findApiKeyCredential(db, organization.id, id);
    return credential && !credential.expired ? apiKeyActor(catalogue, credential) : undefined;
  }
  if (kind === 'member') {
    const session = await findSessionById(db, organization.id, sessionId);
    return session && sessionActor(catalogue, session);
  }
  const credential = await findPartnerKeyCredential(db, partnerId, id);
  const own = await findOrganizationOfPartner(db, partnerId, organization.id);
  return credential && !credential.expired && own
    ? partnerKeyActor(credential, own.organization, own.hasActiveOwner)
    : undefined;
}

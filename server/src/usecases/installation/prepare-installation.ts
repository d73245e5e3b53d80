import { createHash } from 'node:crypto';
import { deriveKey } from '@latchkey/core/invitation-link.ts';
import { OperatorError } from '../../operator-error.ts';
import type { Database } from '../../store/database.ts';
import {
  assignPermissionBits,
  hasOrganizations,
  lockInstallation,
  maintain,
  readInstallation,
  saveFingerprints,
} from '../../store/installation.ts';
import { insertApiKey, insertPartner, insertPartnerKey } from '../../store/keys.ts';
import { insertMember } from '../../store/members.ts';
import { insertOrganization } from '../../store/organizations.ts';
import type { Foundation } from '../call.ts';
import { storedSecret } from '../keys/new-secret.ts';

/** What the first start makes; the keys are asked for only then. */
export interface FirstOrganization {
  ownerEmail: string;
  apiKey: () => string;
  partnerKey: () => string;
}

/**
 * Makes sure that this node and its database belong together, and that there is an organization to begin with.
 * @returns whether this was the first start
 * @throws OperatorError where the secret is not the one that the database's links were made with
 */
export function prepareInstallation(
  services: Foundation,
  secrets: readonly string[],
  first: FirstOrganization,
): Promise<boolean> {
  const fingerprints = secrets.map(secretFingerprint);
  return services.db.transaction(async (db) => {
    const installation = await lockInstallation(db);
    const known = installation.secret_fingerprints;
    if (known.length > 0 && !known.some((fingerprint) => fingerprints.includes(fingerprint))) {
      throw new OperatorError(
        'LATCHKEY_SECRET is not the one this database was used with, so every open invitation would die. Put the old secret behind the new one (new,old), or restore the file `secret` of the data folder.',
      );
    }
    await saveFingerprints(db, fingerprints, services.catalogueFingerprint);
    await assignPermissionBits(db, services.catalogue);
    await maintain(db);
    if (await hasOrganizations(db)) return false;
    await makeFirstOrganization({ ...services, db }, first);
    return true;
  });
}

/** Why this node must not answer: its catalogue is not the one that the database's nodes agreed on last. */
export async function catalogueDisagreement(db: Database, fingerprint: string): Promise<string | undefined> {
  const installation = await readInstallation(db);
  return installation.catalogue_fingerprint === fingerprint
    ? undefined
    : 'another node has brought another catalogue; restart this one with it';
}

async function makeFirstOrganization(
  services: Foundation,
  { ownerEmail, apiKey, partnerKey }: FirstOrganization,
): Promise<void> {
  const { db, catalogue, newId } = services;
  const [partnerId, organizationId, ownerId] = [newId(), newId(), newId()];
  await insertPartner(db, { id: partnerId, name: 'Operator' });
  await insertPartnerKey(
    db,
    { partnerId, id: newId(), name: 'First partner key', allowedIps: [], expiresAt: null },
    storedSecret(partnerKey()),
  );
  await insertOrganization(db, {
    id: organizationId,
    name: 'My organization',
    plan: catalogue.defaultPlan.name,
    seats: null,
    locale: 'en',
    partnerId,
  });
  await insertMember(db, {
    organizationId,
    id: ownerId,
    email: ownerEmail,
    locale: 'en',
    holdings: { owner: true, everything: true, permissions: new Set() },
    status: 'active',
  });
  await insertApiKey(
    db,
    {
      organizationId,
      id: newId(),
      name: 'First key',
      holdings: { everything: true, permissions: new Set() },
      memberId: ownerId,
      bound: false,
      partnerId: null,
      allowedIps: [],
      expiresAt: null,
    },
    storedSecret(apiKey()),
  );
}

const secretFingerprint = (secret: string): string =>
  createHash('sha256').update(deriveKey(secret, 'latchkey/fingerprint')).digest('hex').slice(0, 16);

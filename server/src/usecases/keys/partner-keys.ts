import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Params, Reply } from '@latchkey/core/api/operation.ts';
import { problem } from '@latchkey/core/problem.ts';
import { findPartnerKeyCredential, type PartnerKeyCredential } from '../../store/credentials.ts';
import {
  deletePartnerKeyRow,
  insertPartnerKey,
  listPartnerKeyRows,
  lockPartner,
  rotatePartnerKeySecret,
} from '../../store/keys.ts';
import { type Outcome, type PartnerCall, recordForPartner } from '../call.ts';
import { accessForbidden } from '../under-lock.ts';
import { keyDetail, keyNotFound } from './changeable-key.ts';
import { shownKey } from './list-api-keys.ts';
import { newSecret } from './new-secret.ts';
import { limitsOfNewKey, requireLimits } from './requested-key.ts';
import { standardOverlapSeconds } from './rotate-api-key.ts';

export async function listPartnerKeys({ db, partner }: PartnerCall): Promise<Outcome<Reply<Api['listPartnerKeys']>>> {
  return { body: { partner_keys: (await listPartnerKeyRows(db, partner.id)).map(shownKey) } };
}

export async function createPartnerKey(
  call: PartnerCall,
  { body }: { body: Body<Api['createPartnerKey']> },
): Promise<Outcome<Reply<Api['createPartnerKey']>>> {
  const { expiresAt, allowedIps } = limitsOfNewKey(call.partner.limits, body);
  const id = call.newId();
  const { secret, stored } = newSecret(call, 'partner_key');
  return underPartnerLock(call, async (locked) => {
    await insertPartnerKey(
      locked.db,
      { partnerId: locked.partner.id, id, name: body.name, allowedIps, expiresAt },
      stored,
    );
    await recordForPartner(locked, null, {
      action: 'partner_key.created',
      target: { kind: 'partner_key', id },
      details: { key_id: id, key_name: body.name },
    });
    return { body: { id, key: secret, name: body.name, expires_at: expiresAt?.toISOString() ?? null } };
  });
}

export async function rotatePartnerKey(
  call: PartnerCall,
  { params, body }: { params: Params<Api['rotatePartnerKey']>; body: Body<Api['rotatePartnerKey']> },
): Promise<Outcome<Reply<Api['rotatePartnerKey']>>> {
  const { secret, stored } = newSecret(call, 'partner_key');
  const overlap = body.overlap_seconds ?? standardOverlapSeconds;
  return underPartnerLock(call, async (locked) => {
    const key = await ownKey(locked, params.id);
    if (key.key_id !== locked.partner.keyId)
      requireLimits(locked.partner.limits, { expiresAt: key.expires_at, allowedIps: key.allowed_ips });
    const ends = await rotatePartnerKeySecret(locked.db, locked.partner.id, key.key_id, stored, overlap);
    await recordForPartner(locked, null, {
      action: 'partner_key.rotated',
      target: { kind: 'partner_key', id: key.key_id },
      details: { ...keyDetail(key), overlap_seconds: overlap },
    });
    return { body: { id: key.key_id, key: secret, old_key_valid_until: ends.toISOString() } };
  });
}

export async function deletePartnerKey(
  call: PartnerCall,
  { params }: { params: Params<Api['deletePartnerKey']> },
): Promise<Outcome<Reply<Api['deletePartnerKey']>>> {
  if (params.id === call.partner.keyId) {
    throw problem(
      'invalid_parameter',
      'id',
      'own_key',
      'A partner key cannot delete itself: make another one and delete this one with that.',
    );
  }
  return underPartnerLock(call, async (locked) => {
    const key = await ownKey(locked, params.id);
    await deletePartnerKeyRow(locked.db, locked.partner.id, key.key_id);
    await recordForPartner(locked, null, {
      action: 'partner_key.deleted',
      target: { kind: 'partner_key', id: key.key_id },
      details: keyDetail(key),
    });
    return { body: { status: 'OK', id: key.key_id } };
  });
}

/** One change to a partner's things at a time; the key that asks must still be one then. */
export function underPartnerLock<T>(call: PartnerCall, change: (call: PartnerCall) => Promise<T>): Promise<T> {
  return call.db.transaction(async (db) => {
    await lockPartner(db, call.partner.id);
    const asking = await findPartnerKeyCredential(db, call.partner.id, call.partner.keyId);
    if (!asking || asking.expired) throw accessForbidden();
    return change({ ...call, db });
  });
}

async function ownKey({ db, partner }: PartnerCall, id: string): Promise<PartnerKeyCredential> {
  const key = await findPartnerKeyCredential(db, partner.id, id);
  if (!key) throw keyNotFound();
  return key;
}

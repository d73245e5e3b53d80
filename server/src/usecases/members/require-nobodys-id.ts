import { nameKind } from '@latchkey/core/access/member-name.ts';
import { externalIdTaken } from '@latchkey/core/member.ts';
import { findMemberById } from '../../store/members.ts';
import type { Call } from '../call.ts';

/**
 * An external id may be a UUID, as our ids are, but not the id of another member: who took it could not be told from them.
 * @throws Problem `duplicate_parameter`, reason `external_id_taken`
 */
export async function requireNobodysId(
  { db, catalogue, actor }: Call,
  externalId: string | null | undefined,
  memberId?: string,
): Promise<void> {
  if (typeof externalId !== 'string' || nameKind(externalId) !== 'id' || externalId === memberId) return;
  if (await findMemberById(db, catalogue, actor.organization.id, externalId)) throw externalIdTaken();
}

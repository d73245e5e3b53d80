import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { countMemberRows } from '../../store/member-list.ts';
import type { Call, Outcome } from '../call.ts';

type Operation = Api['countMembers'];

export async function countMembers({ db, actor }: Call): Promise<Outcome<Reply<Operation>>> {
  const { owners, ...by_status } = await countMemberRows(db, actor.organization.id);
  const { active, pending, declined, expired } = by_status;
  return { body: { total: active + pending + declined + expired, by_status, owners } };
}

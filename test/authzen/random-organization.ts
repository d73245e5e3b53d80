import type { PermissionName } from '@latchkey/core/permission.ts';
import type { Stage } from '../access/stage.ts';

/** The names by which the members of an organization may be asked for, as a search names them: external id or address. */
export interface RandomOrganization {
  stage: Stage;
  names: string[];
}

/** Fills an organization with members in every state, with random grants, names that aliases had, and a random plan. */
export async function fillRandomly(
  stage: Stage,
  random: () => number,
  {
    members,
    permissions,
    aliases,
    plans,
  }: { members: number; permissions: PermissionName[]; aliases: string[]; plans: string[] },
): Promise<RandomOrganization> {
  const { sql } = stage.world.database;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const names = [stage.ada.email, stage.grace.email];
  const fields = [
    `suspended_at = now()`,
    `access_expires_at = now() - interval '1 minute'`,
    `access_expires_at = now() + interval '1 hour'`,
    `status = 'declined'`,
    `status = 'pending'`,
    `status = 'removed', removed_at = now(), removed_as = 'revoked'`,
  ];
  for (let index = 0; index < members; index++) {
    const held = permissions.filter(() => random() < 0.4);
    const { id, email } = await stage.member(`member-${index}`, { permissions: held, all: random() < 0.1 });
    if (random() < 0.3)
      await sql('update member_grant set permissions = permissions || $2::text[] where member_id = $1', [
        id,
        [pick(aliases)],
      ]);
    if (random() < 0.4) await sql(`update member set ${pick(fields)} where id = $1`, [id]);
    const named = random() < 0.5;
    if (named) await sql('update member set external_id = $2 where id = $1', [id, `x-${index}`]);
    names.push(named ? `x-${index}` : email);
  }
  await sql('update organization set plan = $2 where id = $1', [stage.organizationId, pick(plans)]);
  return { stage, names };
}

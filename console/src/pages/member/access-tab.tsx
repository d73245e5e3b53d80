import type { Member } from '@latchkey/client';
import { Stack } from '@mantine/core';
import type { Catalogue } from '../../permissions/catalogue.ts';
import type { Grants } from '../../permissions/grants.ts';
import { AccessEnd } from './access-end.tsx';
import { ExternalId } from './external-id.tsx';
import { GiveOwnership } from './give-ownership.tsx';
import { Revoke } from './revoke.tsx';
import { Suspension } from './suspension.tsx';

/** Whether and how long somebody may come in at all. */
export function AccessTab(props: {
  member: Member;
  grants: Grants;
  catalogue: Catalogue;
  readOnly: boolean;
  yourself: boolean;
  /** The reader is an owner. */
  mayGiveOwnership: boolean;
}) {
  const { member, grants, catalogue, readOnly, yourself, mayGiveOwnership } = props;
  const joined = member.status === 'active';
  return (
    <Stack gap="lg">
      <Suspension member={member} readOnly={readOnly || yourself} />
      <AccessEnd member={member} readOnly={readOnly} />
      <ExternalId member={member} readOnly={readOnly && !(member.is_owner && mayGiveOwnership)} />
      {mayGiveOwnership && joined && !member.is_owner && !yourself && <GiveOwnership member={member} />}
      {joined && !yourself && !readOnly && <Revoke member={member} grants={grants} catalogue={catalogue} />}
    </Stack>
  );
}

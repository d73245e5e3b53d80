import type { Member } from '@latchkey/client';
import { Button, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { TrashIcon } from '../../components/icons.tsx';
import { Section } from '../../components/section.tsx';
import type { Catalogue } from '../../permissions/catalogue.ts';
import type { Grants } from '../../permissions/grants.ts';
import { GrantsInWords } from '../../permissions/grants-in-words.tsx';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';

/** Ends a membership, after saying what is lost by it. */
export function Revoke(props: { member: Member; grants: Grants; catalogue: Catalogue }) {
  const { member, grants, catalogue } = props;
  const { email } = member;
  const { member: words } = useWords();
  const { id: organizationId } = useOrganization();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const revoke = useChange((latchkey) => latchkey.revokeMember({ email }));
  return (
    <Section title={words.revoke} hint={words.revokeHint}>
      <Button variant="outline" color="red" leftSection={<TrashIcon size={18} />} onClick={() => setAsked(true)}>
        {words.revoke}
      </Button>
      <ConfirmDialog
        opened={asked}
        onClose={() => {
          setAsked(false);
          revoke.reset();
        }}
        title={words.revokeTitle(email)}
        confirmLabel={words.revokeConfirm}
        change={revoke}
        reasons={words.reasons}
        grave
        onConfirm={() =>
          revoke.mutate(undefined, {
            onSuccess: () => {
              tellDone(words.revoked(email));
              void navigate({ to: '/o/$organizationId/people', params: { organizationId } });
            },
          })
        }
      >
        <Stack gap="xs">
          <Text size="sm">{words.revokeMeaning}</Text>
          <GrantsInWords grants={grants} catalogue={catalogue} />
        </Stack>
      </ConfirmDialog>
    </Section>
  );
}

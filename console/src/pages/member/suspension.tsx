import type { Member } from '@latchkey/client';
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Section } from '../../components/section.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useWords } from '../../words/words.tsx';

/** Takes access away for a while, and gives it back. */
export function Suspension({ member: { email, suspended }, readOnly }: { member: Member; readOnly: boolean }) {
  const { member: words, people } = useWords();
  const [asked, setAsked] = useState(false);
  const change = useChange((latchkey, to: boolean) => latchkey.updateMember({ email, suspended: to }));
  return (
    <Section title={words.suspension}>
      <Group justify="space-between" gap="md">
        <Text size="sm" flex="1 1 16rem">
          {suspended && <StatusBadge tone="bad">{people.suspended}</StatusBadge>}{' '}
          {suspended ? words.suspendedMeaning : words.activeMeaning}
        </Text>
        {suspended ? (
          <Button
            disabled={readOnly}
            loading={change.isPending}
            onClick={() => change.mutate(false, { onSuccess: () => tellDone(words.resumed(email)) })}
          >
            {words.resume}
          </Button>
        ) : (
          <Button variant="default" disabled={readOnly} onClick={() => setAsked(true)}>
            {words.suspend}
          </Button>
        )}
      </Group>
      {!asked && <ErrorNotice error={change.error} reasons={words.reasons} />}
      <ConfirmDialog
        opened={asked}
        onClose={() => {
          setAsked(false);
          change.reset();
        }}
        title={words.suspendTitle(email)}
        confirmLabel={words.suspend}
        change={change}
        reasons={words.reasons}
        grave
        onConfirm={() =>
          change.mutate(true, {
            onSuccess: () => {
              setAsked(false);
              tellDone(words.suspended(email));
            },
          })
        }
      >
        {words.suspendDialog}
      </ConfirmDialog>
    </Section>
  );
}

import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../api.ts';
import { useFormats, useWords } from '../words/words.tsx';
import { CopyButton } from './copy-button.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { AlertTriangleIcon, LinkIcon } from './icons.tsx';

/**
 * Shows the link of an invitation, once the reader knows what it is: it lets in whoever has it, and that it was looked at is
 * recorded. It is kept by nothing but this dialog, as long as that is open.
 * @param email whose invitation; closed where absent
 */
export function CopyLinkDialog({ email, onClose }: { email: string | undefined; onClose: () => void }) {
  const { common, copyLink: words } = useWords();
  return (
    <Modal
      opened={email !== undefined}
      onClose={onClose}
      title={words.title}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {email !== undefined && <Reveal key={email} email={email} onClose={onClose} />}
    </Modal>
  );
}

/** Whose link is looked at. */
export function useCopyLink(): {
  open: (email: string) => void;
  dialog: { email: string | undefined; onClose: () => void };
} {
  const [email, setEmail] = useState<string>();
  return { open: setEmail, dialog: { email, onClose: () => setEmail(undefined) } };
}

interface Revealed {
  link: string;
  expiresAt: string;
}

function Reveal({ email, onClose }: { email: string; onClose: () => void }) {
  const { common, copyLink: words } = useWords();
  const [revealed, setRevealed] = useState<Revealed>();
  const reveal = useChange(async (latchkey, { onRevealed }: { onRevealed: (revealed: Revealed) => void }) => {
    const { link, expires_at } = await latchkey.revealInvitationLink({ email });
    // Not returned: what a change returns stays in memory for a while.
    onRevealed({ link, expiresAt: expires_at });
  });
  if (revealed) return <Shown email={email} revealed={revealed} onClose={onClose} />;
  return (
    <Stack>
      <Text>{words.whatItIs(email)}</Text>
      <Text>{words.recorded}</Text>
      <ErrorNotice error={reveal.error} reasons={words.reasons} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {common.cancel}
        </Button>
        <Button
          leftSection={<LinkIcon size={18} />}
          loading={reveal.isPending}
          data-autofocus
          onClick={() => reveal.mutate({ onRevealed: setRevealed })}
        >
          {words.show}
        </Button>
      </Group>
    </Stack>
  );
}

function Shown({ email, revealed, onClose }: { email: string; revealed: Revealed; onClose: () => void }) {
  const { common, copyLink: words } = useWords();
  const formats = useFormats();
  return (
    <Stack>
      <TextInput
        label={words.link(email)}
        description={words.until(formats.moment(revealed.expiresAt))}
        value={revealed.link}
        readOnly
        autoFocus
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <Alert color="yellow" variant="light" icon={<AlertTriangleIcon />}>
        {words.handOver}
      </Alert>
      <Group justify="flex-end" gap="sm">
        <CopyButton text={revealed.link} label={words.copy} />
        <Button onClick={onClose}>{common.close}</Button>
      </Group>
    </Stack>
  );
}

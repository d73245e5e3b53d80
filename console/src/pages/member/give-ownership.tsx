import type { Member } from '@latchkey/client';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { CrownIcon } from '../../components/icons.tsx';
import { Section } from '../../components/section.tsx';
import { useWords } from '../../words/words.tsx';

/** Makes somebody an owner. Since nobody but they can undo it, their address is typed once more. */
export function GiveOwnership({ member: { email } }: { member: Member }) {
  const { member: words, common } = useWords();
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState('');
  const give = useChange((latchkey) => latchkey.giveOwnership({ email }));
  const close = () => {
    setOpened(false);
    setTyped('');
    give.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate(undefined, {
      onSuccess: () => {
        close();
        tellDone(words.given(email));
      },
    });
  };
  return (
    <Section title={words.ownership} hint={words.ownershipHint}>
      <Button variant="default" leftSection={<CrownIcon size={18} />} onClick={() => setOpened(true)}>
        {words.give}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={words.giveTitle(email)}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">{words.giveMeaning}</Text>
            <TextInput
              label={words.giveType(email)}
              value={typed}
              onChange={({ currentTarget }) => setTyped(currentTarget.value)}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              data-autofocus
            />
            <ErrorNotice error={give.error} reasons={words.reasons} />
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={close} disabled={give.isPending}>
                {common.cancel}
              </Button>
              <Button type="submit" loading={give.isPending} disabled={typed.trim().toLowerCase() !== email}>
                {words.give}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </Section>
  );
}

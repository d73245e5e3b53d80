import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useWords } from '../words/words.tsx';

/** Asks before what was entered is lost: by following a link, by closing the window. What is lost stands in `meaning`. */
export function LeaveWarning(props: {
  unsaved: boolean;
  words: { leave: string; leaveMeaning: string; leaveConfirm: string; stay: string };
}) {
  const { unsaved, words } = props;
  const { common } = useWords();
  const blocker = useBlocker({
    // Whoever has to sign in again is taken there, and brought back.
    shouldBlockFn: ({ current, next }) =>
      unsaved && current.pathname !== next.pathname && !next.pathname.endsWith('/sign-in'),
    enableBeforeUnload: () => unsaved,
    withResolver: true,
  });
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={words.leave}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <Stack>
        <Text>{words.leaveMeaning}</Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" color="red" onClick={() => blocker.proceed?.()}>
            {words.leaveConfirm}
          </Button>
          <Button onClick={() => blocker.reset?.()} data-autofocus>
            {words.stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ReasonWords } from '../problem-words.ts';
import { useWords } from '../words/words.tsx';
import { ErrorNotice } from './error-notice.tsx';

/**
 * Asks before something that cannot simply be undone. It stays open while that happens and where it fails, and then says why.
 * Escape and the button that cancels change nothing.
 */
export function ConfirmDialog(props: {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will be, in a sentence or two. */
  children: ReactNode;
  /** What happens, as a verb: “End the session”. */
  confirmLabel: string;
  onConfirm: () => void;
  /** `isPending` and `error` of the change; absent where the dialog closes at once and the page tells how it goes. */
  change?: { isPending: boolean; error: unknown };
  reasons?: ReasonWords;
  /** Takes something away: the button is red. */
  grave?: boolean;
}) {
  const { opened, onClose, title, children, confirmLabel, onConfirm, reasons = {}, grave = false } = props;
  const { change = { isPending: false, error: null } } = props;
  const { common } = useWords();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': common.close }}
      closeOnClickOutside={!change.isPending}
      closeOnEscape={!change.isPending}
    >
      <Stack>
        <div>{children}</div>
        <ErrorNotice error={change.error} reasons={reasons} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} disabled={change.isPending} data-autofocus={grave || undefined}>
            {common.cancel}
          </Button>
          <Button color={grave ? 'red' : 'latchkey'} onClick={onConfirm} loading={change.isPending}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

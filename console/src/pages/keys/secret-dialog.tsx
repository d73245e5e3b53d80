import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';
import { AlertTriangleIcon } from '../../components/icons.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { focusKey } from './api-key.ts';
import classes from './keys.module.css';

/** A key as it is shown once. */
export interface NewSecret {
  keyId: string;
  name: string;
  key: string;
  /** Until when the one before still works, where there was one. */
  oldUntil?: string;
}

/** Shows a new key, once. It closes by the one button that says so, not by a slip. */
export function SecretDialog({ secret, onKept }: { secret: NewSecret | undefined; onKept: () => void }) {
  const { keys: words } = useWords();
  const keyId = useRef<string>(undefined);
  useEffect(() => {
    if (secret) keyId.current = secret.keyId;
  }, [secret]);
  useWarnBeforeLeaving(secret !== undefined);
  return (
    <Modal
      opened={secret !== undefined}
      onClose={onKept}
      title={words.secretTitle}
      size="lg"
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
      onExitTransitionEnd={() => focusKey(keyId.current)}
    >
      {secret && <Secret secret={secret} onKept={onKept} />}
    </Modal>
  );
}

function Secret({ secret: { name, key, oldUntil }, onKept }: { secret: NewSecret; onKept: () => void }) {
  const { keys: words } = useWords();
  const formats = useFormats();
  return (
    <Stack>
      <Alert color="yellow" variant="light" icon={<AlertTriangleIcon />}>
        {words.onlyNow}
      </Alert>
      <Textarea
        label={words.secretOf(name)}
        value={key}
        readOnly
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        rows={2}
        classNames={{ input: classes.secret }}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      {oldUntil !== undefined && (
        <Text size="sm">
          {Date.parse(oldUntil) <= Date.now() ? words.oldEnded : words.oldUntil(formats.moment(oldUntil))}
        </Text>
      )}
      <Group justify="flex-end" gap="sm">
        <CopyButton text={key} label={words.copyKey} />
        <Button onClick={onKept}>{words.kept}</Button>
      </Group>
    </Stack>
  );
}

function useWarnBeforeLeaving(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [active]);
}

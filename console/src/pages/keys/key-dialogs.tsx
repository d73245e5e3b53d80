import { Alert, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { AlertTriangleIcon } from '../../components/icons.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { type ApiKey, focusKey } from './api-key.ts';
import type { NewSecret } from './secret-dialog.tsx';

/** What somebody is about to do with a key. */
export interface KeyTask {
  kind: 'rotate' | 'adopt' | 'delete';
  key: ApiKey;
}

interface Dialogs {
  task: KeyTask | undefined;
  onDone: () => void;
  onNewSecret: (secret: NewSecret) => void;
}

export function KeyDialogs({ task, onDone, onNewSecret }: Dialogs) {
  // What a dialog is about stays in it while it closes.
  const last = useRef(task);
  if (task) last.current = task;
  const shown = last.current;
  if (!shown) return null;
  const { key } = shown;
  const opened = (kind: KeyTask['kind']): boolean => task?.kind === kind;
  return (
    <>
      <RotateDialog key={`rotate ${key.id}`} apiKey={key} opened={opened('rotate')} {...{ onDone, onNewSecret }} />
      <AdoptDialog key={`adopt ${key.id}`} apiKey={key} opened={opened('adopt')} onDone={onDone} />
      <DeleteDialog key={`delete ${key.id}`} apiKey={key} opened={opened('delete')} onDone={onDone} />
    </>
  );
}

interface OneDialog {
  apiKey: ApiKey;
  opened: boolean;
  onDone: () => void;
}

const overlaps = { now: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;
type Overlap = keyof typeof overlaps;

/** A new secret for the same key, and how long the old one goes on working beside it. */
function RotateDialog({ apiKey, opened, onDone, onNewSecret }: OneDialog & Pick<Dialogs, 'onNewSecret'>) {
  const { common, keys: words } = useWords();
  const [overlap, setOverlap] = useState<Overlap>('day');
  const made = useRef(false);
  const rotate = useChange(async (latchkey, seconds: number) => {
    const { id, key, old_key_valid_until } = await latchkey.rotateApiKey({ id: apiKey.id, overlap_seconds: seconds });
    made.current = true;
    onDone();
    // Not returned: what a change returns stays in memory for a while.
    onNewSecret({ keyId: id, name: apiKey.name, key, oldUntil: old_key_valid_until });
  });
  const close = (): void => {
    rotate.reset();
    onDone();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={words.rotateTitle}
      closeButtonProps={{ 'aria-label': common.close }}
      closeOnClickOutside={!rotate.isPending}
      closeOnEscape={!rotate.isPending}
      returnFocus={false}
      onEnterTransitionEnd={() => {
        made.current = false;
      }}
      onExitTransitionEnd={() => made.current || focusKey(apiKey.id)}
    >
      <Stack>
        <Text>{words.rotateMeaning(apiKey.name)}</Text>
        <Radio.Group
          label={words.overlap}
          description={words.overlapHint}
          value={overlap}
          onChange={(chosen) => setOverlap(chosen as Overlap)}
        >
          <Stack gap="xs" mt="xs">
            {(Object.keys(overlaps) as Overlap[]).map((one) => (
              <Radio key={one} value={one} label={words.overlaps[one]} />
            ))}
          </Stack>
        </Radio.Group>
        <ErrorNotice error={rotate.error} reasons={words.reasons} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close} disabled={rotate.isPending}>
            {common.cancel}
          </Button>
          <Button onClick={() => rotate.mutate(overlaps[overlap])} loading={rotate.isPending}>
            {words.rotateConfirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function AdoptDialog({ apiKey, opened, onDone }: OneDialog) {
  const { keys: words } = useWords();
  const adopt = useChange((latchkey) => latchkey.adoptApiKey({ id: apiKey.id }));
  const close = (): void => {
    adopt.reset();
    onDone();
  };
  return (
    <ConfirmDialog
      opened={opened}
      onClose={close}
      title={words.adoptTitle}
      confirmLabel={words.adoptConfirm}
      change={adopt}
      reasons={words.reasons}
      onConfirm={() =>
        adopt.mutate(undefined, {
          onSuccess: () => {
            close();
            tellDone(words.adopted(apiKey.name));
          },
        })
      }
    >
      <Text>{words.adoptMeaning(apiKey.name, apiKey.member?.email)}</Text>
    </ConfirmDialog>
  );
}

const recentMilliseconds = 7 * 86_400_000;

function DeleteDialog({ apiKey, opened, onDone }: OneDialog) {
  const { keys: words } = useWords();
  const formats = useFormats();
  const remove = useChange((latchkey) => latchkey.deleteApiKey({ id: apiKey.id }));
  const { name, hint, last_used_at: usedAt } = apiKey;
  const inUse = usedAt !== null && Date.now() - Date.parse(usedAt) < recentMilliseconds;
  const close = (): void => {
    remove.reset();
    onDone();
  };
  return (
    <ConfirmDialog
      opened={opened}
      onClose={close}
      title={words.deleteTitle}
      confirmLabel={words.deleteConfirm}
      change={remove}
      reasons={words.reasons}
      grave
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            close();
            tellDone(words.deleted(name));
          },
        })
      }
    >
      <Stack gap="sm">
        <Text>{words.deleteMeaning(name, hint)}</Text>
        {inUse ? (
          <Alert color="yellow" variant="light" icon={<AlertTriangleIcon />}>
            {words.inUse(formats.relative(usedAt))}
          </Alert>
        ) : (
          <Text>{usedAt === null ? words.deleteNeverUsed : words.deleteLastUsed(formats.moment(usedAt))}</Text>
        )}
      </Stack>
    </ConfirmDialog>
  );
}

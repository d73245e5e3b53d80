import { LatchkeyError } from '@latchkey/client';
import { Button, Group, Loader, Menu, Paper, Text } from '@mantine/core';
import { type UseMutationResult, useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { announce, tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { ChevronDownIcon, DownloadIcon } from '../../components/icons.tsx';
import { isRefusal, latchkeyIn } from '../../latchkey.ts';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { type ActivitySearch, activityFilter } from './activity-search.ts';
import { fileName, received, save } from './received-file.ts';

type Format = 'csv' | 'ndjson';

interface Wanted {
  format: Format;
  search: ActivitySearch;
}

interface Export {
  mutation: UseMutationResult<number, Error, Wanted>;
  /** How many events have arrived. */
  arrived: number;
  cancel: () => void;
}

/** Fetches what the filters leave as a file, and saves it once it is whole: a link alone could not say who asks. */
export function useExport(): Export {
  const { id, name } = useOrganization();
  const { activity: words } = useWords();
  const [arrived, setArrived] = useState(0);
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);

  const mutation = useMutation({
    mutationFn: async ({ format, search }: Wanted) => {
      controller.current = new AbortController();
      setArrived(0);
      const { signal } = controller.current;
      const tell = (lines: number): void => setArrived(Math.max(0, lines - titles(format)));
      try {
        const stream = await latchkeyIn(id).exportActivities({ ...activityFilter(search), format }, { signal });
        const { file, lines } = await received(stream, tell);
        save(file, fileName(words.fileName, name, format));
        return lines - titles(format);
      } catch (cause) {
        throw signal.aborted ? new LatchkeyError({ code: 'aborted', message: 'The export was given up.' }) : cause;
      }
    },
    onMutate: () => announce(words.exporting),
    onSuccess: (count) => tellDone(words.exported(count)),
  });
  return {
    mutation,
    arrived,
    cancel() {
      controller.current?.abort();
      announce(words.exportCancelled);
    },
  };
}

/** Lines that are no events. */
const titles = (format: Format): number => (format === 'csv' ? 1 : 0);

export function ExportMenu({ saving, search }: { saving: Export; search: ActivitySearch }) {
  const { activity: words } = useWords();
  const { isPending } = saving.mutation;
  const start = (format: Format): void => saving.mutation.mutate({ format, search });
  return (
    <Menu position="bottom-end" width={300} withinPortal={false} disabled={isPending}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<DownloadIcon size={18} />}
          rightSection={<ChevronDownIcon size={16} />}
          // Not `disabled`, which would drop the focus.
          {...(isPending && { 'data-disabled': true, 'aria-disabled': true })}
        >
          {words.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.exportHint}</Menu.Label>
        <Menu.Item onClick={() => start('csv')}>{words.csv}</Menu.Item>
        <Menu.Item onClick={() => start('ndjson')}>{words.ndjson}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** How far an export is, or why it did not come to its end. */
export function ExportState({ saving: { mutation, arrived, cancel } }: { saving: Export }) {
  const { common, activity: words } = useWords();
  const formats = useFormats();
  if (mutation.isPending)
    return (
      <Paper withBorder radius="lg" p="sm" mb="md">
        <Group justify="space-between">
          <Group gap="sm">
            <Loader size="sm" aria-hidden />
            <Text size="sm">{words.soFar(formats.number(arrived))}</Text>
          </Group>
          <Button variant="default" size="xs" onClick={cancel}>
            {common.cancel}
          </Button>
        </Group>
      </Paper>
    );
  if (!mutation.error || isRefusal(mutation.error, 'aborted')) return null;
  return (
    <Paper mb="md">
      <ErrorNotice error={mutation.error} onRetry={() => mutation.variables && mutation.mutate(mutation.variables)} />
      <Text size="sm" c="dimmed" mt={4}>
        {words.notSaved}
      </Text>
    </Paper>
  );
}

import { TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnnouncedResults } from '../../components/announced-results.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { SearchIcon } from '../../components/icons.tsx';
import { useMe } from '../../held.ts';
import { useCatalogue } from '../../permissions/catalogue.ts';
import { limitsOf } from '../../permissions/limits.ts';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import { type ApiKey, holdsMore, matching } from './api-key.ts';
import { KeyDialogs, type KeyTask } from './key-dialogs.tsx';
import { KeyRow } from './key-row.tsx';
import classes from './keys.module.css';
import { readKeysSearch } from './keys-search.ts';
import type { NewSecret } from './secret-dialog.tsx';

const fewKeys = 5;

/** Keys, newest first, and what can be done with each. */
export function KeyList({ keys, onNewSecret }: { keys: readonly ApiKey[]; onNewSecret: (secret: NewSecret) => void }) {
  const { keys: words } = useWords();
  const { id } = useOrganization();
  const { find } = readKeysSearch(useSearch({ from: '/signed-in/o/$organizationId/keys' }));
  const { data: me } = useMe(id);
  const { data: catalogue } = useCatalogue();
  const [task, setTask] = useState<KeyTask>();
  const limits = me && catalogue && limitsOf(me, catalogue);
  const shown = matching(keys, find).toReversed();
  useAnnouncedResults(find ?? '', shown.length === 0 ? words.noneFound : words.found(shown.length));
  return (
    <>
      {(keys.length > fewKeys || find !== undefined) && <FindField value={find ?? ''} />}
      {shown.length === 0 && <EmptyState icon={SearchIcon} title={words.noneFound} />}
      {shown.length > 0 && (
        <ul className={classes.list} aria-label={words.title}>
          {shown.map((key) => (
            <KeyRow
              key={key.id}
              apiKey={key}
              catalogue={catalogue}
              barred={limits !== undefined && holdsMore(key, limits)}
              onTask={(kind) => setTask({ kind, key })}
            />
          ))}
        </ul>
      )}
      <KeyDialogs task={task} onDone={() => setTask(undefined)} onNewSecret={onNewSecret} />
    </>
  );
}

function FindField({ value }: { value: string }) {
  const { keys: words } = useWords();
  const navigate = useNavigate({ from: '/o/$organizationId/keys' });
  const [text, setText] = useState(value);
  return (
    <search>
      <TextInput
        type="search"
        aria-label={words.find}
        placeholder={words.find}
        leftSection={<SearchIcon size={18} />}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        maw={360}
        mb="md"
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          void navigate({
            search: (before) => readKeysSearch({ ...before, find: currentTarget.value }),
            replace: true,
            resetScroll: false,
          });
        }}
      />
    </search>
  );
}

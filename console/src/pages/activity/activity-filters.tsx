import { NativeSelect, TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../../words/words.tsx';
import { type ActionGroup, actionGroups } from './action-groups.ts';
import classes from './activity-filters.module.css';
import { type ActivitySearch, readActivitySearch } from './activity-search.ts';

interface Filters {
  search: ActivitySearch;
  errors: { [field in keyof ActivitySearch]?: string | undefined };
  /** The name of who is looked for by an id. */
  actorName: string | undefined;
}

const isWhole = (text: string): boolean => /@[^@\s]+\.[^@\s]{2,}$/.test(text);
const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** What is looked for, by the address of the page: it can be sent to somebody, and stays when the page is loaded again. */
export function ActivityFilters({ search, errors, actorName }: Filters) {
  const { activity: words, events } = useWords();
  const navigate = useNavigate({ from: '/o/$organizationId/activity' });
  const change = (changed: { [field in keyof ActivitySearch]?: string }): void =>
    void navigate({
      search: (before) => readActivitySearch({ ...before, ...changed }),
      replace: true,
      resetScroll: false,
    });
  const groups = (Object.keys(actionGroups) as ActionGroup[]).map((group) => ({
    group: words.groups[group],
    items: actionGroups[group].map((action) => ({ value: action, label: events.actions[action].name })),
  }));
  return (
    <search className={classes.filters}>
      <DraftField
        type="date"
        label={words.from}
        value={search.from ?? ''}
        error={errors.from}
        onSend={(from) => change({ from })}
      />
      <DraftField
        type="date"
        label={words.to}
        value={search.to ?? ''}
        error={errors.to}
        onSend={(to) => change({ to })}
      />
      <NativeSelect
        label={words.action}
        value={search.action ?? ''}
        data={[{ value: '', label: words.anyAction }, ...groups]}
        onChange={({ currentTarget }) => change({ action: currentTarget.value })}
      />
      <NativeSelect
        label={words.outcome}
        value={search.outcome ?? ''}
        data={[
          { value: '', label: words.anyOutcome },
          { value: 'done', label: words.outcomes.done },
          { value: 'refused', label: words.outcomes.refused },
        ]}
        onChange={({ currentTarget }) => change({ outcome: currentTarget.value })}
      />
      <DraftField
        type="email"
        label={words.person}
        placeholder={words.personPlaceholder}
        value={search.email ?? ''}
        error={errors.email}
        autoComplete="off"
        spellCheck={false}
        maxLength={400}
        isWhole={(text) => text === '' || isWhole(text)}
        onSend={(email) => change({ email })}
      />
      <DraftField
        label={words.by}
        placeholder={words.personPlaceholder}
        description={search.by !== undefined && isId(search.by) ? actorName : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={search.by ?? ''}
        error={errors.by}
        inputMode="email"
        autoComplete="off"
        spellCheck={false}
        maxLength={400}
        isWhole={(text) => text === '' || isWhole(text) || isId(text)}
        onSend={(by) => change({ by })}
      />
    </search>
  );
}

/** A field whose text counts a moment after it was typed, or at once with Enter or on leaving; before that only what is whole. */
function DraftField(
  props: Omit<TextInputProps, 'value' | 'onChange'> & {
    value: string;
    onSend: (text: string) => void;
    isWhole?: (text: string) => boolean;
  },
) {
  const { value, onSend, isWhole = () => true, ...rest } = props;
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const send = (typed: string): void => {
    if (typed.trim() === sent.current) return;
    sent.current = typed.trim();
    onSend(typed.trim());
  };
  const sendSoon = useDebouncedCallback((typed: string) => {
    if (isWhole(typed.trim())) send(typed);
  }, 500);

  useEffect(() => {
    if (value === sent.current) return;
    // It came from elsewhere: a link that clears the filters, or the way back.
    sent.current = value;
    setText(value);
  }, [value]);

  return (
    <TextInput
      {...rest}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        sendSoon(currentTarget.value);
      }}
      onBlur={() => send(text)}
      onKeyDown={({ key }) => key === 'Enter' && send(text)}
    />
  );
}

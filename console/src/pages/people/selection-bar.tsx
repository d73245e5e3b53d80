import type { Member } from '@latchkey/client';
import { Button, CloseButton, Group, Menu, Paper, Text } from '@mantine/core';
import { type Ref, useEffect, useRef } from 'react';
import { announce } from '../../components/announce.tsx';
import { AdjustmentsIcon, BanIcon, ChevronDownIcon, SendIcon, UserXIcon } from '../../components/icons.tsx';
import { useWords } from '../../words/words.tsx';
import { useNarrow } from './narrow.ts';
import type { Selection } from './selection.ts';
import classes from './selection-bar.module.css';

/** What can be done to many at once. */
export type BulkAction = 'permissions' | 'resend' | 'cancel' | 'revoke';

/** Above everything at the lower edge, while anybody is selected: how many they are, and what can be done to them. */
export function SelectionBar(props: {
  ref: Ref<HTMLElement>;
  selection: Selection;
  shown: readonly Member[];
  onAction: (action: BulkAction) => void;
}) {
  const { ref, selection, shown, onAction } = props;
  const { people: words } = useWords();
  const narrow = useNarrow(80);
  const { size } = selection.people;
  useAnnouncedCount(size);
  if (size === 0) return null;
  const elsewhere = size - shown.filter(({ email }) => selection.people.has(email)).length;
  const actions = actionsFor([...selection.people.values()]);
  return (
    <Paper
      component="section"
      ref={ref}
      tabIndex={-1}
      aria-label={words.selection}
      shadow="lg"
      withBorder
      radius="lg"
      className={classes.bar}
    >
      <CloseButton onClick={selection.clear} aria-label={words.clearSelection} />
      <Text size="sm" className={classes.count}>
        <strong>{words.selected(size)}</strong>
        {elsewhere > 0 && <span className={classes.elsewhere}>{words.elsewhere(elsewhere)}</span>}
      </Text>
      {narrow ? (
        <Menu position="top-end" withinPortal shadow="md">
          <Menu.Target>
            <Button rightSection={<ChevronDownIcon size={18} />}>{words.actions}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {actions.map(({ action, label, icon: Drawing, grave }) => (
              <Menu.Item
                key={action}
                leftSection={<Drawing size={18} />}
                {...(grave && { color: 'var(--mantine-color-error)' })}
                onClick={() => onAction(action)}
              >
                {words[label]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <Group gap="xs" wrap="nowrap">
          {actions.map(({ action, label, icon: Drawing, grave }) => (
            <Button
              key={action}
              size="xs"
              variant="default"
              {...(grave && { c: 'var(--mantine-color-error)' })}
              leftSection={<Drawing size={16} />}
              onClick={() => onAction(action)}
            >
              {words[label]}
            </Button>
          ))}
        </Group>
      )}
    </Paper>
  );
}

const everyAction = [
  { action: 'permissions', label: 'changePermissions', icon: AdjustmentsIcon, forInvited: false, grave: false },
  { action: 'resend', label: 'resend', icon: SendIcon, forInvited: true, grave: false },
  { action: 'cancel', label: 'cancel', icon: BanIcon, forInvited: true, grave: false },
  { action: 'revoke', label: 'revoke', icon: UserXIcon, forInvited: false, grave: true },
] as const;

/** Invitations can be sent again or taken back only where somebody has not joined. */
function actionsFor(people: readonly Member[]): (typeof everyAction)[number][] {
  const someInvited = people.some(({ status }) => status !== 'active');
  return everyAction.filter(({ forInvited }) => someInvited || !forInvited);
}

function useAnnouncedCount(size: number): void {
  const { people: words } = useWords();
  const before = useRef(size);
  useEffect(() => {
    if (size !== before.current) announce(size === 0 ? words.nobodySelected : words.selected(size));
    before.current = size;
  }, [size, words]);
}

import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorNotice } from '../../components/error-notice.tsx';
import type { Icon } from '../../components/icons.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import classes from './rows.module.css';

/** A list of things that are each named, explained and can be taken away. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className={classes.rows}>{children}</ul>;
}

export function Row(props: {
  icon: Icon;
  name: string;
  badge?: ReactNode;
  facts: ReactNode[];
  /** What is being done to take it away, while that is under way: “Removing…”. */
  leaving: string | false;
  /** Why it was not taken away. */
  problem: unknown;
  action?: ReactNode;
}) {
  const { icon: Drawing, name, badge, facts, leaving, problem, action } = props;
  return (
    <li className={classes.row} data-leaving={leaving !== false || undefined}>
      <span className={classes.icon}>
        <Drawing size={24} />
      </span>
      <div className={classes.words}>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          {badge}
          <span role="status">{leaving && <StatusBadge tone="waiting">{leaving}</StatusBadge>}</span>
        </Group>
        {facts.map((fact, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the facts of a row never change places
          <Text key={at} size="sm" c="dimmed">
            {fact}
          </Text>
        ))}
        <ErrorNotice error={problem} />
      </div>
      {action}
    </li>
  );
}

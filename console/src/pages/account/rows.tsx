import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Icon } from '../../components/icons.tsx';
import classes from './rows.module.css';

/** A list of things that are each named, explained and can be taken away. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className={classes.rows}>{children}</ul>;
}

export function Row(props: { icon: Icon; name: string; badge?: ReactNode; facts: ReactNode[]; action?: ReactNode }) {
  const { icon: Drawing, name, badge, facts, action } = props;
  return (
    <li className={classes.row}>
      <span className={classes.icon}>
        <Drawing size={24} />
      </span>
      <div className={classes.words}>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          {badge}
        </Group>
        {facts.map((fact, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the facts of a row never change places
          <Text key={at} size="sm" c="dimmed">
            {fact}
          </Text>
        ))}
      </div>
      {action}
    </li>
  );
}

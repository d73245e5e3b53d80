import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';
import type { Icon } from './icons.tsx';

/** Where a list would be: what is missing, why, and what to do about it. */
export function EmptyState(props: { icon?: Icon; title: string; children?: ReactNode; action?: ReactNode }) {
  const { icon: Drawing, title, children, action } = props;
  return (
    <Stack align="center" gap="xs" py={48} px="md" className={classes.empty}>
      {Drawing && (
        <span className={classes.icon}>
          <Drawing size={28} />
        </span>
      )}
      <Title order={2}>{title}</Title>
      {children && (
        <Text c="dimmed" maw="32rem" component="div">
          {children}
        </Text>
      )}
      {action && <div className={classes.action}>{action}</div>}
    </Stack>
  );
}

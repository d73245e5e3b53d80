import { Paper, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

/** A titled part of a page, in a frame of its own. */
export function Section(props: { title: string; hint?: ReactNode; children: ReactNode }) {
  const { title, hint, children } = props;
  const id = useId();
  return (
    <Paper component="section" withBorder radius="lg" p="lg" aria-labelledby={id}>
      <Title order={2} id={id}>
        {title}
      </Title>
      {hint && (
        <Text c="dimmed" size="sm" mt={2}>
          {hint}
        </Text>
      )}
      <div style={{ marginTop: 'var(--mantine-spacing-md)' }}>{children}</div>
    </Paper>
  );
}

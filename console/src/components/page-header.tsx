import { Group, Text, Title } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useContext, useEffect, useRef } from 'react';
import { OrganizationContext } from '../session.tsx';
import classes from './page-header.module.css';

/** Whether no page has begun yet: browsers begin at the top of the first by themselves. */
let first = true;

/** What every page begins with: its heading, which is also the document's title and where the focus goes after following a link. */
export function PageHeader({ title, lead, actions }: { title: string; lead?: ReactNode; actions?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const organization = useContext(OrganizationContext);
  // The router writes `%40` where people write `@`: one address, and no other page.
  const path = useLocation().pathname.replaceAll('%40', '@');

  useEffect(() => {
    document.title = [title, organization?.name, 'Latchkey'].filter(Boolean).join(' · ');
  }, [title, organization]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another address is another page, also where the same component shows it
  useEffect(() => {
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
  }, [path]);

  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="md">
      <div className={classes.words}>
        <Title order={1} ref={heading} tabIndex={-1} className={classes.heading}>
          {title}
        </Title>
        {lead && (
          <Text c="dimmed" mt={4} component="div">
            {lead}
          </Text>
        )}
      </div>
      {actions && <Group gap="sm">{actions}</Group>}
    </Group>
  );
}

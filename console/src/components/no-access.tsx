import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useOrganization } from '../session.tsx';
import { useWords } from '../words/words.tsx';
import { EmptyState } from './empty-state.tsx';
import { ShieldCheckIcon } from './icons.tsx';

/** In place of what the reader may not see: what it takes, and where they find what they may. */
export function NoAccess({ title, children }: { title: string; children: ReactNode }) {
  const { shell } = useWords();
  const { id } = useOrganization();
  return (
    <EmptyState
      icon={ShieldCheckIcon}
      title={title}
      action={
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/o/$organizationId/own-access" params={{ organizationId: id }} {...props} />}
        >
          {shell.ownAccess}
        </Button>
      }
    >
      {children}
    </EmptyState>
  );
}

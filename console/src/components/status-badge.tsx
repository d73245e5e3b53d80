import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

const colors = { good: 'latchkey', waiting: 'yellow', bad: 'red', quiet: 'gray' } as const;

/** A state in one word, told by the word first and by colour besides. */
export function StatusBadge({ tone, children }: { tone: keyof typeof colors; children: ReactNode }) {
  return <Badge color={colors[tone]}>{children}</Badge>;
}

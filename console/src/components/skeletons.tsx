import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useWords } from '../words/words.tsx';

/** Where rows of a list will be. */
export function RowsSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <Stack gap="sm" aria-busy="true">
      <Loading />
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <Skeleton key={row} height={44} radius="md" />
      ))}
    </Stack>
  );
}

/** Where a page's heading and first part will be. */
export function PageSkeleton() {
  return (
    <Stack gap="md" aria-busy="true">
      <Loading />
      <Skeleton height={32} width="min(16rem, 60%)" radius="md" />
      <Skeleton height={18} width="min(28rem, 90%)" radius="md" />
      <Skeleton height={220} radius="lg" mt="md" />
    </Stack>
  );
}

function Loading() {
  return <VisuallyHidden>{useWords().common.loading}</VisuallyHidden>;
}

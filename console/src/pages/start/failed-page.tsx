import { LatchkeyError } from '@latchkey/client';
import { Button, Container, Stack, Text } from '@mantine/core';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useWords } from '../../words/words.tsx';

/** In the place of a page that failed; the rest of the console stays. */
export function FailedPage({ error }: { error: unknown }) {
  const { problems } = useWords();
  return (
    <Container py="xl">
      <PageHeader title={problems.pageFailed} />
      <Stack align="flex-start">
        {error instanceof LatchkeyError ? (
          <ErrorNotice error={error} />
        ) : (
          <Text c="dimmed">{error instanceof Error ? error.message : String(error)}</Text>
        )}
        <Button onClick={() => location.reload()}>{problems.reload}</Button>
      </Stack>
    </Container>
  );
}

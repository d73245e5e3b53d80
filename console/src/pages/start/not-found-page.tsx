import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../../components/empty-state.tsx';
import { HelpCircleIcon } from '../../components/icons.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useWords } from '../../words/words.tsx';

/** What every address shows that is none of ours. */
export function NotFoundPage() {
  const words = useWords().shell;
  return (
    <>
      <PageHeader title={words.notFound} />
      <EmptyState
        icon={HelpCircleIcon}
        title={words.notFoundHint}
        action={<Button renderRoot={(props) => <Link to="/" {...props} />}>{words.toStart}</Button>}
      />
    </>
  );
}

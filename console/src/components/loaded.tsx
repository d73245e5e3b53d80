import type { UseQueryResult } from '@tanstack/react-query';
import { Fragment, type ReactNode } from 'react';
import type { ReasonWords } from '../problem-words.ts';
import { ErrorNotice } from './error-notice.tsx';
import { RowsSkeleton } from './skeletons.tsx';

/** What was read; before that a skeleton, and where reading failed, why. What was read earlier stays when reading it again fails. */
export function Loaded<Reply>(props: {
  query: Pick<UseQueryResult<Reply>, 'data' | 'error' | 'refetch'>;
  skeleton?: ReactNode;
  reasons?: ReasonWords;
  children: (reply: Reply) => ReactNode;
}) {
  const { query, skeleton = <RowsSkeleton />, reasons = {}, children } = props;
  if (query.data === undefined && !query.error) return skeleton;
  return (
    <>
      {query.error && <ErrorNotice error={query.error} reasons={reasons} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && <Fragment>{children(query.data)}</Fragment>}
    </>
  );
}

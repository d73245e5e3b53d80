import { Button, Group, Text } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../words/words.tsx';
import { announce } from './announce.tsx';

/** The button below a list that has further pages. Pressed for the last of them, it leaves the focus at the end of the list. */
export function LoadMore(props: {
  pages: Pick<
    UseInfiniteQueryResult<InfiniteData<unknown>>,
    'data' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
  >;
}) {
  const { pages } = props;
  const { common } = useWords();
  const [ended, setEnded] = useState(false);
  const end = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (ended) end.current?.focus({ preventScroll: true });
  }, [ended]);

  const loadMore = async (): Promise<void> => {
    setEnded(false);
    const { hasNextPage, isFetchNextPageError } = await pages.fetchNextPage();
    if (isFetchNextPageError) return;
    if (hasNextPage) announce(common.moreShown);
    setEnded(!hasNextPage);
  };

  const isWhole = ended && (pages.data?.pages.length ?? 0) > 1;
  if (!pages.hasNextPage && !isWhole) return null;
  return (
    <Group justify="center" mt="md">
      {pages.hasNextPage ? (
        <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void loadMore()}>
          {common.more}
        </Button>
      ) : (
        <Text ref={end} tabIndex={-1} size="sm" c="dimmed">
          {common.allShown}
        </Text>
      )}
    </Group>
  );
}

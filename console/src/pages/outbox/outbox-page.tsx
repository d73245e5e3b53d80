import { Alert, Button, Group, Text } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { usePages, useRead } from '../../api.ts';
import { useAnnouncedResults } from '../../components/announced-results.ts';
import { CopyLinkDialog, useCopyLink } from '../../components/copy-link-dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { InfoCircleIcon, MailIcon } from '../../components/icons.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { NoAccess } from '../../components/no-access.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RowsSkeleton } from '../../components/skeletons.tsx';
import { isRefusal } from '../../latchkey.ts';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import { DeliveryList } from './delivery-list.tsx';
import { type OutboxSearch, readOutboxSearch } from './outbox-search.ts';
import { StateLinks } from './state-links.tsx';

const pageSize = 50;
const watchMilliseconds = 5_000;

/** What became of each message, and what to do about those that did not arrive. */
export function OutboxPage() {
  const { outbox: words } = useWords();
  const search = readOutboxSearch(useSearch({ from: '/signed-in/o/$organizationId/outbox' }));
  const pages = usePages(
    ['deliveries', search],
    (latchkey, cursor, signal) => latchkey.listDeliveries({ ...search, limit: pageSize, cursor }, { signal }),
    { keep: true },
  );
  const ways = useRead(['ways'], (latchkey, signal) => latchkey.describeSignIn({ signal }));
  const copying = useCopyLink();
  const mails = ways.data?.mailed_links;
  const deliveries = pages.data?.pages.flatMap((page) => page.deliveries);
  const waiting = deliveries?.some(({ state }) => state === 'queued') ?? false;
  const shown = pages.isPlaceholderData ? undefined : deliveries?.length;
  useAnnouncedResults(JSON.stringify(search), shown === undefined ? undefined : words.shown(shown, pages.hasNextPage));
  useWatch(waiting && mails === true, pages.refetch);

  if (isRefusal(pages.error, 'permission_denied'))
    return (
      <>
        <PageHeader title={words.title} />
        <NoAccess title={words.notAllowed}>{words.notAllowedHint}</NoAccess>
      </>
    );
  return (
    <>
      <PageHeader title={words.title} lead={words.lead} />
      {mails === false && (
        <Alert color="yellow" variant="light" icon={<InfoCircleIcon />} title={words.noMailServer} mb="md">
          {words.noMailServerHint}
        </Alert>
      )}
      <StateLinks search={search} />
      {search.email !== undefined && <OnlyTo search={search} email={search.email} />}
      <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />
      {deliveries === undefined && !pages.error && <RowsSkeleton />}
      {deliveries !== undefined && deliveries.length > 0 && (
        <DeliveryList deliveries={deliveries} mails={mails} isOld={pages.isPlaceholderData} onCopyLink={copying.open} />
      )}
      {deliveries?.length === 0 && !pages.isPlaceholderData && <Nothing search={search} />}
      <LoadMore pages={pages} />
      <CopyLinkDialog {...copying.dialog} />
    </>
  );
}

/** Reads again every few seconds while something is on its way and somebody looks. */
function useWatch(active: boolean, read: () => Promise<unknown>): void {
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && void read(), watchMilliseconds);
    return () => clearInterval(timer);
  }, [active, read]);
}

function OnlyTo({ search: { email: _, ...others }, email }: { search: OutboxSearch; email: string }) {
  const { outbox: words } = useWords();
  const { id } = useOrganization();
  return (
    <Group gap="sm" mb="md">
      <Text size="sm">{words.onlyTo(email)}</Text>
      <Button
        variant="default"
        size="xs"
        renderRoot={(props) => (
          <Link to="/o/$organizationId/outbox" params={{ organizationId: id }} search={others} {...props} />
        )}
      >
        {words.toEverybody}
      </Button>
    </Group>
  );
}

function Nothing({ search: { state } }: { search: OutboxSearch }) {
  const { outbox: words, people } = useWords();
  const { id } = useOrganization();
  if (state !== undefined)
    return (
      <EmptyState icon={MailIcon} title={words.none[state]}>
        {words.noneHint[state]}
      </EmptyState>
    );
  return (
    <EmptyState
      icon={MailIcon}
      title={words.nothingYet}
      action={
        <Button
          renderRoot={(props) => (
            <Link to="/o/$organizationId/people/invite" params={{ organizationId: id }} {...props} />
          )}
        >
          {people.invite}
        </Button>
      }
    >
      {words.nothingYetHint}
    </EmptyState>
  );
}

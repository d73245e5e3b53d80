import { Button } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { actorInWords } from '../../activity/event-in-words.tsx';
import { usePages } from '../../api.ts';
import { useAnnouncedResults } from '../../components/announced-results.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { HistoryIcon, SearchIcon } from '../../components/icons.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { NoAccess } from '../../components/no-access.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RowsSkeleton } from '../../components/skeletons.tsx';
import { isRefusal } from '../../latchkey.ts';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { activityFilter, endsBeforeItBegins, isFiltered, readActivitySearch } from './activity-search.ts';
import { EventList } from './event-list.tsx';
import { ExportMenu, ExportState, useExport } from './export.tsx';

const pageSize = 50;

/** Who did what to whom, when and from where; found, read in words, and taken along as a file. */
export function ActivityPage() {
  const { activity: words, events: eventWords } = useWords();
  const search = readActivitySearch(useSearch({ from: '/signed-in/o/$organizationId/activity' }));
  const pages = usePages(
    ['activities', search],
    (latchkey, cursor, signal) =>
      latchkey.listActivities({ ...activityFilter(search), limit: pageSize, cursor }, { signal }),
    { keep: true },
  );
  const saving = useExport();
  const events = pages.data?.pages.flatMap(({ logs }) => logs);
  const shown = pages.isPlaceholderData ? undefined : events?.length;
  useAnnouncedResults(
    JSON.stringify(search),
    shown === undefined ? undefined : shown === 0 ? words.nothingFound : words.shown(shown, pages.hasNextPage),
  );

  if (isRefusal(pages.error, 'permission_denied'))
    return (
      <>
        <PageHeader title={words.title} />
        <NoAccess title={words.notAllowed}>{words.notAllowedHint}</NoAccess>
      </>
    );
  const wrong = isRefusal(pages.error, 'invalid_parameter') ? pages.error.details[0]?.path : undefined;
  const wrongAddress = wrong === 'email' || wrong === 'actor';
  return (
    <>
      <PageHeader title={words.title} lead={words.lead} actions={<ExportMenu saving={saving} search={search} />} />
      <ExportState saving={saving} />
      <ActivityFilters
        search={search}
        errors={{
          to: endsBeforeItBegins(search) ? words.endsBeforeItBegins : undefined,
          email: wrong === 'email' ? words.wrongAddress : undefined,
          by: wrong === 'actor' ? words.wrongAddress : undefined,
        }}
        actorName={pages.isPlaceholderData || !events?.[0] ? undefined : actorInWords(eventWords, events[0])}
      />
      {!wrongAddress && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {events === undefined && !pages.error && <RowsSkeleton rows={8} />}
      {events !== undefined && events.length > 0 && !wrongAddress && (
        <EventList events={events} isOld={pages.isPlaceholderData} />
      )}
      {events?.length === 0 && !pages.isPlaceholderData && <NothingFound filtered={isFiltered(search)} />}
      {!wrongAddress && <LoadMore pages={pages} />}
    </>
  );
}

function NothingFound({ filtered }: { filtered: boolean }) {
  const { activity: words } = useWords();
  const { id } = useOrganization();
  if (!filtered)
    return (
      <EmptyState icon={HistoryIcon} title={words.nothingYet}>
        {words.nothingYetHint}
      </EmptyState>
    );
  return (
    <EmptyState
      icon={SearchIcon}
      title={words.nothingFound}
      action={
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/o/$organizationId/activity" params={{ organizationId: id }} {...props} />}
        >
          {words.clearFilters}
        </Button>
      }
    >
      {words.nothingFoundHint}
    </EmptyState>
  );
}

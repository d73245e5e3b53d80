import { Box, Button, Space } from '@mantine/core';
import { Link, lazyRouteComponent, useSearch } from '@tanstack/react-router';
import { type RefObject, Suspense, useEffect, useRef, useState } from 'react';
import { announce } from '../../components/announce.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { SearchIcon, UserPlusIcon, UsersIcon } from '../../components/icons.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { NoAccess } from '../../components/no-access.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RowsSkeleton } from '../../components/skeletons.tsx';
import { isRefusal } from '../../latchkey.ts';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import type { Subject } from './bulk/bulk-dialog.tsx';
import { usePeople } from './people.ts';
import { PeopleFilters } from './people-filters.tsx';
import { PeopleList } from './people-list.tsx';
import { isFiltered, type PeopleSearch, readPeopleSearch } from './people-search.ts';
import { useSelection } from './selection.ts';
import { SelectionBar } from './selection-bar.tsx';

/** Loaded when somebody is about to need it: when anybody is selected. */
const BulkDialog = lazyRouteComponent(() => import('./bulk/bulk-dialog.tsx'), 'BulkDialog');

/** Everybody in the organization: found, filtered, and changed many at a time. */
export function PeoplePage() {
  const { people: words } = useWords();
  // The router passes on what it did not understand.
  const search = readPeopleSearch(useSearch({ from: '/signed-in/o/$organizationId/people' }));
  const pages = usePeople(search);
  const selection = useSelection();
  const [subject, setSubject] = useState<Subject>();
  const bar = useRef<HTMLElement>(null);
  const people = pages.data?.pages.flatMap(({ users }) => users);
  const isSelecting = selection.people.size > 0;
  useEffect(() => {
    if (isSelecting) void BulkDialog.preload?.();
  }, [isSelecting]);
  useAnnouncedResults(search, pages.isPlaceholderData ? undefined : people?.length, pages.hasNextPage);

  if (isRefusal(pages.error, 'permission_denied')) return <NotAllowed />;
  const alone = people?.length === 1 && !isFiltered(search);
  return (
    <>
      <PageHeader title={words.title} actions={<InviteButton />} />
      <PeopleFilters search={search} />
      <ErrorNotice error={pages.error} reasons={words.reasons} onRetry={() => void pages.refetch()} />
      {people === undefined && !pages.error && <RowsSkeleton rows={8} />}
      <SelectionBar
        ref={bar}
        selection={selection}
        shown={people ?? []}
        onAction={(action) => setSubject({ action, people: [...selection.people.values()] })}
      />
      {people !== undefined && people.length > 0 && (
        <PeopleList people={people} selection={selection} isOld={pages.isPlaceholderData} />
      )}
      {people?.length === 0 && <NothingFound />}
      {alone && <OnlyYou />}
      <LoadMore pages={pages} />
      {isSelecting && <Space h={72} />}
      {subject && (
        <Suspense>
          <BulkDialog
            subject={subject}
            onClose={(leftOver) => {
              setSubject(undefined);
              if (leftOver) selection.keep(leftOver);
              focusSoon(bar);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

/** The focus goes back to what can be done to those still selected; where nobody is, to the heading. */
function focusSoon(bar: RefObject<HTMLElement | null>): void {
  requestAnimationFrame(() => (bar.current ?? document.querySelector('h1'))?.focus({ preventScroll: true }));
}

/** Says to who listens what a changed filter has come to. What the page begins with they read by themselves. */
function useAnnouncedResults(search: PeopleSearch, shown: number | undefined, more: boolean): void {
  const { people: words } = useWords();
  const { sort, ...filters } = search;
  const asked = JSON.stringify(filters);
  const said = useRef(asked);
  useEffect(() => {
    if (shown === undefined || said.current === asked) return;
    said.current = asked;
    announce(shown === 0 ? words.nothingFound : words.shown(shown, more));
  }, [asked, shown, more, words]);
}

function InviteButton() {
  const { id } = useOrganization();
  return (
    <Button
      leftSection={<UserPlusIcon size={18} />}
      renderRoot={(props) => <Link to="/o/$organizationId/people/invite" params={{ organizationId: id }} {...props} />}
    >
      {useWords().people.invite}
    </Button>
  );
}

function OnlyYou() {
  const { people: words } = useWords();
  return (
    <Box mt="lg">
      <EmptyState icon={UsersIcon} title={words.onlyYou} action={<InviteButton />}>
        {words.onlyYouHint}
      </EmptyState>
    </Box>
  );
}

function NothingFound() {
  const { people: words } = useWords();
  const { id } = useOrganization();
  return (
    <EmptyState
      icon={SearchIcon}
      title={words.nothingFound}
      action={
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/o/$organizationId/people" params={{ organizationId: id }} {...props} />}
        >
          {words.clearFilters}
        </Button>
      }
    >
      {words.nothingFoundHint}
    </EmptyState>
  );
}

function NotAllowed() {
  const { people: words } = useWords();
  return (
    <>
      <PageHeader title={words.title} />
      <NoAccess title={words.notAllowed}>{words.notAllowedHint}</NoAccess>
    </>
  );
}

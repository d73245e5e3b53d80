import type { GetMeReply } from '@latchkey/client';
import { Alert, Anchor, Button, Group, Stack, Tabs, Text } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { ArrowLeftIcon, CrownIcon, InfoCircleIcon, LockIcon, UserIcon } from '../../components/icons.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NoAccess } from '../../components/no-access.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useHeld, useMe } from '../../held.ts';
import { isRefusal } from '../../latchkey.ts';
import { type Catalogue, useCatalogue } from '../../permissions/catalogue.ts';
import { grantsOf } from '../../permissions/grants.ts';
import { isBeyond, limitsOf } from '../../permissions/limits.ts';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { MemberState } from '../people/member-state.tsx';
import { AccessTab } from './access-tab.tsx';
import { History } from './history.tsx';
import { InvitationSection } from './invitation-section.tsx';
import { readMemberSearch } from './member-search.ts';
import { PermissionsTab } from './permissions-tab.tsx';
import { type GrantsAnswer, readEmail, useGrants, useListed, useSince } from './person.ts';

/** One person: what they may do, and what can be done about it. */
export function MemberPage() {
  const { email: written } = useParams({ from: '/signed-in/o/$organizationId/people/$email' });
  const email = readEmail(written);
  // Nothing that was begun for one person may be saved to another.
  return email === undefined ? <NotFound email={written} /> : <Person key={email} email={email} />;
}

function Person({ email }: { email: string }) {
  const { id } = useOrganization();
  const grants = useGrants(email);
  const me = useMe(id);
  const catalogue = useCatalogue();
  if (isRefusal(grants.error, 'document_not_found')) return <NotFound email={email} />;
  if (isRefusal(grants.error, 'permission_denied')) return <NotAllowed email={email} />;
  return (
    <Loaded query={grants} skeleton={<PageSkeleton />}>
      {(answer) => (
        <Loaded query={me} skeleton={<PageSkeleton />}>
          {(reader) => (
            <Loaded query={catalogue} skeleton={<PageSkeleton />}>
              {(known) => (
                <Known
                  email={email}
                  answer={answer}
                  reread={async () => (await grants.refetch()).data}
                  me={reader}
                  catalogue={known}
                />
              )}
            </Loaded>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function Known(props: {
  email: string;
  answer: GrantsAnswer;
  reread: () => Promise<GrantsAnswer | undefined>;
  me: GetMeReply;
  catalogue: Catalogue;
}) {
  const { email, answer, reread, me, catalogue } = props;
  const { member: words } = useWords();
  const { id } = useOrganization();
  const { tab = 'permissions' } = useSearch({ from: '/signed-in/o/$organizationId/people/$email' });
  const navigate = useNavigate({ from: '/o/$organizationId/people/$email' });
  const listed = useListed(email);
  const { is_owner: isOwner, status } = answer.reply;
  const limits = limitsOf(me, catalogue);
  const beyond = !isOwner && isBeyond(grantsOf(answer.reply), limits);
  const yourself = me.member?.id === answer.reply.id;
  const untouchable = isOwner || beyond;

  return (
    <>
      <Header email={email} isOwner={isOwner} yourself={yourself} joined={status === 'active'} member={listed.data} />
      <Stack gap="lg">
        {isOwner && (
          <Notice icon={<CrownIcon />} title={words.owner}>
            {words.ownerMeaning}
          </Notice>
        )}
        {beyond && (
          <Notice icon={<LockIcon />} title={words.beyond}>
            {words.beyondMeaning}
          </Notice>
        )}
        {yourself && (
          <Notice icon={<UserIcon />} title={words.yourself}>
            {words.yourselfMeaning}{' '}
            <Anchor
              size="sm"
              renderRoot={(rest) => (
                <Link to="/o/$organizationId/own-access" params={{ organizationId: id }} {...rest} />
              )}
            >
              {words.ownAccess}
            </Anchor>
          </Notice>
        )}
        {status !== 'active' && listed.data && <InvitationSection member={listed.data} readOnly={untouchable} />}
        <Tabs
          value={tab}
          onChange={(value) =>
            void navigate({ search: readMemberSearch({ tab: value }), replace: true, resetScroll: false })
          }
        >
          <Tabs.List aria-label={words.tabs} mb="lg">
            <Tabs.Tab value="permissions">{words.permissions}</Tabs.Tab>
            <Tabs.Tab value="access">{words.access}</Tabs.Tab>
            <Tabs.Tab value="history">{words.history}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="permissions">
            <PermissionsTab
              email={email}
              answer={answer}
              reread={reread}
              catalogue={catalogue}
              limits={limits}
              readOnly={untouchable}
            />
          </Tabs.Panel>
          <Tabs.Panel value="access">
            <Loaded query={listed}>
              {(member) =>
                member && (
                  <AccessTab
                    member={member}
                    grants={grantsOf(answer.reply)}
                    catalogue={catalogue}
                    readOnly={untouchable}
                    yourself={yourself}
                    mayGiveOwnership={me.member?.is_owner ?? false}
                  />
                )
              }
            </Loaded>
          </Tabs.Panel>
          <Tabs.Panel value="history" keepMounted={false}>
            <History email={email} catalogue={catalogue} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  );
}

function Header(props: {
  email: string;
  isOwner: boolean;
  yourself: boolean;
  joined: boolean;
  member: Parameters<typeof MemberState>[0]['member'] | null | undefined;
}) {
  const { email, isOwner, yourself, joined, member } = props;
  const { member: words, people } = useWords();
  const formats = useFormats();
  const { id } = useOrganization();
  const since = useSince(email, joined, useHeld(id)?.activity ?? false);
  return (
    <>
      <BackLink />
      <PageHeader
        title={email}
        lead={
          <Group gap="xs" mih="1.5rem">
            {isOwner && <StatusBadge tone="good">{people.owner}</StatusBadge>}
            {yourself && <StatusBadge tone="quiet">{people.you}</StatusBadge>}
            {member && (
              <MemberState inLine member={joined ? member : { ...member, delivery: null, invitation: null }} />
            )}
            {since.data && <Text size="sm">{(joined ? words.since : words.invited)(formats.date(since.data))}</Text>}
          </Group>
        }
      />
    </>
  );
}

function BackLink() {
  const words = useWords().member;
  const { id } = useOrganization();
  return (
    <Anchor
      size="sm"
      underline="hover"
      mb="xs"
      display="inline-flex"
      renderRoot={(rest) => <Link to="/o/$organizationId/people" params={{ organizationId: id }} {...rest} />}
    >
      <Group gap={4} component="span">
        <ArrowLeftIcon size={16} />
        {words.back}
      </Group>
    </Anchor>
  );
}

function Notice({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <Alert variant="light" color="gray" icon={icon ?? <InfoCircleIcon />} title={title}>
      {children}
    </Alert>
  );
}

function NotAllowed({ email }: { email: string }) {
  const { people: words } = useWords();
  return (
    <>
      <PageHeader title={email} />
      <NoAccess title={words.notAllowed}>{words.notAllowedHint}</NoAccess>
    </>
  );
}

function NotFound({ email }: { email: string }) {
  const words = useWords().member;
  const { id } = useOrganization();
  return (
    <>
      <BackLink />
      <PageHeader title={email} />
      <EmptyState
        icon={UserIcon}
        title={words.notFound}
        action={
          <Button
            renderRoot={(rest) => (
              <Link to="/o/$organizationId/people/invite" params={{ organizationId: id }} {...rest} />
            )}
          >
            {words.invite}
          </Button>
        }
      >
        {words.notFoundHint(email)}
      </EmptyState>
    </>
  );
}

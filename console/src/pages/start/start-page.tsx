import { Navigate, useParams } from '@tanstack/react-router';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { BuildingIcon } from '../../components/icons.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { useHeld, useMe } from '../../held.ts';
import { startingOrganization, useSession } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';

/** Leads to an organization, or says that there is none. */
export function StartPage() {
  const organization = startingOrganization(useSession());
  const words = useWords().shell;
  if (organization) return <Navigate to="/o/$organizationId" params={{ organizationId: organization.id }} replace />;
  return (
    <>
      <PageHeader title={words.start} />
      <EmptyState icon={BuildingIcon} title={words.noOrganization}>
        {words.noOrganizationHint}
      </EmptyState>
    </>
  );
}

/** Leads to what the reader most likely wants in an organization: its people, or what they themselves may do. */
export function OrganizationStart() {
  const { organizationId } = useParams({ from: '/signed-in/o/$organizationId' });
  const me = useMe(organizationId);
  const held = useHeld(organizationId);
  if (me.error) return <ErrorNotice error={me.error} onRetry={() => void me.refetch()} />;
  if (!held) return <PageSkeleton />;
  return (
    <Navigate
      to={held.people ? '/o/$organizationId/people' : '/o/$organizationId/own-access'}
      params={{ organizationId }}
      replace
    />
  );
}

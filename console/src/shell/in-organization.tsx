import { Outlet, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { EmptyState } from '../components/empty-state.tsx';
import { BuildingIcon } from '../components/icons.tsx';
import { OrganizationContext, rememberOrganization, useSession } from '../session.tsx';
import { useWords } from '../words/words.tsx';
import { Shell } from './shell.tsx';

/** The pages of the organization that the address names. */
export function InOrganization() {
  const { organizationId } = useParams({ from: '/signed-in/o/$organizationId' });
  const { organizations } = useSession();
  const words = useWords().shell;
  const organization = organizations.find(({ id }) => id === organizationId);
  useEffect(() => {
    if (organization) rememberOrganization(organization.id);
  }, [organization]);
  return (
    <OrganizationContext value={organization}>
      <Shell organization={organization}>
        {organization ? (
          <Outlet key={organization.id} />
        ) : (
          <EmptyState icon={BuildingIcon} title={words.otherOrganization}>
            {words.otherOrganizationHint}
          </EmptyState>
        )}
      </Shell>
    </OrganizationContext>
  );
}

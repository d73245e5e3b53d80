import { Outlet } from '@tanstack/react-router';
import { startingOrganization, useSession } from '../session.tsx';
import { Shell } from './shell.tsx';

/** The pages that belong to the person, whatever the organization. */
export function OfThePerson() {
  return (
    <Shell organization={startingOrganization(useSession())}>
      <Outlet />
    </Shell>
  );
}

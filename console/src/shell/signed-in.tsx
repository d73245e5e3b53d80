import type { GetSessionReply } from '@latchkey/client';
import { Container } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Loaded } from '../components/loaded.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { useExpected } from '../expected.ts';
import { isRefusal, sessionQuery } from '../latchkey.ts';
import { SessionContext } from '../session.tsx';

/** Lets those who are signed in further; everybody else signs in first, and then comes back here. */
export function SignedIn() {
  const session = useQuery({ ...sessionQuery, select: useExpected<GetSessionReply>(sessionQuery.queryKey) });
  if (isRefusal(session.error, 'unauthorized')) return <ToSignIn ended={session.data !== undefined} />;
  if (session.data)
    return (
      <SessionContext value={session.data}>
        <Outlet />
      </SessionContext>
    );
  return (
    <Container py="xl">
      <Loaded query={session} skeleton={<PageSkeleton />}>
        {() => null}
      </Loaded>
    </Container>
  );
}

/** Once, and with the address that was asked for: the sign-in page's own takes its place while that page is loading. */
function ToSignIn({ ended }: { ended: boolean }) {
  const [next] = useState(useLocation().href);
  const [wasSignedIn] = useState(ended);
  const navigate = useNavigate();
  useEffect(() => {
    void navigate({ to: '/sign-in', search: { next, ...(wasSignedIn && { ended: true }) }, replace: true });
  }, [navigate, next, wasSignedIn]);
  return null;
}

import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { PageSkeleton } from './components/skeletons.tsx';
import { readActivitySearch } from './pages/activity/activity-search.ts';
import { readInviteSearch } from './pages/invite/invite-search.ts';
import { readKeysSearch } from './pages/keys/keys-search.ts';
import { readMemberSearch } from './pages/member/member-search.ts';
import { readOrganizationSearch } from './pages/organization/organization-search.ts';
import { readOutboxSearch } from './pages/outbox/outbox-search.ts';
import { readPeopleSearch } from './pages/people/people-search.ts';
import { readSignInSearch } from './pages/sign-in/sign-in-search.ts';
import { FailedPage } from './pages/start/failed-page.tsx';
import { NotFoundPage } from './pages/start/not-found-page.tsx';
import { OrganizationStart, StartPage } from './pages/start/start-page.tsx';
import { consolePath } from './place.ts';
import { InOrganization } from './shell/in-organization.tsx';
import { OfThePerson } from './shell/of-the-person.tsx';
import { SignedIn } from './shell/signed-in.tsx';

/**
 * Of an address a page is given only what it understands. The router by itself adds whatever else stands there, also what was
 * passed over for being wrong.
 */
function only<Search extends object>(read: (search: Record<string, unknown>) => Search) {
  return (search: Record<string, unknown>): Search => {
    const absent = Object.fromEntries(Object.keys(search).map((name) => [name, undefined]));
    return { ...absent, ...read(search) };
  };
}

const root = createRootRoute({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'sign-in',
  validateSearch: only(readSignInSearch),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', component: SignedIn });

const ofThePerson = createRoute({ getParentRoute: () => signedIn, id: 'of-the-person', component: OfThePerson });

const start = createRoute({ getParentRoute: () => ofThePerson, path: '/', component: StartPage });

const account = createRoute({
  getParentRoute: () => ofThePerson,
  path: 'account',
  component: lazyRouteComponent(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
});

/** The organization stands in the address, so that an address can be given to a colleague. */
const inOrganization = createRoute({
  getParentRoute: () => signedIn,
  path: 'o/$organizationId',
  component: InOrganization,
});

const organizationStart = createRoute({
  getParentRoute: () => inOrganization,
  path: '/',
  component: OrganizationStart,
});

const people = createRoute({
  getParentRoute: () => inOrganization,
  path: 'people',
  validateSearch: only(readPeopleSearch),
  component: lazyRouteComponent(() => import('./pages/people/people-page.tsx'), 'PeoplePage'),
});

const invite = createRoute({
  getParentRoute: () => inOrganization,
  path: 'people/invite',
  validateSearch: only(readInviteSearch),
  component: lazyRouteComponent(() => import('./pages/invite/invite-page.tsx'), 'InvitePage'),
});

const member = createRoute({
  getParentRoute: () => inOrganization,
  path: 'people/$email',
  validateSearch: only(readMemberSearch),
  component: lazyRouteComponent(() => import('./pages/member/member-page.tsx'), 'MemberPage'),
});

const activity = createRoute({
  getParentRoute: () => inOrganization,
  path: 'activity',
  validateSearch: only(readActivitySearch),
  component: lazyRouteComponent(() => import('./pages/activity/activity-page.tsx'), 'ActivityPage'),
});

const outbox = createRoute({
  getParentRoute: () => inOrganization,
  path: 'outbox',
  validateSearch: only(readOutboxSearch),
  component: lazyRouteComponent(() => import('./pages/outbox/outbox-page.tsx'), 'OutboxPage'),
});

const keys = createRoute({
  getParentRoute: () => inOrganization,
  path: 'keys',
  validateSearch: only(readKeysSearch),
  component: lazyRouteComponent(() => import('./pages/keys/keys-page.tsx'), 'KeysPage'),
});

const organization = createRoute({
  getParentRoute: () => inOrganization,
  path: 'organization',
  validateSearch: only(readOrganizationSearch),
  component: lazyRouteComponent(() => import('./pages/organization/organization-page.tsx'), 'OrganizationPage'),
});

const ownAccess = createRoute({
  getParentRoute: () => inOrganization,
  path: 'own-access',
  component: lazyRouteComponent(() => import('./pages/own-access/own-access-page.tsx'), 'OwnAccessPage'),
});

const routeTree = root.addChildren([
  signIn,
  signedIn.addChildren([
    ofThePerson.addChildren([start, account]),
    inOrganization.addChildren([
      organizationStart,
      people,
      invite,
      member,
      activity,
      outbox,
      keys,
      organization,
      ownAccess,
    ]),
  ]),
]);

/** Every page of the console and its address; pages are loaded when somebody is about to go to them. */
export const router = createRouter({
  routeTree,
  basepath: consolePath,
  defaultPreload: 'intent',
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: FailedPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

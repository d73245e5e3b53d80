import { Burger, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, lazyRouteComponent, useLocation } from '@tanstack/react-router';
import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Mark } from '../components/mark.tsx';
import type { Organization } from '../session.tsx';
import { useWords } from '../words/words.tsx';
import { Navigation } from './navigation.tsx';
import { OrganizationSwitcher } from './organization-switcher.tsx';
import classes from './shell.module.css';
import { UserMenu } from './user-menu.tsx';

/** Loaded when somebody is about to open it: most screens have room for what is in it. */
const NavigationDrawer = lazyRouteComponent(() => import('./navigation-drawer.tsx'), 'NavigationDrawer');
const loadDrawer = (): void => void NavigationDrawer.preload?.();

/** What stands around every page: where one can go at the side, or behind a button where there is no room for that. */
export function Shell({ organization, children }: { organization: Organization | undefined; children: ReactNode }) {
  const words = useWords().shell;
  const [isNeeded, setNeeded] = useState(false);
  const [opened, drawer] = useDisclosure(false, { onOpen: () => setNeeded(true) });
  const burger = useRef<HTMLButtonElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever went elsewhere is done with the menu
  useEffect(drawer.close, [pathname]);

  const closeAgain = (): void => {
    drawer.close();
    burger.current?.focus({ preventScroll: true });
  };

  return (
    <>
      <a href="#content" className={classes.skip}>
        {words.skip}
      </a>
      <div className={classes.shell}>
        <aside className={classes.sidebar} aria-label="Latchkey">
          <Brand />
          <OrganizationSwitcher organization={organization} />
          <Navigation organization={organization} />
          <div className={classes.grow} />
          <UserMenu organization={organization} />
        </aside>
        <aside className={classes.bar} aria-label="Latchkey">
          <Burger
            ref={burger}
            opened={opened}
            onPointerEnter={loadDrawer}
            onFocus={loadDrawer}
            onClick={drawer.toggle}
            aria-label={words.openMenu}
            size="sm"
          />
          <Brand />
        </aside>
        <main id="content" tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
      {isNeeded && (
        <Suspense>
          <NavigationDrawer opened={opened} onClose={closeAgain} title={<Brand />}>
            <Stack gap="md">
              <OrganizationSwitcher organization={organization} />
              <Navigation organization={organization} />
              <UserMenu organization={organization} />
            </Stack>
          </NavigationDrawer>
        </Suspense>
      )}
    </>
  );
}

function Brand() {
  return (
    <Link to="/" className={classes.brand}>
      <Mark />
      Latchkey
    </Link>
  );
}

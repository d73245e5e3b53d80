import { Burger, Drawer, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { Mark } from '../components/mark.tsx';
import type { Organization } from '../session.tsx';
import { useWords } from '../words/words.tsx';
import { Navigation } from './navigation.tsx';
import { OrganizationSwitcher } from './organization-switcher.tsx';
import classes from './shell.module.css';
import { UserMenu } from './user-menu.tsx';

/** What stands around every page: where one can go at the side, or behind a button where there is no room for that. */
export function Shell({ organization, children }: { organization: Organization | undefined; children: ReactNode }) {
  const words = useWords().shell;
  const [opened, drawer] = useDisclosure();
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever went elsewhere is done with the menu
  useEffect(drawer.close, [pathname]);

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
          <Burger opened={opened} onClick={drawer.toggle} aria-label={words.openMenu} size="sm" />
          <Brand />
        </aside>
        <main id="content" tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
      <Drawer
        opened={opened}
        onClose={drawer.close}
        size="18rem"
        title={<Brand />}
        closeButtonProps={{ 'aria-label': words.closeMenu }}
      >
        <Stack gap="md">
          <OrganizationSwitcher organization={organization} />
          <Navigation organization={organization} />
          <UserMenu organization={organization} />
        </Stack>
      </Drawer>
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

import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../words/words.tsx';

/** What stands at the side of a wide screen, for those that have no room for it. */
export function NavigationDrawer(props: {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
}) {
  const words = useWords().shell;
  return (
    <Drawer
      {...props}
      // Whoever went elsewhere is at the heading of the page they came to.
      returnFocus={false}
      size="18rem"
      closeButtonProps={{ 'aria-label': words.closeMenu }}
    />
  );
}

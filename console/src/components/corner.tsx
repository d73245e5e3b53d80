import { useNotifications } from '@mantine/notifications';
import { type ComponentType, useEffect, useState } from 'react';

/** Milliseconds after which the first page has what it needs itself. */
const later = 2_000;

/**
 * Where what happened is shown for a while. Nobody needs that before they have done something, so it is loaded after the page;
 * before anything could go wrong on the way, or at once where there is something to show.
 */
export function Corner() {
  const [Toasts, setToasts] = useState<ComponentType>();
  const isNeeded = useNotifications().notifications.length > 0;
  useEffect(() => {
    if (Toasts) return;
    const load = async () => {
      // What cannot be loaded now is tried again when there is something to show.
      const loaded = await import('./toasts.tsx').catch(() => undefined);
      if (loaded) setToasts(() => loaded.Toasts);
    };
    const timer = setTimeout(load, isNeeded ? 0 : later);
    return () => clearTimeout(timer);
  }, [Toasts, isNeeded]);
  return Toasts && <Toasts />;
}

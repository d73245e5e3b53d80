import { VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useSyncExternalStore } from 'react';
import { CircleCheckIcon } from './icons.tsx';

let said = '';
const listeners = new Set<() => void>();

/** Says something to who listens rather than looks. */
export function announce(text: string): void {
  // Said twice, the same text would change nothing and so be read once; a space that cannot be heard makes it new.
  said = text === said ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}

/** Says that something worked: shown for a while in the corner, and read out. */
export function tellDone(text: string): void {
  notifications.show({ message: text, icon: <CircleCheckIcon size={18} />, color: 'latchkey' });
}

/** Where announcements are read from; once in the whole console. */
export function LiveRegion() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => said,
  );
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {text}
    </VisuallyHidden>
  );
}

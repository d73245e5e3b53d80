import { useSyncExternalStore } from 'react';
import { consolePath } from './place.ts';

// A sign-in link carries its token behind the #. It is taken out of the address before anything else sees that, so that neither
// the history nor a screenshot has it; here it stays in memory until it is used or the page is left.

let token = takeFromAddress();
const listeners = new Set<() => void>();

// A link may also be pasted into a console that is open already.
addEventListener('hashchange', () => {
  const another = takeFromAddress();
  if (another !== undefined) set(another);
});

/** The token of the link that led here, if one did. */
export function useLinkToken(): string | undefined {
  return useSyncExternalStore(subscribe, () => token);
}

export const forgetLinkToken = (): void => set(undefined);

function takeFromAddress(): string | undefined {
  const { pathname, search, hash } = location;
  if (pathname !== `${consolePath}/sign-in` || hash.length < 2) return undefined;
  history.replaceState(history.state, '', pathname + search);
  return hash.slice(1);
}

function set(another: string | undefined): void {
  token = another;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

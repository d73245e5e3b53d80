import { problem } from './problem.ts';

/**
 * What lasts longer than a session, or lets somebody in, is given only to who has just signed in: a browser left open, or a
 * stolen cookie, is not enough for a passkey, a key, a link, or ownership.
 * @throws Problem `permission_denied`, reason `sign_in_again`
 */
export function requireFreshSignIn(signedIn: { fresh: boolean }): void {
  if (signedIn.fresh) return;
  throw problem(
    'permission_denied',
    'latchkey-session',
    'sign_in_again',
    'This needs a sign-in of the last hour. Sign in again, then repeat it.',
  );
}

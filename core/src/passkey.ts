import { type Problem, problem } from './problem.ts';

/** More than anybody has devices for; what is asked of an authenticator lists them all. */
export const mostPasskeys = 20;

/** How long a browser may take to answer a challenge. */
export const challengeSeconds = 300;

/** @throws Problem `permission_denied`, reason `too_many_passkeys` */
export function requireRoomForPasskey(passkeys: number): void {
  if (passkeys < mostPasskeys) return;
  throw problem(
    'permission_denied',
    'response',
    'too_many_passkeys',
    `You have ${mostPasskeys} passkeys, which is as many as there can be. Remove one that you no longer use.`,
  );
}

/**
 * Whoever holds a passkey and a copy of it uses both in turn, so that one of the counters falls behind (WebAuthn Level 3,
 * §6.1.1). Authenticators that do not count always say 0.
 */
export const isCounterAhead = (shown: number, stored: number): boolean =>
  shown > stored || (shown === 0 && stored === 0);

export const passkeyCopied = (): Problem =>
  problem(
    'permission_denied',
    'response',
    'passkey_copied',
    'This passkey counts backwards, as a copy of it would. Sign in another way, remove it, and add a new one.',
  );

/** One answer to all that can be wrong with a passkey's, so that it tells nobody which passkeys there are. */
export const passkeyRefused = (): Problem =>
  problem(
    'permission_denied',
    'response',
    'passkey_refused',
    'This passkey was not accepted. Try once more, or sign in another way.',
  );

export const passkeyExists = (): Problem =>
  problem('duplicate_parameter', 'response', 'passkey_exists', 'This passkey has been added already.');

export const unknownPasskey = (): Problem =>
  problem('document_not_found', 'id', 'unknown_passkey', 'You have no such passkey; it may have been removed already.');

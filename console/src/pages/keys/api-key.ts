import type { ListApiKeysReply } from '@latchkey/client';
import { type Grants, permissionsOf } from '../../permissions/grants.ts';
import type { Limits } from '../../permissions/limits.ts';

export type ApiKey = ListApiKeysReply['api_keys'][number];

export const grantsOf = ({ all_features_access, privileges }: ApiKey): Grants => ({
  everything: all_features_access,
  permissions: permissionsOf(privileges),
});

/** Whoever gives a key a new secret, or takes it away, must hold what it holds. The server decides; this shows it before anybody asks. */
export function holdsMore(key: ApiKey, limits: Limits): boolean {
  const { everything, permissions } = grantsOf(key);
  if (everything) return limits.everything !== null;
  return [...permissions].some((name) => limits.of(name) === 'ceiling');
}

export type KeyEnd = 'expired' | 'soon' | 'later' | 'never';

const soonMilliseconds = 14 * 86_400_000;

export function endOf({ expires_at: expiresAt }: ApiKey, now: number = Date.now()): KeyEnd {
  if (expiresAt === null) return 'never';
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return 'expired';
  return left < soonMilliseconds ? 'soon' : 'later';
}

/** Keys whose name, last characters or member have these words in them. */
export function matching(keys: readonly ApiKey[], find: string | undefined): ApiKey[] {
  const wanted = (find ?? '').trim().toLocaleLowerCase();
  const has = (text: string): boolean => text.toLocaleLowerCase().includes(wanted);
  return keys.filter(({ name, hint, member }) => has(name) || has(hint) || has(member?.email ?? ''));
}

/** Puts the focus on the key that was dealt with, or to the page's beginning where it is gone. */
export function focusKey(keyId: string | undefined): void {
  // Whoever has gone on meanwhile, in another menu or dialog, is not called back.
  if (document.activeElement?.closest('[role="menu"], [role="dialog"]')) return;
  const actions = document.querySelector<HTMLElement>(`[data-actions-of="${keyId}"]`);
  (actions ?? document.querySelector('h1'))?.focus();
}

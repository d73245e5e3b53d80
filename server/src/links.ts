import { linkKey, readInvitationLink, signInvitationLink } from '@latchkey/core/invitation-link.ts';
import { readSignInLink, signInKey, signSignInLink } from '@latchkey/core/sign-in-link.ts';
import type { Links, SignInRules } from './usecases/call.ts';

/** Links signed with the newest secret; those signed with an older one stay good. The token is in the fragment, which is never sent. */
export function invitationLinks(publicUrl: string, secrets: readonly string[]): Links {
  const keys = secrets.map(linkKey);
  const [newest] = keys;
  if (!newest) throw new Error('links need a secret');
  return {
    url: (link) => `${publicUrl}/join#${signInvitationLink(newest, link)}`,
    read: (token) => readInvitationLink(keys, token),
  };
}

/** Sign-in links likewise, by keys of their own. */
export function signInLinks(publicUrl: string, secrets: readonly string[]): Pick<SignInRules, 'url' | 'read'> {
  const keys = secrets.map(signInKey);
  const [newest] = keys;
  if (!newest) throw new Error('links need a secret');
  return {
    url: (linkId) => `${publicUrl}/console/sign-in#${signSignInLink(newest, linkId)}`,
    read: (token) => readSignInLink(keys, token),
  };
}

import { linkKey, readInvitationLink, signInvitationLink } from '@latchkey/core/invitation-link.ts';
import type { Links } from './usecases/call.ts';

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

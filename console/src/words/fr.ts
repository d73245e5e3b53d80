import { account } from './fr/account.ts';
import { activity } from './fr/activity.ts';
import { common } from './fr/common.ts';
import { copyLink } from './fr/copy-link.ts';
import { events } from './fr/events.ts';
import { invite } from './fr/invite.ts';
import { keys } from './fr/keys.ts';
import { member } from './fr/member.ts';
import { organization } from './fr/organization.ts';
import { outbox } from './fr/outbox.ts';
import { ownAccess } from './fr/own-access.ts';
import { people } from './fr/people.ts';
import { permissions } from './fr/permissions.ts';
import { problems } from './fr/problems.ts';
import { shell } from './fr/shell.ts';
import { signIn } from './fr/sign-in.ts';
import { withFrenchSpaces } from './french-spaces.ts';
import type { Words } from './words.tsx';

export const fr: Words = withFrenchSpaces({
  account,
  activity,
  common,
  copyLink,
  events,
  invite,
  keys,
  member,
  organization,
  outbox,
  ownAccess,
  people,
  permissions,
  problems,
  shell,
  signIn,
});

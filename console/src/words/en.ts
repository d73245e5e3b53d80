import { account } from './en/account.ts';
import { activity } from './en/activity.ts';
import { common } from './en/common.ts';
import { copyLink } from './en/copy-link.ts';
import { events } from './en/events.ts';
import { invite } from './en/invite.ts';
import { keys } from './en/keys.ts';
import { member } from './en/member.ts';
import { organization } from './en/organization.ts';
import { outbox } from './en/outbox.ts';
import { ownAccess } from './en/own-access.ts';
import { people } from './en/people.ts';
import { permissions } from './en/permissions.ts';
import { problems } from './en/problems.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';

/** The words of the console in English, page by page. What stands here is what every language has. */
export const en = {
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
};

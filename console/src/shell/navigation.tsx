import { Link } from '@tanstack/react-router';
import {
  HistoryIcon,
  type Icon,
  KeyIcon,
  MailIcon,
  SettingsIcon,
  ShieldCheckIcon,
  UsersIcon,
} from '../components/icons.tsx';
import { type Held, useHeld } from '../held.ts';
import type { Organization } from '../session.tsx';
import { useWords, type Words } from '../words/words.tsx';
import classes from './shell.module.css';

interface Place {
  to: `/o/$organizationId/${'people' | 'activity' | 'outbox' | 'keys' | 'organization' | 'own-access'}`;
  words: keyof Words['shell'] & ('people' | 'activity' | 'outbox' | 'keys' | 'organization' | 'ownAccess');
  icon: Icon;
  /** What it takes to be shown it; nothing where absent. */
  for?: keyof Held;
}

const places: Place[] = [
  { to: '/o/$organizationId/people', words: 'people', icon: UsersIcon, for: 'people' },
  {
    to: '/o/$organizationId/activity',
    words: 'activity',
    icon: HistoryIcon,
    for: 'activity',
  },
  { to: '/o/$organizationId/outbox', words: 'outbox', icon: MailIcon, for: 'people' },
  { to: '/o/$organizationId/keys', words: 'keys', icon: KeyIcon, for: 'keys' },
  { to: '/o/$organizationId/organization', words: 'organization', icon: SettingsIcon, for: 'everything' },
  { to: '/o/$organizationId/own-access', words: 'ownAccess', icon: ShieldCheckIcon },
];

/** The pages of an organization that its reader has any use for. */
export function Navigation({ organization }: { organization: Organization | undefined }) {
  const words = useWords().shell;
  const held = useHeld(organization?.id);
  if (!organization) return null;
  return (
    <nav aria-label={words.navigation}>
      <ul className={classes.list}>
        {places
          .filter((place) => place.for === undefined || held?.[place.for])
          .map(({ to, words: name, icon: Drawing }) => (
            <li key={to}>
              <Link
                to={to}
                params={{ organizationId: organization.id }}
                activeOptions={{ includeSearch: false }}
                className={classes.link}
              >
                <Drawing />
                {words[name]}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

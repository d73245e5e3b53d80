import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  BookIcon,
  FingerprintIcon,
  LogoutIcon,
  SelectorIcon,
  ShieldCheckIcon,
  UserCircleIcon,
} from '../components/icons.tsx';
import { tellProblem } from '../components/tell-problem.ts';
import { type Language, languages } from '../language.ts';
import { isRefusal, personal, queryClient } from '../latchkey.ts';
import { serverUrl } from '../place.ts';
import { type Organization, useSession } from '../session.tsx';
import { useLanguage, useWords } from '../words/words.tsx';
import classes from './shell.module.css';

/** What belongs to the person who is signed in. */
export function UserMenu({ organization }: { organization: Organization | undefined }) {
  const { email } = useSession();
  const { shell: words, problems } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { language, speak } = useLanguage();
  const navigate = useNavigate();

  const signOut = async () => {
    try {
      await personal.signOut();
    } catch (error) {
      // Whoever is signed out already has what they wanted.
      if (!isRefusal(error, 'unauthorized')) return tellProblem(problems, error);
    }
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };

  return (
    <Menu position="top-start" width="target" withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.chooser} aria-label={words.userMenu(email)}>
          <UserCircleIcon />
          <span className={classes.email}>{email}</span>
          <SelectorIcon size={18} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {organization && (
          <Menu.Item
            leftSection={<ShieldCheckIcon size={18} />}
            renderRoot={(props) => (
              <Link to="/o/$organizationId/own-access" params={{ organizationId: organization.id }} {...props} />
            )}
          >
            {words.ownAccess}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<FingerprintIcon size={18} />}
          renderRoot={(props) => <Link to="/account" {...props} />}
        >
          {words.account}
        </Menu.Item>
        <Menu.Item component="a" href={new URL('reference', serverUrl).href} leftSection={<BookIcon size={18} />}>
          {words.reference}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{words.scheme}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(chosen) => setColorScheme(chosen as MantineColorScheme)}>
          {Object.entries(words.schemes).map(([scheme, name]) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Label>{words.language}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(chosen) => speak(chosen as Language)}>
          {Object.entries(languages).map(([code, name]) => (
            <Menu.RadioItem key={code} value={code} lang={code}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<LogoutIcon size={18} />} onClick={() => void signOut()}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import { Stack } from '@mantine/core';
import { PageHeader } from '../../components/page-header.tsx';
import { useSession } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import { Passkeys } from './passkeys.tsx';
import { Preferences } from './preferences.tsx';
import { Sessions } from './sessions.tsx';

/** Where the reader is signed in, the passkeys that sign them in, and how they like the console to look. */
export function AccountPage() {
  const words = useWords().account;
  const { email } = useSession();
  return (
    <>
      <PageHeader
        title={words.title}
        lead={
          <>
            {words.signedInAs} <strong>{email}</strong>
          </>
        }
      />
      <Stack gap="lg" maw="48rem">
        <Passkeys />
        <Sessions />
        <Preferences />
      </Stack>
    </>
  );
}

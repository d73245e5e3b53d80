import { Alert, Button, Text } from '@mantine/core';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { personal, queryClient } from '../latchkey.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words/words.tsx';

/** What needs a sign-in of the last hour was refused: confirms that it is the reader, and brings them back here. */
export function SignInAgain() {
  const { problems: words } = useWords();
  const { href } = useLocation();
  const navigate = useNavigate();
  const signOut = async () => {
    await personal.signOut().catch(() => undefined);
    queryClient.clear();
    await navigate({ to: '/sign-in', search: { next: href } });
  };
  return (
    <Alert color="yellow" variant="light" role="alert">
      <Text size="sm">{words.signInAgain}</Text>
      <Button variant="default" size="xs" mt="sm" onClick={() => void signOut()}>
        {words.signInNow}
      </Button>
    </Alert>
  );
}

/** Whether what needs a sign-in of the last hour would be refused, by this device's clock. */
export const useSignedInAnHourAgo = (): boolean => Date.parse(useSession().signed_in_at) < Date.now() - 3_600_000;

import { Alert, Paper } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Mark } from '../../components/mark.tsx';
import { isRefusal, sessionQuery } from '../../latchkey.ts';
import { forgetLinkToken, useLinkToken } from '../../link-token.ts';
import { consolePath } from '../../place.ts';
import { useWords } from '../../words/words.tsx';
import { FollowLink } from './follow-link.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { RequestLink } from './request-link.tsx';
import classes from './sign-in-page.module.css';

/** Where people sign in, by a link that was mailed to them or by a passkey, and where they come back to when a session has ended. */
export function SignInPage() {
  const words = useWords().signIn;
  const { next = '/', ended = false } = useSearch({ from: '/sign-in' });
  const token = useLinkToken();
  const client = useQueryClient();
  const router = useRouter();
  // Whoever signs in by their mail's link does so in another tab; coming back to this one they are to be in, too.
  const session = useQuery({ ...sessionQuery, refetchInterval: false });
  const signedIn = session.isSuccess && token === undefined;

  useEffect(() => {
    if (signedIn) router.history.replace(consolePath + next);
  }, [signedIn, router, next]);

  useEffect(() => {
    // What the last one to be signed in read is nobody else's.
    if (!isRefusal(session.error, 'unauthorized')) return;
    client.removeQueries({ queryKey: ['organization'] });
    client.removeQueries({ queryKey: ['personal'] });
  }, [session.error, client]);

  const goOn = () => {
    forgetLinkToken();
    client.clear();
    router.history.replace(consolePath + next);
  };

  return (
    <div className={classes.page}>
      <Paper component="main" withBorder radius="lg" className={classes.card}>
        <div className={classes.brand}>
          <Mark height={26} />
          Latchkey
        </div>
        {ended && token === undefined && (
          <Alert color="yellow" variant="light" mb="md">
            {words.ended}
          </Alert>
        )}
        {token === undefined ? (
          <RequestLink onSignedIn={goOn} />
        ) : (
          <FollowLink key={token} token={token} onSignedIn={goOn} onDiscard={forgetLinkToken} />
        )}
      </Paper>
      <LanguageChoice />
    </div>
  );
}

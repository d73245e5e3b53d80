import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { isRefusal, personal } from '../../latchkey.ts';
import { useWords } from '../../words/words.tsx';

/**
 * What a sign-in link leads to. It says whom it signs in and does that by a click, so that nothing which merely follows links in
 * mails uses it up.
 */
export function FollowLink(props: { token: string; onSignedIn: () => void; onDiscard: () => void }) {
  const { token, onSignedIn, onDiscard } = props;
  const words = useWords().signIn;
  const link = useQuery({
    queryKey: ['sign-in-link', token],
    queryFn: async ({ signal }) => await personal.inspectSignIn({ token }, { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const signIn = useMutation({
    mutationFn: async () => await personal.signIn({ token }),
    onSuccess: onSignedIn,
    // Somebody else may have used it meanwhile.
    onError: () => void link.refetch(),
  });

  if (isRefusal(link.error, 'document_not_found'))
    return <Dead heading={words.unknownHeading} meaning={words.unknownMeaning} onDiscard={onDiscard} />;
  if (link.error) return <ErrorNotice error={link.error} onRetry={() => void link.refetch()} />;
  if (!link.data) return <PageSkeleton />;
  if (link.data.state === 'used')
    return <Dead heading={words.usedHeading} meaning={words.usedMeaning} onDiscard={onDiscard} />;
  if (link.data.state === 'expired')
    return <Dead heading={words.expiredHeading} meaning={words.expiredMeaning} onDiscard={onDiscard} />;
  return (
    <>
      <PageHeader title={words.openHeading(link.data.email)} lead={words.openMeaning} />
      <Stack>
        <ErrorNotice error={signIn.error} reasons={words.reasons} />
        <Group>
          <Button size="md" loading={signIn.isPending} onClick={() => signIn.mutate()}>
            {words.open}
          </Button>
          <Button size="md" variant="default" disabled={signIn.isPending} onClick={onDiscard}>
            {words.notYou}
          </Button>
        </Group>
      </Stack>
    </>
  );
}

function Dead({ heading, meaning, onDiscard }: { heading: string; meaning: string; onDiscard: () => void }) {
  const words = useWords().signIn;
  return (
    <>
      <PageHeader title={heading} />
      <Text mb="lg">{meaning}</Text>
      <Button size="md" onClick={onDiscard}>
        {words.requestAgain}
      </Button>
    </>
  );
}

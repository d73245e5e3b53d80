import type { Delivery } from '@latchkey/client';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { CopyLinkButton } from '../../components/copy-link-button.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { latchkeyIn } from '../../latchkey.ts';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import { SeeMember } from './not-invited.tsx';
import { type Result, refusalInWords } from './offer.ts';
import classes from './results.module.css';

const tones = { invited: 'good', unchanged: 'quiet', refused: 'bad' } as const;

/** What became of each address; and of each mail, while somebody looks. Links are for whoever got no mail. */
export function Results({ results, mailed }: { results: readonly Result[]; mailed: boolean }) {
  const { invite: words, problems } = useWords();
  const { id } = useOrganization();
  const heading = useRef<HTMLHeadingElement>(null);
  const deliveries = useNewestDeliveries(results, mailed);
  useEffect(() => {
    if (results.length > 0) heading.current?.focus();
  }, [results]);

  const refused = results.filter(({ outcome }) => outcome === 'refused').length;
  return (
    <section aria-labelledby="results" className={classes.results}>
      <Title order={2} id="results" ref={heading} tabIndex={-1} className={classes.heading}>
        {words.results}
      </Title>
      <Text c="dimmed" size="sm">
        {words.resultsHint(results.length - refused, refused)}
      </Text>
      <ul className={classes.list}>
        {results.map(({ email, outcome, error }) => {
          const delivery = deliveries.get(email);
          return (
            <li key={email} className={classes.row}>
              <Stack gap={2} className={classes.who}>
                <Group gap="xs">
                  <Text fw={550} className={classes.email}>
                    {email}
                  </Text>
                  <StatusBadge tone={tones[outcome]}>{words.outcomes[outcome]}</StatusBadge>
                </Group>
                {outcome === 'refused' && (
                  <Text size="sm" c="dimmed">
                    {refusalInWords(problems, error, words.reasons)}{' '}
                    {error?.code === 'duplicate_parameter' && <SeeMember email={email} />}
                  </Text>
                )}
                {outcome !== 'refused' && mailed && delivery && <Fate delivery={delivery} />}
              </Stack>
              {outcome !== 'refused' && !(mailed && delivery?.state === 'sent') && (
                <CopyLinkButton email={email} size="xs" />
              )}
            </li>
          );
        })}
      </ul>
      <Button
        variant="default"
        renderRoot={(props) => <Link to="/o/$organizationId/people" params={{ organizationId: id }} {...props} />}
      >
        {words.toPeople}
      </Button>
    </section>
  );
}

function Fate({ delivery: { state, reason } }: { delivery: Delivery }) {
  const words = useWords().invite.delivery;
  return (
    <Text size="sm" c={state === 'failed' ? 'var(--mantine-color-error)' : 'dimmed'}>
      {state === 'failed' ? words.failed(reason ?? '') : words[state]}
    </Text>
  );
}

/** The newest message to each, asked for again while one of them waits. */
function useNewestDeliveries(results: readonly Result[], mailed: boolean): Map<string, Delivery> {
  const { id } = useOrganization();
  const invited = results.filter(({ outcome }) => outcome !== 'refused').map(({ email }) => email);
  const { data } = useQuery({
    queryKey: ['organization', id, 'deliveries', 'newest'],
    queryFn: async ({ signal }) => await latchkeyIn(id).listDeliveries({ limit: 100 }, { signal }),
    enabled: mailed && invited.length > 0,
    refetchInterval: ({ state }) =>
      state.data?.deliveries.some((one) => one.state === 'queued' && invited.includes(one.email)) ? 2_000 : false,
  });
  // Newest first, so that of several the first is kept.
  return new Map((data?.deliveries ?? []).toReversed().map((delivery) => [delivery.email, delivery]));
}

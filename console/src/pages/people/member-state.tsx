import type { Member } from '@latchkey/client';
import { Flex, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { StatusBadge } from '../../components/status-badge.tsx';
import { failureInWords } from '../../deliveries/failure-in-words.ts';
import { useFormats, useWords } from '../../words/words.tsx';

/** Whether somebody has joined, may come in at the moment, and what became of their invitation; below each other, or in a line. */
export function MemberState({ member, inLine = false }: { member: Member; inLine?: boolean }) {
  const { people: words } = useWords();
  const formats = useFormats();
  const { status, suspended, access_expires_at: ends } = member;
  const hasEnded = ends !== null && Date.parse(ends) <= Date.now();
  const barred = suspended || hasEnded;
  return (
    <Flex
      gap={inLine ? 'xs' : 4}
      direction={inLine ? 'row' : 'column'}
      align={inLine ? 'center' : 'flex-start'}
      wrap="wrap"
    >
      <Group gap={6}>
        {status === 'active' && !barred && <StatusBadge tone="good">{words.states.active}</StatusBadge>}
        {status === 'pending' && <StatusBadge tone="waiting">{words.states.pending}</StatusBadge>}
        {status === 'expired' && <StatusBadge tone="quiet">{words.states.expired}</StatusBadge>}
        {status === 'declined' && <StatusBadge tone="quiet">{words.states.declined}</StatusBadge>}
        {suspended && <StatusBadge tone="bad">{words.suspended}</StatusBadge>}
        {hasEnded && <StatusBadge tone="bad">{words.accessEnded}</StatusBadge>}
      </Group>
      {ends !== null && (
        <Note>{hasEnded ? words.accessEndedOn(formats.date(ends)) : words.accessEnds(formats.date(ends))}</Note>
      )}
      {status === 'pending' && <InvitationFate member={member} />}
    </Flex>
  );
}

function InvitationFate({ member: { delivery, invitation } }: { member: Member }) {
  const { people: words, outbox } = useWords();
  const formats = useFormats();
  if (delivery?.state === 'failed')
    return (
      <Text size="xs" c="var(--mantine-color-error)">
        {delivery.reason === null
          ? words.delivery.failed
          : words.delivery.failedBecause(failureInWords(outbox.failures, delivery.reason).text)}
      </Text>
    );
  const sent =
    delivery?.state === 'queued'
      ? words.delivery.queued
      : delivery && words.delivery.sent(formats.relative(delivery.sent_at ?? delivery.created_at));
  const ends = invitation && words.invitationEnds(formats.relative(invitation.expires_at));
  return <Note>{[sent, ends].filter(Boolean).join(' · ')}</Note>;
}

function Note({ children }: { children: ReactNode }) {
  return (
    <Text size="xs" c="dimmed">
      {children}
    </Text>
  );
}

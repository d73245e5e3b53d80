import { Group, Text, Timeline } from '@mantine/core';
import { EventDetails, EventInWords } from '../../activity/event-in-words.tsx';
import { usePages } from '../../api.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { HistoryIcon } from '../../components/icons.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { When } from '../../components/when.tsx';
import { useHeld } from '../../held.ts';
import type { Catalogue } from '../../permissions/catalogue.ts';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';

/** What was done to a person's access, newest first; for readers of the audit log. */
export function History({ email, catalogue }: { email: string; catalogue: Catalogue }) {
  const { member: words } = useWords();
  const { id } = useOrganization();
  const held = useHeld(id);
  if (held?.activity === false)
    return (
      <EmptyState icon={HistoryIcon} title={words.noHistoryAllowed}>
        {words.noHistoryAllowedHint}
      </EmptyState>
    );
  return <Events email={email} catalogue={catalogue} />;
}

function Events({ email, catalogue }: { email: string; catalogue: Catalogue }) {
  const { member: words, events: eventWords } = useWords();
  const formats = useFormats();
  const pages = usePages(['member', email, 'history'], (latchkey, cursor, signal) =>
    latchkey.listActivities({ email, limit: 20, cursor }, { signal }),
  );
  return (
    <Loaded query={pages}>
      {(read) => {
        const events = read.pages.flatMap(({ logs }) => logs);
        if (events.length === 0)
          return (
            <EmptyState icon={HistoryIcon} title={words.noHistory}>
              {words.noHistoryHint}
            </EmptyState>
          );
        return (
          <>
            <Timeline bulletSize={14} lineWidth={2} active={-1}>
              {events.map((event) => (
                <Timeline.Item
                  key={event.id}
                  title={
                    <Group gap="xs">
                      <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
                        <EventInWords event={event} />
                      </Text>
                      {event.outcome === 'refused' && <StatusBadge tone="bad">{eventWords.refused}</StatusBadge>}
                    </Group>
                  }
                >
                  <EventDetails event={event} catalogue={catalogue} />
                  <Text size="xs" c="dimmed" mt={2}>
                    <When date={event.date} /> · {formats.moment(event.date)}
                  </Text>
                </Timeline.Item>
              ))}
            </Timeline>
            <LoadMore pages={pages} />
          </>
        );
      }}
    </Loaded>
  );
}

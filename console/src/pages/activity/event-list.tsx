import type { Activity } from '@latchkey/client';
import { UnstyledButton } from '@mantine/core';
import { useId, useState } from 'react';
import { EventInWords } from '../../activity/event-in-words.tsx';
import { ChevronRightIcon } from '../../components/icons.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { EventFacts } from './event-facts.tsx';
import classes from './event-list.module.css';

/** Events, newest first, each in a sentence; opened, with all that is known of it. */
export function EventList({ events, isOld }: { events: readonly Activity[]; isOld: boolean }) {
  const { activity: words } = useWords();
  return (
    <ul className={classes.list} aria-label={words.title} aria-busy={isOld} data-old={isOld || undefined}>
      {events.map((event) => (
        <EventRow key={event.id} event={event} />
      ))}
    </ul>
  );
}

function EventRow({ event }: { event: Activity }) {
  const { events } = useWords();
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <li className={classes.event}>
      <UnstyledButton
        className={classes.summary}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span className={classes.chevron}>
          <ChevronRightIcon size={18} />
        </span>
        <span className={classes.sentence}>
          <EventInWords event={event} />{' '}
          {event.outcome === 'refused' && <StatusBadge tone="bad">{events.refused}</StatusBadge>}
        </span>
        <time className={classes.when} dateTime={event.date}>
          <span>{formats.relative(event.date)}</span>{' '}
          <span className={classes.exact}>{formats.moment(event.date)}</span>
        </time>
      </UnstyledButton>
      <div id={id} hidden={!open} className={classes.facts}>
        {open && <EventFacts event={event} />}
      </div>
    </li>
  );
}

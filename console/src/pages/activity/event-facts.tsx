import type { Activity } from '@latchkey/client';
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { actorInWords, EventDetails } from '../../activity/event-in-words.tsx';
import { useHeld } from '../../held.ts';
import { useCatalogue } from '../../permissions/catalogue.ts';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { readActivitySearch } from './activity-search.ts';
import classes from './event-list.module.css';

/** All that is known of an event: in words, where it came from, and its details as the API has them. */
export function EventFacts({ event }: { event: Activity }) {
  const { activity: words, events } = useWords();
  const formats = useFormats();
  const { data: catalogue } = useCatalogue();
  const raw = flattened(event.details);
  return (
    <>
      <div>
        <EventDetails event={event} catalogue={catalogue} />
      </div>
      <Terms
        terms={[
          [words.who, actorInWords(events, event)],
          [words.whom, event.user_email !== null && <Person email={event.user_email} />],
          [words.when, `${formats.moment(event.date)} (${event.date})`],
          [words.ip, event.user_ip],
          [words.userAgent, event.user_agent],
          [words.requestId, event.request_id],
        ]}
      />
      <OnlyTheirs event={event} />
      {raw.length > 0 && (
        <section>
          <Text size="sm" c="dimmed">
            {words.raw}
          </Text>
          <Terms terms={raw} raw />
        </section>
      )}
    </>
  );
}

/** What else they did: a person by their address, so that their keys are they too; a key by its id. */
function OnlyTheirs({ event }: { event: Activity }) {
  const { activity: words, events } = useWords();
  const { id: organizationId } = useOrganization();
  const { kind, id, name } = event.actor;
  const by = kind === 'member' && name !== null ? name : id;
  if (by === null) return null;
  return (
    <Anchor
      size="sm"
      renderRoot={(props) => (
        <Link
          to="/o/$organizationId/activity"
          params={{ organizationId }}
          search={(before) => ({ ...readActivitySearch(before), by })}
          {...props}
        />
      )}
    >
      {words.onlyBy(actorInWords(events, event))}
    </Anchor>
  );
}

function Person({ email }: { email: string }) {
  const { id } = useOrganization();
  const held = useHeld(id);
  if (!held?.people) return email;
  return (
    <Anchor
      fz="inherit"
      renderRoot={(props) => (
        <Link to="/o/$organizationId/people/$email" params={{ organizationId: id, email }} preload={false} {...props} />
      )}
    >
      {email}
    </Anchor>
  );
}

function Terms({ terms, raw = false }: { terms: [string, ReactNode][]; raw?: boolean }) {
  return (
    <dl className={`${classes.terms} ${raw ? classes.raw : ''}`}>
      {terms
        .filter(([, meaning]) => meaning !== null && meaning !== false)
        .map(([term, meaning]) => (
          <Fragment key={term}>
            <dt>{term}</dt>
            <dd>{meaning}</dd>
          </Fragment>
        ))}
    </dl>
  );
}

/** `{before: {owner: true}}` as `before.owner`: `true`. */
function flattened(details: object, path = ''): [string, string][] {
  return Object.entries(details).flatMap(([name, value]) => {
    const isParent = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isParent ? flattened(value, `${path}${name}.`) : [[`${path}${name}`, written(value)]];
  });
}

function written(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.length === 0 ? '[]' : value.map(written).join(', ');
}

import type { Delivery } from '@latchkey/client';
import { Anchor, Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { LinkIcon, SendIcon } from '../../components/icons.tsx';
import { RestingButton } from '../../components/resting-button.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { When } from '../../components/when.tsx';
import { failureInWords, isOver } from '../../deliveries/failure-in-words.ts';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import classes from './outbox.module.css';

interface List {
  deliveries: readonly Delivery[];
  /** Whether this server sends mail; undefined until it is known. */
  mails: boolean | undefined;
  isOld: boolean;
  onCopyLink: (email: string) => void;
}

/** Messages, newest first, each with what became of it. Only the newest to somebody is one to do something about. */
export function DeliveryList({ deliveries, mails, isOld, onCopyLink }: List) {
  const { outbox: words } = useWords();
  const newest = new Map(deliveries.toReversed().map(({ email, id }) => [email, id]));
  return (
    <ul className={classes.list} aria-label={words.title} aria-busy={isOld} data-old={isOld || undefined}>
      {deliveries.map((delivery) => (
        <DeliveryRow
          key={delivery.id}
          delivery={delivery}
          mails={mails}
          isNewest={newest.get(delivery.email) === delivery.id}
          onCopyLink={onCopyLink}
        />
      ))}
    </ul>
  );
}

function DeliveryRow(props: Omit<List, 'deliveries' | 'isOld'> & { delivery: Delivery; isNewest: boolean }) {
  const { delivery, mails, isNewest, onCopyLink } = props;
  const { outbox: words } = useWords();
  const { email, state, reason } = delivery;
  const resend = useChange((latchkey) => latchkey.resendOrCancelInvitation({ action: 'resend', email }), {
    called: () => words.sendingAgain(email),
  });
  const sentAgain = resend.isPending || resend.isSuccess;
  const open = isNewest && !resend.isSuccess && !isOver(reason);
  const mayResend = open && state === 'failed' && mails !== false;
  const mayCopy = open && !sentAgain && (state === 'failed' || (state === 'queued' && mails === false));
  return (
    <li className={classes.delivery}>
      <div className={classes.about}>
        <Recipient email={email} />
        <Group gap={8}>
          <State delivery={delivery} />
          <Text size="sm" c="dimmed" span>
            <Fate delivery={delivery} mails={mails} />
          </Text>
        </Group>
        <Reason delivery={delivery} />
        {(sentAgain || (!isNewest && state === 'failed')) && (
          <Text size="sm" c="dimmed">
            {words.newer}
          </Text>
        )}
        <ErrorNotice error={resend.error} reasons={words.reasons} />
      </div>
      {(mayResend || mayCopy) && (
        <Group gap="xs" className={classes.actions}>
          {mayResend && (
            <RestingButton
              variant="default"
              leftSection={<SendIcon size={18} />}
              resting={resend.isPending}
              aria-label={words.sendAgainTo(email)}
              onClick={() => resend.mutate(undefined, { onSuccess: () => tellDone(words.sentAgain(email)) })}
            >
              {words.sendAgain}
            </RestingButton>
          )}
          {mayCopy && (
            <Button
              variant="default"
              leftSection={<LinkIcon size={18} />}
              aria-label={words.copyLinkOf(email)}
              onClick={() => onCopyLink(email)}
            >
              {words.copyLink}
            </Button>
          )}
        </Group>
      )}
    </li>
  );
}

function Recipient({ email }: { email: string }) {
  const { id } = useOrganization();
  return (
    <Anchor
      fw={600}
      c="inherit"
      className={classes.recipient}
      renderRoot={(props) => (
        <Link to="/o/$organizationId/people/$email" params={{ organizationId: id, email }} preload={false} {...props} />
      )}
    >
      {email}
    </Anchor>
  );
}

const tones = { queued: 'waiting', sent: 'good', failed: 'bad' } as const;

function State({ delivery: { state } }: { delivery: Delivery }) {
  const { outbox: words } = useWords();
  return <StatusBadge tone={tones[state]}>{words.oneState[state]}</StatusBadge>;
}

/** When it was written and went out, or when it is tried next. */
function Fate({ delivery, mails }: { delivery: Delivery; mails: boolean | undefined }) {
  const { outbox: words } = useWords();
  const formats = useFormats();
  const { state, attempts, created_at: createdAt, sent_at: sentAt, next_attempt_at: nextAt } = delivery;
  const written = (
    <>
      {words.written} <When date={createdAt} />
    </>
  );
  if (state === 'sent' && sentAt !== null)
    return (
      <>
        <When date={sentAt} />
        {attempts > 1 && ` · ${words.attempts(attempts)}`}
      </>
    );
  if (state === 'failed')
    return (
      <>
        {written}
        {attempts > 1 && ` · ${words.attempts(attempts)}`}
      </>
    );
  if (mails === false) return written;
  return (
    <>
      {written}
      {attempts > 0 && ` · ${words.attemptsSoFar(attempts)}`}
      {attempts > 0 && nextAt !== null && Date.parse(nextAt) > Date.now() && (
        <>
          {' · '}
          <time dateTime={nextAt} title={formats.moment(nextAt)}>
            {words.nextAttempt(formats.relative(nextAt))}
          </time>
        </>
      )}
    </>
  );
}

/** Why, in words, and in those of the mail server where they say more. */
function Reason({ delivery: { state, reason } }: { delivery: Delivery }) {
  const { outbox: words } = useWords();
  if (reason === null || state === 'sent') return null;
  const { text, original } = failureInWords(words.failures, reason);
  return (
    <div className={classes.reason}>
      <Text size="sm">{text}</Text>
      {original !== undefined && (
        <Text size="xs" c="dimmed" ff="monospace">
          {original}
        </Text>
      )}
    </div>
  );
}

import type { ListDeliveriesReply, Member } from '@latchkey/client';
import { Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { keyIn, useChange, usePersonalRead, useRead } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { CopyLinkButton } from '../../components/copy-link-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { MailForwardIcon, TrashIcon } from '../../components/icons.tsx';
import { RestingButton } from '../../components/resting-button.tsx';
import { Section } from '../../components/section.tsx';
import { failureInWords } from '../../deliveries/failure-in-words.ts';
import { type Expectation, expectation } from '../../expected.ts';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';

/** The invitation of somebody who has not joined: how long it is good for, what became of the mail, and what can be done. */
export function InvitationSection({ member, readOnly }: { member: Member; readOnly: boolean }) {
  const { email, status, invitation } = member;
  const { member: words } = useWords();
  const formats = useFormats();
  const { id: organizationId } = useOrganization();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'resend' | 'cancel'>();
  const resend = useChange((latchkey) => latchkey.resendOrCancelInvitation({ action: 'resend', email }), {
    atOnce: () => expectationsOfResending(organizationId, email),
    called: () => words.resending(email),
  });
  const cancel = useChange((latchkey) => latchkey.resendOrCancelInvitation({ action: 'cancel', email }), {
    called: () => words.cancelling(email),
  });
  const isLeaving = cancel.isPending || cancel.isSuccess;
  const underWay = resend.isPending || isLeaving;
  const ask = (what: 'resend' | 'cancel') => {
    resend.reset();
    cancel.reset();
    setAsked(what);
  };
  const close = () => setAsked(undefined);
  const meaning = {
    active: '',
    pending: words.pendingMeaning,
    expired: words.expiredMeaning,
    declined: words.declinedMeaning,
  }[status];
  return (
    <Section title={words.invitation}>
      <Text>
        {meaning}
        {status === 'pending' &&
          invitation &&
          ` ${words.pendingUntil(formats.moment(invitation.expires_at), formats.relative(invitation.expires_at))}`}
      </Text>
      {status === 'pending' && <Fate email={email} />}
      {!readOnly && (
        <Group mt="md" gap="sm">
          <RestingButton
            variant="default"
            leftSection={<MailForwardIcon size={18} />}
            resting={underWay}
            onClick={() => ask('resend')}
          >
            {words.resend}
          </RestingButton>
          {status === 'pending' && !underWay && <CopyLinkButton email={email} />}
          <RestingButton
            variant="default"
            leftSection={<TrashIcon size={18} />}
            resting={underWay}
            onClick={() => ask('cancel')}
          >
            {words.cancel}
          </RestingButton>
          <Text size="sm" c="dimmed" role="status">
            {isLeaving && words.beingCancelled}
          </Text>
        </Group>
      )}
      <ErrorNotice error={resend.error ?? cancel.error} reasons={words.reasons} />
      <ConfirmDialog
        opened={asked === 'resend'}
        onClose={close}
        title={words.resendTitle}
        confirmLabel={words.resend}
        onConfirm={() => {
          close();
          resend.mutate(undefined, { onSuccess: () => tellDone(words.resent(email)) });
        }}
      >
        {words.resendMeaning}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'cancel'}
        onClose={close}
        title={words.cancelTitle}
        confirmLabel={words.cancelConfirm}
        grave
        onConfirm={() => {
          close();
          cancel.mutate(undefined, {
            onSuccess: () => {
              tellDone(words.cancelled(email));
              void navigate({ to: '/o/$organizationId/people', params: { organizationId } });
            },
          });
        }}
      >
        {words.cancelMeaning(email)}
      </ConfirmDialog>
    </Section>
  );
}

/** They are invited anew, and a mail is waiting; until when the new link is good only the server knows. */
const expectationsOfResending = (organizationId: string, email: string): Expectation[] => [
  expectation<Member | null>(
    keyIn(organizationId, 'member', email, 'listed'),
    (listed) => listed && { ...listed, status: 'pending', invitation: null },
  ),
  expectation<ListDeliveriesReply>(keyIn(organizationId, 'deliveries', email), ({ deliveries: [newest], ...rest }) => ({
    ...rest,
    deliveries: newest ? [{ ...newest, state: 'queued', reason: null, attempts: 0, sent_at: null }] : [],
  })),
];

/** What became of the newest mail. */
function Fate({ email }: { email: string }) {
  const { member: words, outbox } = useWords();
  const formats = useFormats();
  const { data } = useRead(['deliveries', email], (latchkey, signal) =>
    latchkey.listDeliveries({ email, limit: 1 }, { signal }),
  );
  const signIn = usePersonalRead(['sign-in'], (latchkey, signal) => latchkey.describeSignIn({ signal }));
  const delivery = data?.deliveries[0];
  if (!delivery || !signIn.data) return null;
  if (!signIn.data.mailed_links)
    return (
      <Text size="sm" mt={4} c="dimmed">
        {words.noMail}
      </Text>
    );
  const { state, reason, created_at: created, sent_at: sent, next_attempt_at: next } = delivery;
  const why = reason === null ? null : failureInWords(outbox.failures, reason).text;
  const failed = state === 'failed';
  return (
    <Text size="sm" mt={4} c={failed ? 'var(--mantine-color-error)' : 'dimmed'}>
      {state === 'sent' && words.delivery.sent(formats.relative(sent ?? created))}
      {state === 'queued' && words.delivery.queued}
      {failed && (why === null ? words.delivery.failed : words.delivery.failedBecause(why))}
      {state === 'queued' && why !== null && `. ${why}`}
      {state === 'queued' && next !== null && why !== null && ` ${words.attempts(formats.relative(next))}`}
    </Text>
  );
}

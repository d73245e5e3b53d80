import type { Member } from '@latchkey/client';
import { Button, Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange, usePersonalRead, useRead } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { CopyLinkButton } from '../../components/copy-link-button.tsx';
import { MailForwardIcon, TrashIcon } from '../../components/icons.tsx';
import { Section } from '../../components/section.tsx';
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
  const resend = useChange((latchkey) => latchkey.resendOrCancelInvitation({ action: 'resend', email }));
  const cancel = useChange((latchkey) => latchkey.resendOrCancelInvitation({ action: 'cancel', email }));
  const close = () => {
    setAsked(undefined);
    resend.reset();
    cancel.reset();
  };
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
          <Button variant="default" leftSection={<MailForwardIcon size={18} />} onClick={() => setAsked('resend')}>
            {words.resend}
          </Button>
          {status === 'pending' && <CopyLinkButton email={email} />}
          <Button variant="default" leftSection={<TrashIcon size={18} />} onClick={() => setAsked('cancel')}>
            {words.cancel}
          </Button>
        </Group>
      )}
      <ConfirmDialog
        opened={asked === 'resend'}
        onClose={close}
        title={words.resendTitle}
        confirmLabel={words.resend}
        change={resend}
        reasons={words.reasons}
        onConfirm={() =>
          resend.mutate(undefined, {
            onSuccess: () => {
              close();
              tellDone(words.resent(email));
            },
          })
        }
      >
        {words.resendMeaning}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'cancel'}
        onClose={close}
        title={words.cancelTitle}
        confirmLabel={words.cancelConfirm}
        change={cancel}
        reasons={words.reasons}
        grave
        onConfirm={() =>
          cancel.mutate(undefined, {
            onSuccess: () => {
              tellDone(words.cancelled(email));
              void navigate({ to: '/o/$organizationId/people', params: { organizationId } });
            },
          })
        }
      >
        {words.cancelMeaning(email)}
      </ConfirmDialog>
    </Section>
  );
}

/** What became of the newest mail. */
function Fate({ email }: { email: string }) {
  const words = useWords().member;
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
  const failed = state === 'failed';
  return (
    <Text size="sm" mt={4} c={failed ? 'var(--mantine-color-error)' : 'dimmed'}>
      {state === 'sent' && words.delivery.sent(formats.relative(sent ?? created))}
      {state === 'queued' && words.delivery.queued}
      {failed && (reason === null ? words.delivery.failed : words.delivery.failedBecause(reason))}
      {state === 'queued' && reason !== null && `: ${reason}`}
      {state === 'queued' && next !== null && reason !== null && `. ${words.attempts(formats.relative(next))}`}
    </Text>
  );
}

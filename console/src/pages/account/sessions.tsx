import type { ListSessionsReply } from '@latchkey/client';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { usePersonalChange, usePersonalRead } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { DeviceLaptopIcon } from '../../components/icons.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Section } from '../../components/section.tsx';
import { RowsSkeleton } from '../../components/skeletons.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { deviceOf } from './device-name.ts';
import { Row, Rows } from './rows.tsx';

type Session = ListSessionsReply['sessions'][number];

/** Where the reader is signed in. Any session but this one can be ended; for this one there is signing out. */
export function Sessions() {
  const words = useWords().account;
  const sessions = usePersonalRead(['sessions'], (latchkey, signal) => latchkey.listSessions({ signal }));
  const [ending, setEnding] = useState<Session>();
  const end = usePersonalChange((latchkey, id: string) => latchkey.endSession({ id }));
  const nameOf = useDeviceName();

  const confirm = () =>
    ending &&
    end.mutate(ending.id, {
      onSuccess: () => {
        setEnding(undefined);
        tellDone(words.sessionEnded);
      },
    });

  return (
    <Section title={words.sessions} hint={words.sessionsHint}>
      <Loaded query={sessions} skeleton={<RowsSkeleton rows={2} />}>
        {(reply) => (
          <Rows>
            {reply.sessions.map((session) => (
              <SessionRow key={session.id} session={session} onEnd={() => setEnding(session)} />
            ))}
          </Rows>
        )}
      </Loaded>
      <ConfirmDialog
        opened={ending !== undefined}
        onClose={() => {
          setEnding(undefined);
          end.reset();
        }}
        title={words.endTitle}
        confirmLabel={words.endConfirm}
        onConfirm={confirm}
        change={end}
        grave
      >
        {ending && words.endMeaning(nameOf(ending))}
      </ConfirmDialog>
    </Section>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const words = useWords().account;
  const formats = useFormats();
  const name = useDeviceName()(session);
  return (
    <Row
      icon={DeviceLaptopIcon}
      name={name}
      badge={session.current && <StatusBadge tone="good">{words.thisSession}</StatusBadge>}
      facts={[
        words.signedIn(formats.moment(session.signed_in_at), words.methods[session.method]),
        `${words.lastUsed(formats.relative(session.last_used_at))}, ${words.from(session.ip)}`,
      ]}
      action={
        !session.current && (
          <Button variant="default" size="sm" aria-label={words.endNamed(name)} onClick={onEnd}>
            {words.end}
          </Button>
        )
      }
    />
  );
}

function useDeviceName(): (session: Session) => string {
  const words = useWords().account;
  return ({ user_agent }) => {
    const device = deviceOf(user_agent);
    return device ? words.device(device.browser, device.system) : words.unknownDevice;
  };
}

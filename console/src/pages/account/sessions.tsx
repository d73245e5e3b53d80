import type { ListSessionsReply } from '@latchkey/client';
import { useState } from 'react';
import { usePersonalChange, usePersonalRead } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { DeviceLaptopIcon } from '../../components/icons.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { RestingButton } from '../../components/resting-button.tsx';
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
  return (
    <Section title={words.sessions} hint={words.sessionsHint}>
      <Loaded query={sessions} skeleton={<RowsSkeleton rows={2} />}>
        {(reply) => (
          <Rows>
            {reply.sessions.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </Rows>
        )}
      </Loaded>
    </Section>
  );
}

/** While it is being ended the row stays and says so: that it has ended is for the server to say. */
function SessionRow({ session }: { session: Session }) {
  const words = useWords().account;
  const formats = useFormats();
  const name = useDeviceName()(session);
  const [asked, setAsked] = useState(false);
  const end = usePersonalChange((latchkey) => latchkey.endSession({ id: session.id }), {
    called: () => words.endingOf(name),
  });
  const isEnding = end.isPending || end.isSuccess;
  const confirm = () => {
    setAsked(false);
    end.mutate(undefined, { onSuccess: () => tellDone(words.sessionEnded) });
  };
  return (
    <Row
      icon={DeviceLaptopIcon}
      name={name}
      leaving={isEnding && words.ending}
      badge={session.current && <StatusBadge tone="good">{words.thisSession}</StatusBadge>}
      facts={[
        words.signedIn(formats.moment(session.signed_in_at), words.methods[session.method]),
        `${words.lastUsed(formats.relative(session.last_used_at))}, ${words.from(session.ip)}`,
      ]}
      problem={end.error}
      action={
        !session.current && (
          <>
            <RestingButton
              variant="default"
              size="sm"
              aria-label={words.endNamed(name)}
              resting={isEnding}
              onClick={() => setAsked(true)}
            >
              {words.end}
            </RestingButton>
            <ConfirmDialog
              opened={asked}
              onClose={() => setAsked(false)}
              title={words.endTitle}
              confirmLabel={words.endConfirm}
              onConfirm={confirm}
              grave
            >
              {words.endMeaning(name)}
            </ConfirmDialog>
          </>
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

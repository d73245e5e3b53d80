import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Section } from '../../components/section.tsx';
import { latchkeyIn, queryClient } from '../../latchkey.ts';
import { useOrganization, useSession } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';

/** Giving up ownership, and leaving: neither can be taken back by oneself. */
export function Departure({ owner }: { owner: boolean }) {
  const words = useWords().ownAccess;
  const { id, name } = useOrganization();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'step-down' | 'leave'>();
  const stepDown = useChange((latchkey) => latchkey.stepDown());
  const { organizations } = useSession();
  // Nothing of the organization may be read again afterwards, as after other changes.
  const leave = useMutation({ mutationFn: async () => await latchkeyIn(id).leaveOrganization() });
  const close = (): void => setAsked(undefined);
  const goElsewhere = async (): Promise<void> => {
    const next = organizations.find((other) => other.id !== id);
    if (next) {
      await navigate({ to: '/o/$organizationId', params: { organizationId: next.id } });
      await queryClient.invalidateQueries({ queryKey: ['session'] });
      queryClient.removeQueries({ queryKey: ['organization', id] });
    } else {
      // Whoever belongs to nothing else is signed out by leaving.
      queryClient.clear();
      await navigate({ to: '/sign-in' });
    }
  };
  return (
    <>
      {owner && (
        <Section title={words.ownership} hint={words.stepDownHint}>
          <Button variant="default" onClick={() => setAsked('step-down')}>
            {words.stepDown}
          </Button>
        </Section>
      )}
      <Section title={words.leave} hint={words.leaveHint}>
        <Button variant="outline" color="red" onClick={() => setAsked('leave')}>
          {words.leaveNamed(name)}
        </Button>
      </Section>
      <ConfirmDialog
        opened={asked === 'step-down'}
        onClose={close}
        title={words.stepDownTitle}
        confirmLabel={words.stepDown}
        change={stepDown}
        reasons={words.reasons}
        grave
        onConfirm={() =>
          stepDown.mutate(undefined, {
            onSuccess: () => {
              close();
              tellDone(words.steppedDown);
            },
          })
        }
      >
        {words.stepDownMeaning(name)}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'leave'}
        onClose={close}
        title={words.leaveTitle(name)}
        confirmLabel={words.leaveConfirm}
        change={leave}
        reasons={words.reasons}
        grave
        onConfirm={() =>
          leave.mutate(undefined, {
            onSuccess: async () => {
              tellDone(words.left(name));
              await goElsewhere();
            },
          })
        }
      >
        {words.leaveMeaning}
      </ConfirmDialog>
    </>
  );
}

import type { ListPasskeysReply } from '@latchkey/client';
import { Button, Text } from '@mantine/core';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useState } from 'react';
import { usePersonalChange, usePersonalRead } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { FingerprintIcon, PlusIcon } from '../../components/icons.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { RestingButton } from '../../components/resting-button.tsx';
import { Section } from '../../components/section.tsx';
import { RowsSkeleton } from '../../components/skeletons.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { AddPasskey } from './add-passkey.tsx';
import { Row, Rows } from './rows.tsx';

type Passkey = ListPasskeysReply['passkeys'][number];

/** The passkeys that sign the reader in. */
export function Passkeys() {
  const words = useWords().account;
  const ways = usePersonalRead(['ways'], (latchkey, signal) => latchkey.describeSignIn({ signal }));
  const passkeys = usePersonalRead(['passkeys'], (latchkey, signal) => latchkey.listPasskeys({ signal }));
  const [adding, setAdding] = useState(false);
  const supported = browserSupportsWebAuthn() && ways.data?.passkeys !== false;

  return (
    <Section title={words.passkeys} hint={words.passkeysHint}>
      <Loaded query={passkeys} skeleton={<RowsSkeleton rows={1} />}>
        {(reply) =>
          reply.passkeys.length === 0 ? (
            <Text c="dimmed">{words.noPasskeys}</Text>
          ) : (
            <Rows>
              {reply.passkeys.map((passkey) => (
                <PasskeyRow key={passkey.id} passkey={passkey} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {supported ? (
        <Button mt="md" leftSection={<PlusIcon size={18} />} onClick={() => setAdding(true)}>
          {words.addPasskey}
        </Button>
      ) : (
        <Text mt="md" size="sm" c="dimmed">
          {words.passkeysUnsupported}
        </Text>
      )}
      <AddPasskey opened={adding} onClose={() => setAdding(false)} />
    </Section>
  );
}

/** While it is being removed the row stays and says so: that it signs nobody in any more is for the server to say. */
function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const words = useWords().account;
  const formats = useFormats();
  const { id, name, created_at, last_used_at, backed_up } = passkey;
  const [asked, setAsked] = useState(false);
  const remove = usePersonalChange((latchkey) => latchkey.removePasskey({ id }), {
    called: () => words.removingOf(name),
  });
  const isLeaving = remove.isPending || remove.isSuccess;
  const confirm = () => {
    setAsked(false);
    remove.mutate(undefined, { onSuccess: () => tellDone(words.passkeyRemoved) });
  };
  return (
    <Row
      icon={FingerprintIcon}
      name={name}
      leaving={isLeaving && words.removing}
      facts={[
        `${words.created(formats.date(created_at))} · ${last_used_at ? words.lastUsed(formats.relative(last_used_at)) : words.neverUsed}`,
        backed_up ? words.syncedPasskey : words.devicePasskey,
      ]}
      problem={remove.error}
      action={
        <>
          <RestingButton
            variant="default"
            size="sm"
            aria-label={words.removeNamed(name)}
            resting={isLeaving}
            onClick={() => setAsked(true)}
          >
            {words.remove}
          </RestingButton>
          <ConfirmDialog
            opened={asked}
            onClose={() => setAsked(false)}
            title={words.removeTitle}
            confirmLabel={words.removeConfirm}
            onConfirm={confirm}
            grave
          >
            {words.removeMeaning(name)}
          </ConfirmDialog>
        </>
      }
    />
  );
}

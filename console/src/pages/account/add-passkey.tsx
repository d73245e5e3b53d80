import { LatchkeyError } from '@latchkey/client';
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type PublicKeyCredentialCreationOptionsJSON, startRegistration, WebAuthnError } from '@simplewebauthn/browser';
import { type FormEvent, useRef, useState } from 'react';
import { usePersonalChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useWords } from '../../words/words.tsx';
import { thisDevice } from './device-name.ts';

/** Names a passkey and has the browser make it. */
export function AddPasskey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { account: words, common } = useWords();
  return (
    <Modal opened={opened} onClose={onClose} title={words.addPasskey} closeButtonProps={{ 'aria-label': common.close }}>
      <AddPasskeyForm onClose={onClose} />
    </Modal>
  );
}

function AddPasskeyForm({ onClose }: { onClose: () => void }) {
  const { account: words, common } = useWords();
  const field = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(thisDevice);
  const [missing, setMissing] = useState(false);
  const add = usePersonalChange(async (latchkey, chosen: string) => {
    const { options } = await latchkey.beginPasskey();
    const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
    const response = await startRegistration({ optionsJSON });
    return await latchkey.addPasskey({ name: chosen, response: { ...response } });
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = name.trim();
    setMissing(chosen === '');
    if (chosen === '') return field.current?.focus();
    add.mutate(chosen, {
      onSuccess: () => {
        onClose();
        tellDone(words.passkeyAdded);
      },
    });
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          ref={field}
          data-autofocus
          label={words.passkeyName}
          description={words.passkeyNameHint}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={missing && words.passkeyNameMissing}
        />
        <Refusal error={add.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {words.addPasskey}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Why there is no passkey: the server said no, the device has one, or whoever sits there did not go along. */
function Refusal({ error }: { error: Error | null }) {
  const words = useWords().account;
  if (!error) return null;
  if (error instanceof LatchkeyError) return <ErrorNotice error={error} reasons={words.reasons} />;
  const exists = error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
  return (
    <Alert color="yellow" variant="light" role="alert">
      {exists ? words.passkeyExists : words.passkeyCancelled}
    </Alert>
  );
}

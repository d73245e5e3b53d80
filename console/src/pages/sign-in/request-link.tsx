import { Button, Code, Divider, Stack, Text, TextInput } from '@mantine/core';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { FingerprintIcon, MailIcon } from '../../components/icons.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { personal } from '../../latchkey.ts';
import { useLanguage, useWords } from '../../words/words.tsx';
import { usePasskeySignIn } from './passkey-sign-in.ts';
import classes from './request-link.module.css';

/** How to sign in: ask for a link, or show a passkey. */
export function RequestLink({ onSignedIn }: { onSignedIn: () => void }) {
  const words = useWords().signIn;
  const [requestedFor, setRequestedFor] = useState<string>();
  const ways = useQuery({
    queryKey: ['sign-in'],
    queryFn: async ({ signal }) => await personal.describeSignIn({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (requestedFor !== undefined) return <Requested email={requestedFor} onAgain={() => setRequestedFor(undefined)} />;
  return (
    <>
      <PageHeader title={words.title} />
      <Loaded query={ways}>
        {({ mailed_links, passkeys }) => (
          <Stack gap="lg">
            {mailed_links ? <EmailForm passkeys={passkeys} onRequested={setRequestedFor} /> : <NoMail />}
            {passkeys && browserSupportsWebAuthn() && (
              <>
                <Divider label={words.or} />
                <PasskeyButton offerInField={mailed_links} onSignedIn={onSignedIn} />
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </>
  );
}

function EmailForm({ passkeys, onRequested }: { passkeys: boolean; onRequested: (email: string) => void }) {
  const words = useWords().signIn;
  const { language } = useLanguage();
  const field = useRef<HTMLInputElement>(null);
  const [email, setEmail] = useState('');
  const [missing, setMissing] = useState(false);
  const request = useMutation({
    mutationFn: async (address: string) => await personal.requestSignIn({ email: address, locale: language }),
    onSuccess: (_, address) => onRequested(address),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = email.trim();
    setMissing(!address.includes('@'));
    if (address.includes('@')) request.mutate(address);
    else field.current?.focus();
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          ref={field}
          type="email"
          size="md"
          label={words.email}
          description={words.emailHint}
          autoComplete={passkeys ? 'username webauthn' : 'username'}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={missing && words.emailMissing}
        />
        <ErrorNotice error={request.error} reasons={words.reasons} />
        <Button type="submit" size="md" leftSection={<MailIcon />} loading={request.isPending}>
          {words.request}
        </Button>
      </Stack>
    </form>
  );
}

/** The same for every address: whether somebody signs in with it is nobody else's business. */
function Requested({ email, onAgain }: { email: string; onAgain: () => void }) {
  const words = useWords().signIn;
  return (
    <>
      <PageHeader title={words.requested} />
      <Text mb="sm">{words.requestedMeaning(email)}</Text>
      <Text c="dimmed" mb="lg">
        {words.requestedHint}
      </Text>
      <Button variant="default" onClick={onAgain}>
        {words.requestAgain}
      </Button>
    </>
  );
}

function NoMail() {
  const words = useWords().signIn;
  return (
    <div>
      <Text fw={600}>{words.noMail}</Text>
      <Text c="dimmed" mb="sm">
        {words.noMailMeaning}
      </Text>
      <Code block className={classes.command}>
        npm run sign-in-link -- {words.exampleAddress}
      </Code>
    </div>
  );
}

function PasskeyButton({ offerInField, onSignedIn }: { offerInField: boolean; onSignedIn: () => void }) {
  const words = useWords().signIn;
  const { signIn, pending, failure } = usePasskeySignIn({ offerInField, onSignedIn });
  return (
    <Stack>
      {failure === 'not_used' ? (
        <Text c="dimmed" size="sm" role="alert">
          {words.passkeyFailed}
        </Text>
      ) : (
        <ErrorNotice error={failure} reasons={words.reasons} />
      )}
      <Button variant="default" size="md" leftSection={<FingerprintIcon />} loading={pending} onClick={signIn}>
        {words.passkey}
      </Button>
    </Stack>
  );
}

import { type GetMeReply, LatchkeyError } from '@latchkey/client';
import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useChange } from '../../api.ts';
import { announce } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { ArrowLeftIcon } from '../../components/icons.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { SignInAgain, useSignedInAnHourAgo } from '../../components/sign-in-again.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { useMe } from '../../held.ts';
import { type Catalogue, useCatalogue } from '../../permissions/catalogue.ts';
import { type Grants, isNothing, noGrants, privilegesOf } from '../../permissions/grants.ts';
import { limitsOf } from '../../permissions/limits.ts';
import { PermissionMatrix } from '../../permissions/permission-matrix.tsx';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { addressLines, mistaken } from './address-lines.ts';
import { type Expiry, expiresAt, expiryChoices } from './expiry.ts';
import classes from './keys.module.css';
import type { NewSecret } from './secret-dialog.tsx';

/** What is wrong with what was filled in, field by field; of addresses, line by line. */
interface Mistakes {
  name?: string | undefined;
  grants?: string | undefined;
  expiry?: string | undefined;
  addresses?: string[] | undefined;
}

interface Form {
  me: GetMeReply;
  catalogue: Catalogue;
  onCreated: (secret: NewSecret) => void;
}

/** Makes a key. Once it is made the form is gone, and the secret is the caller's to show. */
export function CreateKey({ onCreated }: Pick<Form, 'onCreated'>) {
  const { keys: words } = useWords();
  const { id, is_owner: isOwner } = useOrganization();
  const me = useMe(id);
  // Said before anything is filled in that would be lost; the server says it otherwise.
  const [isOld] = useState(useSignedInAnHourAgo());
  const catalogue = useCatalogue();
  useHeadingFocus();
  return (
    <>
      <PageHeader title={words.create} lead={isOwner ? words.standsByItself : words.actsWithin} actions={<Back />} />
      {isOld && <SignInAgain />}
      <Loaded query={me} skeleton={<PageSkeleton />}>
        {(me) => (
          <Loaded query={catalogue} skeleton={<PageSkeleton />}>
            {(catalogue) => <KeyForm me={me} catalogue={catalogue} onCreated={onCreated} />}
          </Loaded>
        )}
      </Loaded>
    </>
  );
}

function KeyForm({ me, catalogue, onCreated }: Form) {
  const { keys: words } = useWords();
  const navigate = useNavigate({ from: '/o/$organizationId/keys' });
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState('');
  const [grants, setGrants] = useState<Grants>(noGrants);
  const [expiry, setExpiry] = useState<Expiry>({ choice: '365', day: '' });
  const [addresses, setAddresses] = useState('');
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const lines = addressLines(addresses);
  const ends = expiresAt(expiry);

  const create = useChange(async (latchkey) => {
    const { id, key } = await latchkey.createApiKey({
      name: name.trim(),
      all_features_access: grants.everything,
      ...(!grants.everything && { privileges: privilegesOf(grants.permissions) }),
      expires_at: ends ?? null,
      allowed_ips: lines.map(({ written }) => written),
    });
    await navigate({ search: {}, replace: true });
    // Not returned: what a change returns stays in memory for a while.
    onCreated({ keyId: id, name: name.trim(), key });
  });

  const forget = (field: keyof Mistakes): void => setMistakes({ ...mistakes, [field]: undefined });

  /** @returns whether there was anything to show */
  const show = (found: Mistakes): boolean => {
    setMistakes(found);
    const [first] = Object.keys(found);
    if (first === undefined) return false;
    announce(Object.values(found).flat().join(' '));
    setTimeout(() => form.current?.querySelector<HTMLElement>(`[data-field="${first}"]`)?.focus());
    return true;
  };

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wrong = mistaken(lines).map(({ line, written }) => words.wrongAddress(line, written));
    const found: Mistakes = {
      ...(name.trim() === '' && { name: words.nameMissing }),
      ...(isNothing(grants) && { grants: words.nothingChosen }),
      ...(ends === undefined && { expiry: words.dayMissing }),
      ...(wrong.length > 0 && { addresses: wrong }),
    };
    if (show(found)) return;
    create.mutate(undefined, { onError: (error) => void show(refused(error)) });
  };

  /** The server's refusals, each where it belongs. */
  const refused = (error: unknown): Mistakes => {
    if (!(error instanceof LatchkeyError)) return {};
    const found: Mistakes = {};
    for (const { path, message } of error.details) {
      const index = /^allowed_ips\[(\d+)\]$/.exec(path)?.[1];
      const line = index === undefined ? undefined : lines[Number(index)];
      if (path === 'name') found.name = words.nameRefused;
      if (path === 'expires_at') found.expiry = words.dayMissing;
      if (line) found.addresses = [...(found.addresses ?? []), words.wrongAddress(line.line, line.written)];
      else if (path === 'allowed_ips') found.addresses = [message];
    }
    return found;
  };

  const unplaced = create.error && Object.keys(refused(create.error)).length === 0 ? create.error : null;
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="lg">
        <TextInput
          label={words.name}
          description={words.nameHint}
          data-field="name"
          value={name}
          maxLength={100}
          required
          autoComplete="off"
          maw={480}
          error={mistakes.name}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value);
            forget('name');
          }}
        />
        <Section title={words.whatItMayDo} hint={words.whatItMayDoHint}>
          {mistakes.grants && (
            <Text size="sm" c="var(--mantine-color-error)" mb="sm" data-field="grants" tabIndex={-1}>
              {mistakes.grants}
            </Text>
          )}
          <PermissionMatrix
            catalogue={catalogue}
            grants={grants}
            limits={limitsOf(me, catalogue)}
            onChange={(chosen) => {
              setGrants(chosen);
              forget('grants');
            }}
          />
        </Section>
        <Section title={words.limits}>
          <Stack gap="md">
            <ExpiryField
              expiry={expiry}
              error={mistakes.expiry}
              onChange={(chosen) => {
                setExpiry(chosen);
                forget('expiry');
              }}
            />
            <Textarea
              label={words.addresses}
              description={words.addressesHint}
              placeholder={'203.0.113.7\n2001:db8::/32'}
              data-field="addresses"
              value={addresses}
              autosize
              minRows={2}
              maxRows={8}
              maw={480}
              spellCheck={false}
              error={mistakes.addresses && <Lines lines={mistakes.addresses} />}
              onChange={({ currentTarget }) => {
                setAddresses(currentTarget.value);
                forget('addresses');
              }}
            />
          </Stack>
        </Section>
        <ErrorNotice error={unplaced} reasons={words.reasons} />
        <Group gap="sm">
          <Button type="submit" loading={create.isPending}>
            {words.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The form takes the place of the list at the same address, so that its heading has to take the focus by itself. */
function useHeadingFocus(): void {
  useEffect(() => document.querySelector('h1')?.focus({ preventScroll: true }), []);
}

function Back() {
  const { keys: words } = useWords();
  const { id } = useOrganization();
  return (
    <Button
      variant="default"
      leftSection={<ArrowLeftIcon size={18} />}
      renderRoot={(props) => <Link to="/o/$organizationId/keys" params={{ organizationId: id }} {...props} />}
    >
      {words.back}
    </Button>
  );
}

const Lines = ({ lines }: { lines: readonly string[] }) => (
  <span className={classes.lines}>
    {lines.map((line) => (
      <span key={line}>{line}</span>
    ))}
  </span>
);

function ExpiryField(props: { expiry: Expiry; error: string | undefined; onChange: (expiry: Expiry) => void }) {
  const { expiry, error, onChange } = props;
  const { keys: words } = useWords();
  const formats = useFormats();
  const ends = expiresAt(expiry);
  const byDay = expiry.choice === 'day';
  return (
    <Group gap="md" align="flex-start">
      <NativeSelect
        label={words.expiry}
        description={ends && !byDay ? words.until(formats.date(ends)) : words.expiryHint}
        data={expiryChoices.map((value) => ({ value, label: words.expiries[value] }))}
        value={expiry.choice}
        miw={220}
        {...(!byDay && { 'data-field': 'expiry', error })}
        onChange={({ currentTarget }) => onChange({ ...expiry, choice: currentTarget.value as Expiry['choice'] })}
      />
      {byDay && (
        <TextInput
          type="date"
          label={words.lastDay}
          description={words.lastDayHint}
          data-field="expiry"
          value={expiry.day}
          error={error}
          onChange={({ currentTarget }) => onChange({ ...expiry, day: currentTarget.value })}
        />
      )}
    </Group>
  );
}

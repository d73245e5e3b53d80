import { type GetAccountReply, type GetSessionReply, LatchkeyError } from '@latchkey/client';
import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { keyIn, useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RestingButton } from '../../components/resting-button.tsx';
import { Section } from '../../components/section.tsx';
import { type Expectation, expectation } from '../../expected.ts';
import { useHeld } from '../../held.ts';
import { languages } from '../../language.ts';
import { sessionQuery } from '../../latchkey.ts';
import { useWords } from '../../words/words.tsx';

/**
 * Name, language and the address people go on to. What somebody else saved meanwhile is shown, and only what was changed here
 * is sent. It counts as saved at once; where the server refuses, it is unsaved again.
 */
export function ProfileSection({ account }: { account: GetAccountReply }) {
  const { common, organization: words } = useWords();
  const held = useHeld(account.organization_id);
  const stored = {
    name: account.companyName,
    locale: account.locale,
    redirectUrl: account.redirect_url ?? '',
  };
  const [changes, setChanges] = useState<Partial<typeof stored>>({});
  const [nameMissing, setNameMissing] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  const redirectUrlField = useRef<HTMLInputElement>(null);
  const saveButton = useRef<HTMLButtonElement>(null);
  const update = useChange(
    (latchkey, { name, locale, redirectUrl }: Partial<typeof stored>) =>
      latchkey.updateOrganization({
        name,
        locale,
        ...(redirectUrl !== undefined && { redirect_url: redirectUrl.trim() || null }),
      }),
    { atOnce: (changes) => expectationsOf(account, changes), called: () => words.changing },
  );
  const fields = { ...stored, ...changes };
  const changed = Object.entries(fields).filter(([field, value]) => value !== stored[field as keyof typeof stored]);
  const resting = changed.length === 0 || update.isPending;
  const change = (part: Partial<typeof stored>): void => setChanges({ ...changes, ...part });
  const save = (event: FormEvent): void => {
    event.preventDefault();
    setNameMissing(fields.name.trim() === '');
    if (fields.name.trim() === '') nameField.current?.focus();
    if (fields.name.trim() === '' || resting) return;
    update.mutate(Object.fromEntries(changed), {
      onSuccess: (_reply, sent) => {
        setChanges((now) =>
          Object.fromEntries(Object.entries(now).filter(([field, value]) => !isIn(sent, field, value))),
        );
        tellDone(words.changed);
      },
      onError: (error) => {
        if (isAboutUrl(error) && document.activeElement === saveButton.current) redirectUrlField.current?.focus();
      },
    });
  };
  const barred = held !== undefined && !held.everything;
  return (
    <Section title={words.profile} hint={barred ? words.forbidden : undefined}>
      <form onSubmit={save} noValidate>
        <Stack gap="md">
          <TextInput
            ref={nameField}
            label={words.name}
            description={words.nameHint}
            value={fields.name}
            maxLength={200}
            required
            disabled={barred}
            error={nameMissing && words.nameMissing}
            onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          />
          <NativeSelect
            label={words.language}
            description={words.languageHint}
            value={fields.locale}
            disabled={barred}
            data={languageChoices(stored.locale, words.otherLanguage)}
            onChange={({ currentTarget }) => change({ locale: currentTarget.value })}
          />
          <TextInput
            ref={redirectUrlField}
            type="url"
            label={words.redirectUrl}
            description={words.redirectUrlHint}
            placeholder="https://"
            value={fields.redirectUrl}
            error={isAboutUrl(update.error)}
            disabled={barred}
            onChange={({ currentTarget }) => change({ redirectUrl: currentTarget.value })}
          />
          <ErrorNotice error={update.error} reasons={{ ...words.reasons, invalid_format: words.reasons.unsafe_url }} />
          {!barred && (
            <Group>
              <RestingButton ref={saveButton} type="submit" resting={resting}>
                {common.save}
              </RestingButton>
              {changed.length > 0 && (
                <>
                  <Button variant="default" onClick={() => setChanges({})}>
                    {words.discard}
                  </Button>
                  <Text size="sm" c="dimmed">
                    {words.unsaved}
                  </Text>
                </>
              )}
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}

const isIn = (changes: object, field: string, value: string): boolean => Reflect.get(changes, field) === value;

const isAboutUrl = (error: unknown): boolean =>
  error instanceof LatchkeyError && error.details[0]?.path === 'redirect_url';

/** Its name also stands in the switcher and in the document's title, which know it from the session. */
function expectationsOf(
  { organization_id: id }: GetAccountReply,
  { name, locale, redirectUrl }: { name?: string; locale?: string; redirectUrl?: string },
): Expectation[] {
  return [
    expectation<GetAccountReply>(keyIn(id, 'account'), (account) => ({
      ...account,
      ...(name !== undefined && { companyName: name }),
      ...(locale !== undefined && { locale }),
      ...(redirectUrl !== undefined && { redirect_url: redirectUrl.trim() || null }),
    })),
    expectation<GetSessionReply>(sessionQuery.queryKey, (session) => ({
      ...session,
      organizations: session.organizations.map((one) => (one.id === id && name !== undefined ? { ...one, name } : one)),
    })),
  ];
}

/** The languages that mails are written in, and the one that is set where it is another. */
function languageChoices(locale: string, other: (tag: string) => string): { value: string; label: string }[] {
  const choices = Object.entries(languages).map(([value, label]) => ({ value, label }));
  return Object.hasOwn(languages, locale) ? choices : [...choices, { value: locale, label: other(locale) }];
}

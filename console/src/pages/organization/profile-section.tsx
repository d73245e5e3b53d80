import type { GetAccountReply } from '@latchkey/client';
import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Section } from '../../components/section.tsx';
import { useHeld } from '../../held.ts';
import { languages } from '../../language.ts';
import { queryClient } from '../../latchkey.ts';
import { useWords } from '../../words/words.tsx';

/** Name, language and the address people go on to. What somebody else saved meanwhile is shown, and only what was changed here is sent. */
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
  const update = useChange((latchkey, { name, locale, redirectUrl }: Partial<typeof stored>) =>
    latchkey.updateOrganization({
      name,
      locale,
      ...(redirectUrl !== undefined && { redirect_url: redirectUrl.trim() || null }),
    }),
  );
  const fields = { ...stored, ...changes };
  const changed = Object.entries(fields).filter(([field, value]) => value !== stored[field as keyof typeof stored]);
  const change = (part: Partial<typeof stored>): void => setChanges({ ...changes, ...part });
  const save = (event: FormEvent): void => {
    event.preventDefault();
    setNameMissing(fields.name.trim() === '');
    if (fields.name.trim() === '' || changed.length === 0) return;
    update.mutate(Object.fromEntries(changed), {
      onSuccess: () => {
        setChanges({});
        tellDone(words.changed);
        // Its name also stands in the switcher and in the document's title, which know it from the session.
        void queryClient.invalidateQueries({ queryKey: ['session'] });
      },
    });
  };
  const barred = held !== undefined && !held.everything;
  return (
    <Section title={words.profile} hint={barred ? words.forbidden : undefined}>
      <form onSubmit={save} noValidate>
        <Stack gap="md">
          <TextInput
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
            type="url"
            label={words.redirectUrl}
            description={words.redirectUrlHint}
            placeholder="https://"
            value={fields.redirectUrl}
            disabled={barred}
            onChange={({ currentTarget }) => change({ redirectUrl: currentTarget.value })}
          />
          <ErrorNotice error={update.error} reasons={{ ...words.reasons, invalid_format: words.reasons.unsafe_url }} />
          {!barred && (
            <Group>
              <Button type="submit" disabled={changed.length === 0} loading={update.isPending}>
                {common.save}
              </Button>
              {changed.length > 0 && (
                <>
                  <Button variant="default" onClick={() => setChanges({})} disabled={update.isPending}>
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

/** The languages that mails are written in, and the one that is set where it is another. */
function languageChoices(locale: string, other: (tag: string) => string): { value: string; label: string }[] {
  const choices = Object.entries(languages).map(([value, label]) => ({ value, label }));
  return Object.hasOwn(languages, locale) ? choices : [...choices, { value: locale, label: other(locale) }];
}

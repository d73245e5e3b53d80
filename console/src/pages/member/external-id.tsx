import type { Member } from '@latchkey/client';
import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Section } from '../../components/section.tsx';
import { useWords } from '../../words/words.tsx';

/** How the product that this belongs to calls the person. */
export function ExternalId({ member, readOnly }: { member: Member; readOnly: boolean }) {
  const { email, external_id: before } = member;
  const { member: words, common } = useWords();
  const [written, setWritten] = useState(before ?? '');
  const change = useChange((latchkey, to: string | null) => latchkey.updateMember({ email, external_id: to }));
  return (
    <Section title={words.externalId} hint={words.externalIdHint}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          change.mutate(written.trim() || null, { onSuccess: () => tellDone(words.externalIdSaved) });
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            label={words.externalIdLabel}
            value={written}
            maxLength={200}
            disabled={readOnly}
            spellCheck={false}
            autoComplete="off"
            onChange={({ currentTarget }) => setWritten(currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            disabled={readOnly || written.trim() === (before ?? '')}
            loading={change.isPending}
          >
            {common.save}
          </Button>
        </Group>
        <ErrorNotice error={change.error} reasons={words.reasons} />
      </form>
    </Section>
  );
}

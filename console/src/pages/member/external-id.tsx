import type { Member } from '@latchkey/client';
import { Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { keyIn, useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RestingButton } from '../../components/resting-button.tsx';
import { Section } from '../../components/section.tsx';
import { expectation } from '../../expected.ts';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';

/** How the product that this belongs to calls the person. It counts as saved at once; where the server refuses, it is unsaved again. */
export function ExternalId({ member, readOnly }: { member: Member; readOnly: boolean }) {
  const { email, external_id: stored } = member;
  const { member: words, common } = useWords();
  const { id } = useOrganization();
  /** Undefined while nothing was written that differs from what is stored. */
  const [written, setWritten] = useState<string>();
  const change = useChange((latchkey, to: string | null) => latchkey.updateMember({ email, external_id: to }), {
    atOnce: (to) => [
      expectation<Member | null>(
        keyIn(id, 'member', email, 'listed'),
        (listed) => listed && { ...listed, external_id: to },
      ),
    ],
    called: () => words.externalIdChanging(email),
  });
  const shown = written ?? stored ?? '';
  const resting = readOnly || change.isPending || shown.trim() === (stored ?? '');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (resting) return;
    change.mutate(shown.trim() || null, {
      onSuccess: () => {
        setWritten((now) => (now === shown ? undefined : now));
        tellDone(words.externalIdSaved);
      },
    });
  };
  return (
    <Section title={words.externalId} hint={words.externalIdHint}>
      <form onSubmit={save}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={words.externalIdLabel}
            value={shown}
            maxLength={200}
            disabled={readOnly}
            spellCheck={false}
            autoComplete="off"
            onChange={({ currentTarget }) => setWritten(currentTarget.value)}
          />
          <RestingButton type="submit" variant="default" resting={resting}>
            {common.save}
          </RestingButton>
        </Group>
        <ErrorNotice error={change.error} reasons={words.reasons} />
      </form>
    </Section>
  );
}

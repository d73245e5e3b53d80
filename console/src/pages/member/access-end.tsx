import type { Member } from '@latchkey/client';
import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useChange } from '../../api.ts';
import { tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Section } from '../../components/section.tsx';
import { useWords } from '../../words/words.tsx';

interface Ending {
  member: Member;
  readOnly: boolean;
}

/** From when on somebody has no access any more. */
export function AccessEnd({ member, readOnly }: Ending) {
  const { member: words } = useWords();
  return (
    <Section title={words.ends} hint={words.endsHint}>
      <EndForm key={`${member.access_expires_at}`} member={member} readOnly={readOnly} />
    </Section>
  );
}

function EndForm({ member, readOnly }: Ending) {
  const { email, access_expires_at: ends } = member;
  const { member: words, common } = useWords();
  const before = ends === null ? '' : localMoment(new Date(ends));
  const [written, setWritten] = useState(before);
  const [invalid, setInvalid] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const change = useChange((latchkey, to: string | null) => latchkey.updateMember({ email, access_expires_at: to }));

  const save = (to: string) => {
    const moment = new Date(to);
    const wrong = to !== '' && !(moment.getTime() > Date.now());
    setInvalid(wrong);
    if (wrong) return field.current?.focus();
    change.mutate(to === '' ? null : moment.toISOString(), { onSuccess: () => tellDone(words.endsSaved) });
  };

  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save(written);
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          ref={field}
          type="datetime-local"
          label={words.endsAt}
          value={written}
          min={localMoment(new Date())}
          disabled={readOnly}
          error={invalid && words.endsInvalid}
          onChange={({ currentTarget }) => setWritten(currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={readOnly || written === before} loading={change.isPending}>
          {common.save}
        </Button>
        {ends !== null && (
          <Button variant="subtle" disabled={readOnly || change.isPending} onClick={() => save('')}>
            {words.noEnd}
          </Button>
        )}
      </Group>
      <ErrorNotice error={change.error} reasons={words.reasons} />
    </form>
  );
}

/** As fields for dates want it: `2026-11-22T09:41`, in the reader's time zone. */
function localMoment(moment: Date): string {
  const minutes = moment.getTimezoneOffset();
  return new Date(moment.getTime() - minutes * 60_000).toISOString().slice(0, 16);
}
